import assert from "node:assert/strict";
import { test } from "node:test";
import { errorShades, signedShades } from "../../../app/web/latent/example/shades.js";
import { FINE, Sheet } from "../../../app/web/latent/example/sheet.js";
import { sharesOf } from "../../../app/web/latent/example/upload.js";

test("ink covers what was there, channel by channel, and what is rubbed out is black", () => {
  const sheet = new Sheet([3, 4, 4]);
  sheet.stroke([2, 2], [2, 2], 9, false, [1, 0.5, 0]);
  assert.deepEqual(Array.from(sheet.example()), [...Array(16).fill(1), ...Array(16).fill(0.5), ...Array(16).fill(0)]);
  sheet.stroke([2, 2], [2, 2], 9, false, [0, 0.5, 1]);
  assert.deepEqual(Array.from(sheet.example()), [...Array(16).fill(0), ...Array(16).fill(0.5), ...Array(16).fill(1)]);
  sheet.stroke([2, 2], [2, 2], 9, true, [1, 1, 1]);
  assert.ok(sheet.isBlank());
});

test("an example in colour put on a sheet comes back, and is painted as it is", () => {
  const sheet = new Sheet([3, 2, 1]);
  const shares = [0, 1, 0.25, 0.5, 1, 0];
  sheet.show(shares);
  assert.deepEqual(Array.from(sheet.example()), shares);
  const rgba = new Uint8ClampedArray(4 * sheet.width * sheet.height);
  sheet.paintInto(rgba);
  assert.deepEqual(Array.from(rgba.slice(0, 4)), [0, 64, 255, 255]);
  assert.deepEqual(Array.from(rgba.slice(-4)), [255, 128, 0, 255]);
  assert.equal(rgba.length, 4 * 2 * FINE * FINE);
});

test("an uploaded picture is in three planes for colour and one for grey", () => {
  const rgba = Uint8ClampedArray.from([255, 0, 51, 255, 0, 255, 0, 0]);
  assert.deepEqual(Array.from(sharesOf(rgba, 3, false)), Array.from(Float32Array.of(1, 0, 0, 0, 0.2, 0)));
  assert.equal(sharesOf(rgba, 1, false).length, 2);
});

test("errors of a pixel are those of its channels together; directions keep their colours", () => {
  const { bytes, look } = errorShades([1, 0, 1, 0, 2, 1], [3, 1, 2]);
  assert.deepEqual([Array.from(bytes), look.shape], [[255, 64], [1, 1, 2]]);
  assert.deepEqual(Array.from(signedShades([1, -1, 0], [3, 1, 1]).bytes), [255, 0, 128]);
});

test("a sheet of a large example is not finer than a hand can follow", () => {
  const sheet = new Sheet([3, 128, 96]);
  assert.deepEqual([sheet.fine, sheet.width, sheet.height], [4, 384, 512]);
  sheet.stroke([64, 64], [64, 64], 200, false, [1, 0, 0.5]);
  assert.deepEqual([0, 128 * 96, 2 * 128 * 96].map((at) => sheet.example()[at]), [1, 0, 0.5]);
  assert.equal(new Sheet([1, 64, 64]).fine, FINE);
});
