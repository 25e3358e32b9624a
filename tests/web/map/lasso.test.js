import assert from "node:assert/strict";
import { test } from "node:test";
import { boxPolygon, enclosed, inPolygon, selectionMode } from "../../../app/web/map/lasso.js";
import { randomNumbers } from "../support.js";

test("inside and outside of a square, a star with a notch, and a figure that crosses itself", () => {
  const square = [0, 0, 4, 0, 4, 4, 0, 4];
  assert.ok(inPolygon(square, 2, 2) && inPolygon(square, 0.01, 3.99));
  assert.ok(!inPolygon(square, 5, 2) && !inPolygon(square, 2, -1) && !inPolygon(square, -1, 4));
  const notched = [0, 0, 4, 0, 4, 4, 2, 1, 0, 4];
  assert.ok(inPolygon(notched, 0.5, 2) && inPolygon(notched, 3.5, 2) && !inPolygon(notched, 2, 3));
  const bow = [0, 0, 4, 4, 4, 0, 0, 4];
  assert.ok(inPolygon(bow, 0.5, 2) && inPolygon(bow, 3.5, 2) && !inPolygon(bow, 2, 0.5) && !inPolygon(bow, 2, 3.5));
});

test("either way round, and wherever it begins, a polygon holds the same points", () => {
  const random = randomNumbers(3);
  const points = Float32Array.from({ length: 2000 }, () => 10 * random());
  const corners = [[1, 1], [8, 2], [9, 9], [4, 5], [2, 8]];
  const expected = enclosed(points, corners.flat());
  assert.ok(expected.length > 100);
  assert.deepEqual(enclosed(points, corners.slice().reverse().flat()), expected);
  assert.deepEqual(enclosed(points, [...corners.slice(2), ...corners.slice(0, 2)].flat()), expected);
});

test("a many-cornered circle holds the points within its radius", () => {
  const random = randomNumbers(8);
  const points = Float32Array.from({ length: 4000 }, () => 2 * random() - 1);
  const circle = Array.from({ length: 2000 }, (_, i) => 0.7 * (i & 1 ? Math.sin : Math.cos)((2 * Math.PI * (i >> 1)) / 1000));
  const inside = Array.from({ length: 2000 }, (_, i) => i).filter((i) => Math.hypot(points[2 * i], points[2 * i + 1]) < 0.7);
  assert.deepEqual([...enclosed(points, circle)], inside);
});

test("a box holds the same from whichever corner it is drawn", () => {
  const points = Float32Array.of(1, 1, 3, 3, 5, 5, 3, NaN);
  for (const corners of [[0, 0, 4, 4], [4, 4, 0, 0], [0, 4, 4, 0]]) {
    assert.deepEqual([...enclosed(points, boxPolygon(...corners))], [0, 1]);
  }
  assert.equal(enclosed(points, boxPolygon(2, 2, 2, 2)).length, 0);
});

test("shift adds, alt subtracts", () => {
  assert.equal(selectionMode({ shiftKey: false, altKey: false }), "replace");
  assert.equal(selectionMode({ shiftKey: true, altKey: false }), "add");
  assert.equal(selectionMode({ shiftKey: false, altKey: true }), "subtract");
});
