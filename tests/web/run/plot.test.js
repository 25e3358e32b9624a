import assert from "node:assert/strict";
import { test } from "node:test";
import { axisFor } from "../../../app/web/run/plot.js";

test("losses stand on a logarithmic axis", () => {
  const { share, ticks } = axisFor([1, 10, 100]);
  assert.ok(Math.abs(share(10) - 0.5) < 1e-9);
  assert.ok(share(1) > 0 && share(100) < 1);
  assert.ok(ticks.includes(10));
});

test("a negative loss, as of a density, makes the axis linear", () => {
  const { share, ticks } = axisFor([-20, 0, 20]);
  assert.ok(Math.abs(share(0) - 0.5) < 1e-9);
  assert.ok(share(-20) > 0 && share(20) < 1);
  assert.ok(ticks.includes(0));
  assert.ok(ticks.every(Number.isFinite));
});

test("equal values, zeros and none at all still make an axis", () => {
  for (const values of [[5, 5], [0, 0], [-3], []]) {
    const { share, ticks } = axisFor(values);
    for (const value of values) assert.ok(share(value) > 0 && share(value) < 1);
    assert.ok(ticks.every(Number.isFinite));
  }
});

test("a loss on its way to infinity leaves an axis for those before it", () => {
  for (const values of [[1, 10, Infinity], [1, 10, NaN], [1e-300, 1.7e308]]) {
    const { share, ticks } = axisFor(values);
    assert.ok(share(values[0]) >= 0 && share(values[1]) <= 1);
    assert.ok(ticks.length < 700 && ticks.every(Number.isFinite));
  }
  assert.deepEqual(axisFor([Infinity]).ticks, axisFor([]).ticks);
});
