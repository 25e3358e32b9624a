import assert from "node:assert/strict";
import { test } from "node:test";
import { rampColour } from "../../../app/web/base/palette.js";
import { fillPixels, frameLook, paint, toBytes } from "../../../app/web/base/picture.js";

test("values become bytes over their range, clamped and rounded", () => {
  const values = new Float32Array([-1, 0, 0.25, 0.5, 1, 2, NaN]);
  assert.deepEqual(Array.from(toBytes(values, [0, 1])), [0, 0, 64, 128, 255, 255, 0]);
  assert.deepEqual(Array.from(toBytes(new Float32Array([-2, 0, 2]), [-2, 2])), [0, 128, 255]);
});

test("bytes as they travel come back from their values", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  for (const [low, high] of [[0, 1], [-1.5, 2.5]]) {
    const values = Float32Array.from(bytes, (b) => low + (b / 255) * (high - low));
    assert.deepEqual(Array.from(toBytes(values, [low, high])), Array.from(bytes));
  }
});

/** A canvas that keeps what is painted. */
function fakeCanvas() {
  const calls = [];
  const canvas = {
    width: 0, height: 0, calls,
    getContext: () => ({
      createImageData: (width, height) => ({ width, height, data: new Uint8ClampedArray(4 * width * height) }),
      putImageData: (image) => calls.push(image),
      fillRect: (...box) => calls.push(box),
    }),
  };
  return canvas;
}

test("a grey image, pixel by pixel", () => {
  const canvas = fakeCanvas();
  paint(canvas, [0, 10, 20, 30, 40, 255], { shape: [1, 2, 3], range: [0, 1] });
  assert.deepEqual([canvas.width, canvas.height], [3, 2]);
  const { data } = canvas.calls[0];
  assert.deepEqual(Array.from(data.slice(4, 8)), [10, 10, 10, 255]);
  assert.deepEqual(Array.from(data.slice(20, 24)), [255, 255, 255, 255]);
});

test("a colour image, whose channels come one after the other", () => {
  const canvas = fakeCanvas();
  paint(canvas, [1, 2, 3, 4, 5, 6], { shape: [3, 1, 2], range: [0, 1] });
  assert.deepEqual(Array.from(canvas.calls[0].data), [1, 3, 5, 255, 2, 4, 6, 255]);
});

test("planes of any values as pixels: three are colours, of others the first is grey", () => {
  const rgba = new Uint8ClampedArray(8);
  fillPixels(rgba, [0, 1, 0.5, 0.25, 1, 0], 3, 1);
  assert.deepEqual(Array.from(rgba), [0, 128, 255, 255, 255, 64, 0, 255]);
  fillPixels(rgba, [10, 20, 30, 40], 2);
  assert.deepEqual(Array.from(rgba), [10, 10, 10, 255, 20, 20, 20, 255]);
});

test("pictures in frames may be smaller than examples; as version 0.1.0 wrote them they are not", () => {
  const meta = { shape: [3, 64, 64], range: [0, 1], title: "more" };
  assert.deepEqual(frameLook({ ...meta, small: [3, 32, 32] }), { shape: [3, 32, 32], range: [0, 1] });
  assert.deepEqual(frameLook(meta), { shape: [3, 64, 64], range: [0, 1] });
});

test("a vector as bars from zero, up and down, within the canvas", () => {
  const canvas = fakeCanvas();
  paint(canvas, [0, 128, 255], { shape: [3], range: [-1, 1] });
  const [background, ...bars] = canvas.calls;
  assert.deepEqual(background, [0, 0, canvas.width, canvas.height]);
  assert.equal(bars.length, 3);
  const [down, none, up] = bars;
  assert.ok(down[1] >= canvas.height / 2 - 1 && up[1] === 0);
  assert.ok(none[3] <= 1);
  for (const [x, y, width, height] of bars) assert.ok(x >= 0 && y >= 0 && x + width <= canvas.width && y + height <= canvas.height);
});

test("a ramp is made of colours, beyond its ends too", () => {
  for (const share of [-1, 0, 0.3, 1, 2]) assert.match(rampColour(share), /^rgb\(\d+,\d+,\d+\)$/);
  assert.equal(rampColour(-1), rampColour(0));
});
