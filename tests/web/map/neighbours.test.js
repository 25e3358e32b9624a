import assert from "node:assert/strict";
import { test } from "node:test";
import { PointGrid } from "../../../app/web/map/neighbours.js";
import { randomNumbers } from "../support.js";

const random = randomNumbers(9);
/** Points in clusters, with a few far away. */
const cloud = (count) => Float32Array.from({ length: 2 * count }, (_, i) => (i % 50 < 2 ? 400 : 3) * (random() - 0.5) + Math.floor(3 * random()));
const distance = (points, i, x, y, sx, sy) => Math.hypot(sx * (points[2 * i] - x), sy * (points[2 * i + 1] - y));

test("the nearest point is the one that a search through all of them finds", () => {
  const even = (/** @type {number} */ count) => Float32Array.from({ length: 2 * count }, () => 100 * (random() - 0.5));
  for (const points of [...[1, 2, 7, 500, 5000].map(cloud), ...[7, 60, 500, 5000].map(even)]) {
    const grid = new PointGrid(points);
    for (let k = 0; k < 500; k++) {
      const [x, y] = [500 * (random() - 0.5) ** 3, 500 * (random() - 0.5) ** 3];
      const [sx, sy] = [0.1 + 50 * random(), 0.1 + 50 * random()];
      const found = grid.nearest(x, y, sx, sy);
      let least = Infinity;
      for (let i = 0; i < points.length / 2; i++) least = Math.min(least, distance(points, i, x, y, sx, sy));
      assert.ok(Math.abs(distance(points, found, x, y, sx, sy) - least) < 1e-9);
    }
  }
});

test("the nearest point is the one on the screen, whatever the scales of the axes", () => {
  const grid = new PointGrid(Float32Array.of(0, 0, 10, 0, 0, 1));
  assert.equal(grid.nearest(0.1, 0.1, 1, 10), 0);
  assert.equal(grid.nearest(9, 0, 1, 10), 1);
  assert.equal(grid.nearest(3, 0.9, 1, 10), 2); // 3 to the right and 1 up, against 3 and 9
  assert.equal(grid.nearest(3, 0.4, 1, 1), 0);
});

test("every point is the nearest to itself", () => {
  const points = Float32Array.from({ length: 400 }, random);
  const grid = new PointGrid(points);
  for (let i = 0; i < 200; i++) assert.equal(grid.nearest(points[2 * i], points[2 * i + 1], 7, 9), i);
});

test("a point further than the reach is not found", () => {
  const grid = new PointGrid(Float32Array.of(0, 0, 10, 0));
  assert.equal(grid.nearest(4, 0, 1, 1, 3.9), -1);
  assert.equal(grid.nearest(4, 0, 1, 1, 4), 0);
  assert.equal(grid.nearest(4, 0, 10, 10, 30), -1);
  assert.equal(grid.nearest(7, 0, 10, 10, 30), 1);
});

test("without points, at one place, on a line, and with some at NaN", () => {
  assert.equal(new PointGrid(new Float32Array(0)).nearest(0, 0, 1, 1), -1);
  assert.equal(new PointGrid(new Float32Array(200).fill(3)).nearest(0, 0, 1, 1) >= 0, true);
  const line = new PointGrid(Float32Array.from({ length: 200 }, (_, i) => (i & 1 ? 5 : i / 2)));
  assert.equal(line.nearest(42.2, -100, 1, 1), 42);
  assert.equal(new PointGrid(Float32Array.of(NaN, 0, 7, 7, 0, NaN)).nearest(0, 0, 1, 1), 1);
});

test("points within a box are those that a comparison finds", () => {
  const points = cloud(3000);
  const grid = new PointGrid(points);
  for (const box of [{ low: [-1, -1], high: [1, 2] }, { low: [-1000, -1000], high: [1000, 1000] }, { low: [50, 50], high: [51, 51] }]) {
    const expected = Array.from({ length: 3000 }, (_, i) => i).filter((i) =>
      [0, 1].every((k) => points[2 * i + k] >= box.low[k] && points[2 * i + k] <= box.high[k]));
    assert.deepEqual(grid.within(box).sort((a, b) => a - b), expected);
  }
});
