import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestStep, percentile, rangeOf, ranking, stepsOf, withUnits } from "../../../app/web/space/units.js";
import { randomNumbers } from "../support.js";

const near = (found, expected, tolerance = 1e-6) => assert.ok(Math.abs(found - expected) <= tolerance, `${found}, not ${expected}`);

test("units stand in the order of what they carry, collapsed ones last, with shares of the greatest", () => {
  const rows = ranking([2, 0, 3, 1], [3, 1], [1, 0.001, 4, 0.005], [1, 1, 1, 1]);
  assert.deepEqual(rows.map(({ unit }) => unit), [2, 0, 3, 1]);
  assert.deepEqual(rows.map(({ amount }) => amount), [4, 1, 0.005, 0.001]);
  assert.deepEqual(rows.map(({ share }) => share), [1, 0.25, 0.00125, 0.00025]);
  assert.deepEqual(rows.map(({ state }) => state), ["", "", "collapsed", "collapsed"]);
});

test("without a KL the variance counts, and a unit that never changes is constant and last", () => {
  const rows = ranking([1, 2, 0], [], null, [0, 9, 3]);
  assert.deepEqual(rows.map(({ unit, amount, state }) => [unit, amount, state]), [[1, 9, ""], [2, 3, ""], [0, 0, "constant"]]);
});

test("units that carry nothing at all have no share", () => {
  assert.deepEqual(ranking([0, 1], [], null, [0, 0]).map(({ share }) => share), [0, 0]);
});

test("percentiles lie between values as numpy.percentile puts them", () => {
  assert.equal(percentile([1, 2, 3, 4, 5], 0.5), 3);
  near(percentile([1, 2, 3, 4], 0.25), 1.75);
  near(percentile([10, 20], 0.99), 19.9);
  assert.equal(percentile([7], 0.01), 7);
  assert.equal(percentile([1, 2, 3], 1), 3);
});

test("a variational unit is moved over three deviations of its prior, whatever the codes", () => {
  assert.deepEqual(rangeOf(new Float32Array([9, 9]), 1, 0, true, "identity"), [-3, 3]);
});

test("other units are moved over their percentiles, a tenth wider", () => {
  const codes = new Float32Array(2 * 101);
  for (let i = 0; i <= 100; i++) [codes[2 * i], codes[2 * i + 1]] = [-5, 100 - i]; // 0 … 100, falling
  const [low, high] = rangeOf(codes, 2, 1, false, "identity");
  near(low, 1 - 9.8, 1e-4);
  near(high, 99 + 9.8, 1e-4);
});

test("a range stays within what the activation of the code can reach", () => {
  const codes = Float32Array.from({ length: 101 }, (_, i) => i / 100);
  assert.deepEqual(rangeOf(codes, 1, 0, false, "sigmoid"), [0, 1]);
  const [low, high] = rangeOf(codes, 1, 0, false, "relu");
  assert.equal(low, 0);
  near(high, 0.99 + 0.098, 1e-4);
  assert.ok(rangeOf(codes, 1, 0, false, "identity")[0] < 0);
});

test("a unit that rarely or never moves has a range all the same", () => {
  const rare = new Float32Array(1000);
  rare[500] = 2;
  const [low, high] = rangeOf(rare, 1, 0, false, "relu");
  assert.equal(low, 0);
  near(high, 2.2);
  assert.deepEqual(rangeOf(new Float32Array(10).fill(4), 1, 0, false, "identity"), [3, 5]);
  assert.deepEqual(rangeOf(new Float32Array(10), 1, 0, false, "relu"), [0, 1]);
});

test("of many examples, evenly spread ones give the percentiles", () => {
  const random = randomNumbers(3);
  const codes = Float32Array.from({ length: 3 * 25000 }, () => random());
  const [low, high] = rangeOf(codes, 3, 2, false, "identity");
  near(low, 0.01 - 0.098, 0.01);
  near(high, 0.99 + 0.098, 0.01);
});

test("steps go from end to end, and the nearest is found", () => {
  assert.deepEqual(stepsOf([-3, 3], 7), [-3, -2, -1, 0, 1, 2, 3]);
  assert.equal(stepsOf([0, 1]).length, 9);
  assert.equal(nearestStep([-3, -2, -1, 0], -1.4), 2);
  assert.equal(nearestStep([-3, -2, -1, 0], 8), 3);
  assert.equal(nearestStep([-3, -2, -1, 0], -8), 0);
});

test("setting units leaves the base as it was", () => {
  const base = new Float32Array([1, 2, 3]);
  assert.deepEqual([...withUnits(base, new Map([[0, 9], [2, -1]]))], [9, 2, -1]);
  assert.deepEqual([...base], [1, 2, 3]);
});
