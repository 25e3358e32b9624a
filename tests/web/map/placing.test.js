import assert from "node:assert/strict";
import { test } from "node:test";
import { extent, follow, positions, widestAxes, withChoice } from "../../../app/web/map/placing.js";
import { randomNumbers } from "../support.js";

const codes = (...rows) => ({ data: new Float32Array(rows.flat()), shape: [rows.length, rows[0].length] });

test("one unit, two units, and the two widest of many", () => {
  assert.deepEqual(widestAxes([3]), [0, 0]);
  assert.deepEqual(widestAxes([1, 9]), [0, 1]);
  assert.deepEqual(widestAxes([1, 5, 2, 9]), [3, 1]);
  assert.deepEqual(widestAxes([2, 2, 2]), [0, 1]);
});

test("the axes stay unless another pair is clearly wider", () => {
  assert.deepEqual(widestAxes([4, 4, 5, 5], [0, 1]), [0, 1]);
  assert.deepEqual(widestAxes([1, 1, 5, 5], [0, 1]), [2, 3]);
  assert.deepEqual(widestAxes([1, 1, 5, 5]), [2, 3]);
});

test("a chosen axis stands, and a free one shows the wider of what is left", () => {
  assert.deepEqual(withChoice([3, 1], [null, null]), [3, 1]);
  assert.deepEqual(withChoice([3, 1], [0, null]), [0, 3]);
  assert.deepEqual(withChoice([3, 1], [3, null]), [3, 1]);
  assert.deepEqual(withChoice([3, 1], [null, 3]), [1, 3]);
  assert.deepEqual(withChoice([3, 1], [2, 4]), [2, 4]);
});

test("positions are two units of each code", () => {
  const z = codes([1, 2, 3], [4, 5, 6]);
  assert.deepEqual(Array.from(positions(z, [2, 0], [0, 1])), [3, 1, 6, 4]);
});

test("with one unit, a row for each label", () => {
  const points = positions(codes([1], [2], [3]), [0, 0], [0, 1, 2]);
  assert.deepEqual(Array.from(points), [1, -0.5, 2, 0, 3, 0.5]);
});

test("the box holds every point with air around them", () => {
  const random = randomNumbers(2);
  const points = Float32Array.from({ length: 200 }, () => 20 * random() - 10);
  const box = extent(points);
  points.forEach((value, i) => assert.ok(value > box.low[i & 1] && value < box.high[i & 1]));
});

test("the box is never empty", () => {
  for (const points of [[3, 4], [3, 4, 3, 4], [0, 0, 1, 0]]) {
    const { low, high } = extent(new Float32Array(points));
    assert.ok(high[0] > low[0] && high[1] > low[1]);
  }
});

test("the view grows at once and shrinks gently towards the points", () => {
  const large = { low: [-10, -10], high: [10, 10] };
  const small = { low: [-1, -1], high: [1, 1] };
  assert.deepEqual(follow(null, small), small);
  assert.deepEqual(follow(small, large), large);
  let view = large;
  for (let i = 0; i < 40; i++) {
    const next = follow(view, small);
    assert.ok(next.high[0] < view.high[0] && next.high[0] >= small.high[0]);
    assert.ok(next.low[1] > view.low[1] && next.low[1] <= small.low[1]);
    view = next;
  }
  assert.ok(Math.abs(view.high[0] - 1) < 1e-3);
  assert.ok(follow(large, small).high[0] > 5);
});
