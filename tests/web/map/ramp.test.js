import assert from "node:assert/strict";
import { test } from "node:test";
import { cssColour } from "../../../app/web/map/colour.js";
import { fieldPixels, rangeOf } from "../../../app/web/map/heatmap.js";
import { rampTable, toOklab } from "../../../app/web/map/ramp.js";

const lightness = (table) => Array.from(table, (pixel) => toOklab(cssColour(pixel))[0]);

test("Oklab of white, black and red is what its author gives", () => {
  const near = (found, expected) => found.forEach((value, k) => assert.ok(Math.abs(value - expected[k]) < 1e-3));
  near(toOklab("#ffffff"), [1, 0, 0]);
  near(toOklab("#000000"), [0, 0, 0]);
  near(toOklab("#ff0000"), [0.628, 0.2249, 0.1258]);
});

test("a ramp for magnitudes goes one way in lightness, in even steps, away from the page", () => {
  for (const [name, dark, sign] of [["tint", false, -1], ["tint", true, 1], ["spectrum", false, 1], ["spectrum", true, 1]]) {
    const steps = lightness(rampTable(name, dark));
    const whole = sign * (steps[255] - steps[0]);
    assert.ok(whole > 0.25);
    for (let k = 16; k < 256; k += 16) assert.ok(sign * (steps[k] - steps[k - 16]) > 0.3 * whole / 16, `${name} at ${k}`);
  }
});

test("a diverging ramp is nearest to the page at its middle, and as strong on both sides", () => {
  for (const dark of [false, true]) {
    const steps = lightness(rampTable("diverging", dark));
    const extreme = dark ? Math.min(...steps) : Math.max(...steps);
    assert.ok(Math.abs(steps.indexOf(extreme) - 127.5) < 8);
    assert.ok(Math.abs(steps[0] - steps[255]) < 0.12);
  }
});

test("a field is painted upside up, from the least to the greatest value; what is no number is clear", () => {
  const table = Uint32Array.from({ length: 256 }, (_, k) => 1000 + k);
  const values = Float32Array.of(0, 10, NaN, 5, -50, 100);
  const pixels = fieldPixels({ values, rows: 2, columns: 3 }, table, [0, 10]);
  assert.deepEqual([...pixels], [1128, 1000, 1255, 1000, 1255, 0]);
  assert.deepEqual(rangeOf(Float32Array.of(3, NaN, -2, Infinity)), [-2, 3]);
  assert.deepEqual(rangeOf(Float32Array.of(NaN)), [0, 1]);
  assert.ok([...fieldPixels({ values: Float32Array.of(4, 4), rows: 1, columns: 2 }, table, [4, 4])].every((pixel) => pixel === 1000));
});
