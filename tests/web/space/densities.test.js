import assert from "node:assert/strict";
import { test } from "node:test";
import { frameOf, mismatch, moments, outline, priorDensity } from "../../../app/web/space/densities.js";

const GRID = Float32Array.from({ length: 101 }, (_, k) => -5 + 0.1 * k);
const normal = (mean, deviation) => GRID.map((z) => priorDensity((z - mean) / deviation) / deviation);

test("the prior is the standard normal density", () => {
  assert.ok(Math.abs(priorDensity(0) - 0.3989423) < 1e-7);
  assert.ok(Math.abs(priorDensity(1.5) - 0.1295176) < 1e-7);
});

test("moments of a normal density are its own", () => {
  for (const [mean, deviation] of [[0, 1], [1, 0.5], [-0.7, 0.8]]) {
    const found = moments(GRID, normal(mean, deviation));
    assert.ok(Math.abs(found.mean - mean) < 1e-3, `${found.mean}`);
    assert.ok(Math.abs(found.deviation - deviation) < 1e-3, `${found.deviation}`);
  }
});

test("the frame reaches half a bin beyond the grid and over both densities", () => {
  const low = frameOf(GRID, normal(0, 2), true);
  assert.ok(Math.abs(low.low + 5.05) < 1e-5 && Math.abs(low.high - 5.05) < 1e-5);
  assert.equal(low.peak, priorDensity(0));
  assert.ok(Math.abs(frameOf(GRID, normal(0, 2), false).peak - priorDensity(0) / 2) < 1e-6);
  assert.ok(Math.abs(frameOf(GRID, normal(0, 0.5), true).peak - 2 * priorDensity(0)) < 1e-6);
  assert.equal(frameOf(GRID, new Float32Array(101), false).peak, 1); // nothing there: no division by 0
});

test("an outline goes from left to right, higher where the density is", () => {
  const frame = { low: 0, high: 4, peak: 2 };
  const size = { width: 40, height: 20 };
  assert.equal(outline([1, 2, 3], [0, 2, 1], frame, size, false), "M10 20L20 0L30 10");
  assert.equal(outline([1, 2, 3], [0, 2, 1], frame, size, true), "M10 20L10 20L20 0L30 10L30 20Z");
});

test("a mismatch is told in words", () => {
  assert.equal(mismatch(0.005, { mean: 2, deviation: 3 }), "as the prior");
  assert.equal(mismatch(1, { mean: 0, deviation: 0.5 }), "narrower");
  assert.equal(mismatch(1, { mean: 0, deviation: 2 }), "wider");
  assert.equal(mismatch(1, { mean: -1, deviation: 1 }), "shifted");
  assert.equal(mismatch(1, { mean: 1, deviation: 0.5 }), "narrower, shifted");
  assert.equal(mismatch(0.1, { mean: 0.1, deviation: 1.1 }), "of another shape");
});
