import assert from "node:assert/strict";
import { test } from "node:test";
import { normal, oneOf, uniform } from "../../../app/web/base/random.js";

test("the same seed gives the same draws, another one others", () => {
  assert.deepEqual(normal(10, 4), normal(10, 4));
  assert.notDeepEqual(normal(10, 4), normal(10, 5));
});

test("uniform draws fill [0, 1) evenly", () => {
  const random = uniform(0);
  const bins = new Uint32Array(10);
  for (let i = 0; i < 10000; i++) bins[Math.floor(10 * random())]++;
  // Chi-squared with 9 degrees of freedom: 27.9 is passed once in a thousand seeds.
  assert.ok(bins.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0) < 27.9, `${bins}`);
});

test("normal draws have the moments of N(0, 1)", () => {
  const draws = normal(20000, 1);
  const moment = (power) => draws.reduce((sum, z) => sum + z ** power, 0) / draws.length;
  assert.ok(Math.abs(moment(1)) < 0.03);
  assert.ok(Math.abs(moment(2) - 1) < 0.04);
  assert.ok(Math.abs(moment(4) - 3) < 0.3);
  assert.ok(draws.every(Number.isFinite));
});

test("one of some things, each at some seed", () => {
  const found = new Set(Array.from({ length: 50 }, (_, seed) => oneOf(["a", "b", "c"], seed)));
  assert.deepEqual([...found].sort(), ["a", "b", "c"]);
});
