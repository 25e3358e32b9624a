import assert from "node:assert/strict";
import { test } from "node:test";
import { cssColour, packColour, packPalette } from "../../../app/web/map/colour.js";
import { makeStamp, paintPoints, radiusOf, StampBook } from "../../../app/web/map/sprites.js";
import { randomNumbers } from "../support.js";

const raster = (width, height) => ({ pixels: new Uint32Array(width * height), width, height });
const all = (count) => Uint32Array.from({ length: count }, (_, i) => i);
const bytes = (pixel) => [0, 8, 16, 24].map((shift) => (pixel >>> shift) & 255);

test("a colour survives packing, and stands as R, G, B, A in memory", () => {
  assert.equal(cssColour(packColour("#3f90da")), "#3f90da");
  assert.deepEqual([...new Uint8Array(Uint32Array.of(packColour("#010203")).buffer)], [1, 2, 3, 255]);
  assert.deepEqual([...packPalette([0, 1, 2], ["#000001", "#000002"])].map(cssColour), ["#000001", "#000002", "#000001"]);
});

test("a stamp covers the area of its disc, about the right place, at every phase", () => {
  for (const radius of [1, 1.6, 3.2, 5]) {
    const { starts, dx, dy, alpha } = makeStamp(radius, 0.8, 100);
    for (let phase = 0; phase < 16; phase++) {
      let [sum, x, y] = [0, 0, 0];
      for (let k = starts[phase]; k < starts[phase + 1]; k++) {
        sum += alpha[k];
        x += alpha[k] * (dx[k] + 0.5);
        y += alpha[k] * (dy[k] + 0.5);
      }
      assert.ok(Math.abs(sum / 255 / 0.8 / (Math.PI * radius ** 2) - 1) < 0.06 / radius, `area at radius ${radius}, phase ${phase}`);
      assert.ok(Math.abs(x / sum - (phase % 4) / 4) < 0.03 && Math.abs(y / sum - Math.floor(phase / 4) / 4) < 0.03);
    }
  }
});

test("one opaque disc leaves its colour where it stands and nothing elsewhere", () => {
  const image = raster(20, 10);
  paintPoints(image, Float32Array.of(8, 5), 1, Uint32Array.of(packColour("#c81e64")), [makeStamp(2, 1, 20)], null, all(1));
  assert.equal(image.pixels[5 * 20 + 8], packColour("#c81e64"));
  assert.equal(image.pixels[4 * 20 + 7], packColour("#c81e64"));
  assert.equal(image.pixels[5 * 20 + 11], 0);
  assert.equal(image.pixels[1 * 20 + 8], 0);
});

test("overlapping discs make what compositing in real numbers makes", () => {
  const random = randomNumbers(4);
  const [width, height, count] = [24, 24, 60];
  const positions = Float32Array.from({ length: 2 * count }, () => 4 + 16 * random());
  const colours = Uint32Array.from({ length: count }, () => 0xff000000 + Math.floor(random() * 2 ** 24));
  const kinds = Uint8Array.from({ length: count }, () => Math.floor(3 * random()));
  const stamps = [makeStamp(2.3, 0.85, width), makeStamp(1.4, 0.13, width), makeStamp(3, 0.5, width)];
  const image = raster(width, height);
  paintPoints(image, positions, 1, colours, stamps, kinds, all(count));
  const exact = Array.from({ length: width * height }, () => [0, 0, 0, 0]); // premultiplied, in [0, 1]
  for (let i = 0; i < count; i++) {
    const [x, y] = [Math.round(4 * positions[2 * i]), Math.round(4 * positions[2 * i + 1])];
    const { starts, dx, dy, alpha } = stamps[kinds[i]];
    const phase = (y & 3) * 4 + (x & 3);
    for (let k = starts[phase]; k < starts[phase + 1]; k++) {
      const pixel = exact[((y >> 2) + dy[k]) * width + (x >> 2) + dx[k]];
      const a = alpha[k] / 255;
      for (let c = 0; c < 3; c++) pixel[c] = (a * bytes(colours[i])[c]) / 255 + (1 - a) * pixel[c];
      pixel[3] = a + (1 - a) * pixel[3];
    }
  }
  image.pixels.forEach((pixel, at) => {
    const [r, g, b, a] = bytes(pixel);
    [r, g, b].forEach((value, c) => {
      // Every layer rounds to a byte, downwards.
      assert.ok(Math.abs((value * a) / 255 - 255 * exact[at][c]) < 7, `channel ${c} of pixel ${at}: ${(value * a) / 255} and ${255 * exact[at][c]}`);
    });
    assert.ok(Math.abs(a - 255 * exact[at][3]) < 3);
  });
});

test("what an edge cuts off is what a larger picture has there, and nothing appears on the other side", () => {
  const random = randomNumbers(5);
  const count = 400;
  const inner = Float32Array.from({ length: 2 * count }, () => 40 * random() - 10);
  const outer = inner.map((value) => value + 16);
  const colours = Uint32Array.from({ length: count }, () => 0xff000000 + Math.floor(random() * 2 ** 24));
  const [small, large] = [raster(20, 20), raster(60, 60)];
  paintPoints(small, inner, 1, colours, [makeStamp(3.2, 0.85, 20)], null, all(count));
  paintPoints(large, outer, 1, colours, [makeStamp(3.2, 0.85, 60)], null, all(count));
  for (let y = 0; y < 20; y++) for (let x = 0; x < 20; x++) assert.equal(small.pixels[y * 20 + x], large.pixels[(y + 16) * 60 + x + 16]);
});

test("points far away, at infinity and at NaN leave nothing", () => {
  const image = raster(16, 16);
  const positions = Float32Array.of(1e9, 8, 8, -1e9, NaN, 8, 8, Infinity, 2 ** 30, 2 ** 30, -4, 8, 8, 21, 2 ** 32 / 4 + 8, 8);
  paintPoints(image, positions, 1, new Uint32Array(8).fill(0xff0000ff), [makeStamp(3, 1, 16)], null, all(8));
  assert.ok(image.pixels.every((pixel) => pixel === 0));
});

test("a scale of two puts a point at twice its position", () => {
  const [one, two] = [raster(40, 40), raster(40, 40)];
  const stamp = [makeStamp(2, 1, 40)];
  paintPoints(one, Float32Array.of(20.5, 11), 1, Uint32Array.of(0xff112233), stamp, null, all(1));
  paintPoints(two, Float32Array.of(10.25, 5.5), 2, Uint32Array.of(0xff112233), stamp, null, all(1));
  assert.deepEqual(one.pixels, two.pixels);
});

test("later points lie above earlier ones", () => {
  const image = raster(16, 16);
  const colours = Uint32Array.of(packColour("#ff0000"), packColour("#00ff00"));
  paintPoints(image, Float32Array.of(8, 8, 8, 8), 1, colours, [makeStamp(3, 1, 16)], null, Uint32Array.of(1, 0));
  assert.equal(image.pixels[8 * 16 + 8], packColour("#ff0000"));
});

test("points are 3.2 pixels for few, 1.6 for 70,000, and grow as one zooms in", () => {
  assert.equal(radiusOf(100, 1), 3.2);
  assert.equal(radiusOf(2000, 1), 3.2);
  assert.ok(Math.abs(radiusOf(70000, 1) - 1.6) < 1e-9);
  assert.ok(radiusOf(10000, 1) < 3.2 && radiusOf(10000, 1) > 1.6);
  assert.ok(radiusOf(70000, 20) > radiusOf(70000, 1));
  assert.ok(radiusOf(70000, 1e9) <= 5 && radiusOf(1e9, 1e-9) >= 1);
});

test("a stamp is made once, and again for an image of another width", () => {
  const book = new StampBook();
  const stamp = book.get(2, 0.85, 100);
  assert.equal(book.get(2.01, 0.85, 100), stamp);
  assert.notEqual(book.get(2, 0.13, 100), stamp);
  assert.notEqual(book.get(2, 0.85, 101).offsets[0], stamp.offsets[0]);
});
