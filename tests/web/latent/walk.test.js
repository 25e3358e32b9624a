import assert from "node:assert/strict";
import { test } from "node:test";
import { meantPoint, usualEnds } from "../../../app/web/latent/walk/ends.js";
import { linear, nearestCode, polyline, sampled, spherical, usualDistance } from "../../../app/web/space/paths.js";
import { coordinates, placeOfExample, route, STATIONS } from "../../../app/web/space/routes.js";
import { around, ballStep } from "../../../app/web/latent/walk/walkball.js";
import { randomNumbers } from "../support.js";

const finished = (work) => {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
};

test("a polyline passes through its points at even t, and straight between them", () => {
  const path = polyline(Float32Array.from([0, 0, 1, 0, 1, 2]), 2);
  assert.deepEqual(Array.from(path(0)), [0, 0]);
  assert.deepEqual(Array.from(path(0.25)), [0.5, 0]);
  assert.deepEqual(Array.from(path(0.5)), [1, 0]);
  assert.deepEqual(Array.from(path(0.75)), [1, 1]);
  assert.deepEqual(Array.from(path(1)), [1, 2]);
  assert.deepEqual(Array.from(path(1.5)), [1, 2]);
});

test("what a path gives is the caller's to change", () => {
  const points = Float32Array.from([0, 1, 2]);
  for (const path of [polyline(points, 1), linear(points, points), spherical(points, Float32Array.from([2, 1, 0]))]) {
    for (const t of [0, 0.5, 1]) path(t).fill(9);
  }
  assert.deepEqual(Array.from(points), [0, 1, 2]);
});

test("the stations of a route are points of the server's path", () => {
  const random = randomNumbers(1);
  const points = Float32Array.from({ length: STATIONS * 3 }, random);
  sampled(polyline(points, 3), STATIONS).forEach((code, i) => {
    code.forEach((value, j) => assert.ok(Math.abs(value - points[3 * i + j]) < 1e-5));
  });
});

test("an example itself does not count as its neighbour", () => {
  const codes = Float32Array.from([0, 1, 3]);
  assert.deepEqual(nearestCode(codes, 1, Float32Array.from([1])), { index: 1, distance: 0 });
  assert.deepEqual(nearestCode(codes, 1, Float32Array.from([1]), [1]), { index: 0, distance: 1 });
  const plane = Float32Array.from([0, 0, 3, 4, 30, 40]);
  assert.deepEqual(nearestCode(plane, 2, Float32Array.from([0, 0]), [0]), { index: 1, distance: 5 });
  assert.equal(nearestCode(plane, 2, Float32Array.from([0, 0]), [0, 1, 2]).index, -1);
  assert.deepEqual(nearestCode(codes.subarray(0, 1), 1, Float32Array.from([1]), [0]), { index: -1, distance: Infinity });
});

test("the usual distance is the median of those to the next example", () => {
  assert.equal(finished(usualDistance(Float32Array.from([0, 1, 3, 6, 10]), 1)), 2); // 1, 1, 2, 3, 4
  assert.equal(finished(usualDistance(Float32Array.from([5]), 1)), 0);
});

test("a walk begins between two classes", () => {
  const ends = (labels, classes) => usualEnds(labels, classes).map(({ index }) => index);
  assert.deepEqual(ends([3, 3, 1, 0], true), [0, 2]);
  assert.deepEqual(ends([0.5, 0.4, 0.9, 0.6], false), [0, 2]);
  assert.deepEqual(ends([2, 2, 2], true), [0, 1]);
  assert.deepEqual(ends([2], true), [0, 0]);
});

test("a click means the point under it, and the place where none is", () => {
  const points = [0, 0, 1, 1];
  const scale = { ax: 100, ay: -100 };
  assert.equal(meantPoint({ x: 1.05, y: 1.05 }, points, 1, scale), true);
  assert.equal(meantPoint({ x: 1.1, y: 1 }, points, 1, scale), false);
  assert.equal(meantPoint({ x: 1, y: 1 }, points, -1, scale), false);
  assert.equal(meantPoint({ x: NaN, y: NaN }, points, 1, scale), true);
});

const layout = { method: "axes", dimensions: 2, points: new Float32Array([1, 2, 3, 4]), units: [2, 0], components: null, mean: null };

test("a code stands on raw axes by its units, and on principal axes by its projections", () => {
  const code = Float32Array.from([5, 6, 7]);
  assert.deepEqual(coordinates(layout, code), [7, 5]);
  assert.deepEqual(coordinates({ ...layout, dimensions: 3, units: [0, 1, 2] }, code), [5, 6, 7]);
  const turned = { ...layout, method: "pca", units: [], components: Float32Array.from([0, 1, 0, 0, 0, -1]), mean: Float32Array.from([1, 1, 1]) };
  assert.deepEqual(coordinates(turned, code), [5, -6]);
});

test("maps without a place for other codes say so", () => {
  assert.equal(coordinates({ ...layout, units: [0] }, Float32Array.from([5])), null);
  assert.equal(coordinates({ ...layout, method: "tsne", units: [] }, Float32Array.from([5])), null);
  assert.equal(route({ ...layout, units: [0] }, linear(Float32Array.from([0]), Float32Array.from([1]))), null);
  assert.deepEqual(placeOfExample(layout, 1), [3, 4]);
});

test("a route leads from the place of one end to that of the other", () => {
  const found = route(layout, linear(Float32Array.from([0, 0, 0]), Float32Array.from([1, 5, -1])));
  assert.equal(found.length, 2 * STATIONS);
  assert.deepEqual([...found.slice(0, 2), ...found.slice(-2)], [0, 0, -1, 1]);
});

test("a ball is measured over everything in view and its centre", () => {
  const { low, high } = around([[0, 0], [2, 1], [5, -1]]);
  for (const [value, least] of [[low[0], 0], [low[1], -1]]) assert.ok(value < least);
  for (const [value, most] of [[high[0], 5], [high[1], 1]]) assert.ok(value > most);
  const flat = around([[1, 1]]);
  assert.ok(flat.low[0] < flat.high[0] && flat.low[1] < flat.high[1]);
});

test("lines of a ball stand at round distances, four of them within most of the view", () => {
  for (const most of [0.03, 1, 7.3, 20, 950]) {
    const values = Float32Array.from({ length: 101 }, (_, i) => (most * i) / 100);
    const step = ballStep(values);
    const leading = Number(String(step.toExponential()[0]));
    assert.ok([1, 2, 5].includes(leading), `${step}`);
    assert.ok(4 * step <= 0.6 * most * (1 + 1e-6) && 4 * step >= 0.2 * most, `${step} of ${most}`);
  }
  assert.equal(ballStep(new Float32Array(9)), 0);
  assert.equal(ballStep(new Float32Array(9).fill(Infinity)), 0);
});
