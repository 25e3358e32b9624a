import assert from "node:assert/strict";
import { test } from "node:test";
import { write } from "../../../app/web/run/readouts.js";
import { barsOf } from "../../../app/web/run/sheets.js";
import { titleOf } from "../../../app/web/run/titles.js";

test("a few units stand in their order, as shares of the highest", () => {
  assert.deepEqual(barsOf([1, 4, 2]), [
    { unit: 1, value: 1, share: 0.25 },
    { unit: 2, value: 4, share: 1 },
    { unit: 3, value: 2, share: 0.5 },
  ]);
});

test("of very many units the largest are shown", () => {
  const values = Float32Array.from({ length: 1000 }, (_, i) => i);
  const bars = barsOf(values);
  assert.equal(bars.length, 64);
  assert.deepEqual(bars[0], { unit: 1000, value: 999, share: 1 });
  assert.ok(bars.every((bar) => bar.value >= 936));
});

test("units that carry nothing, or less through rounding, have no height", () => {
  assert.deepEqual(barsOf([0, 0]).map((bar) => bar.share), [0, 0]);
  assert.equal(barsOf([-1e-9, 1])[0].share, 0);
});

test("readouts are written with their units", () => {
  assert.equal(write(0.1234, "number", 2), "0.123");
  assert.equal(write(0.847, "share", 2), "85 %");
  assert.equal(write(0.016, "share", 2), "1.6 %");
  assert.equal(write(-0.5, "share", 2), "-50 %");
  assert.equal(write(7, "units", 10), "7 of 10");
  assert.equal(write(4.97, "units", 64), "5.0 of 64");
  assert.equal(write(null, "share", 2), "–");
});

test("a log of before has today's titles, whatever it says", () => {
  assert.equal(titleOf({ name: "foreign" }, "Foreign"), "Out of distribution");
  assert.equal(titleOf({ name: "foreign_rmse" }, "RMSE, foreign"), "RMSE, out of distribution");
  assert.equal(titleOf({ name: "samples" }, "Samples"), "Samples");
});
