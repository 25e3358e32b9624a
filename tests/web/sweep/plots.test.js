import assert from "node:assert/strict";
import { test } from "node:test";
import { cellColour } from "../../../app/web/sweep/colours.js";
import { besides, isWide, layOut, sayPoint } from "../../../app/web/sweep/tradeplot.js";
import { brief } from "../../../app/web/sweep/card.js";

const point = (k, x, y, out = false) => ({ k, name: `cell ${k}`, colour: "#000", x, y, out });
const picture = (points, scale, traded = false) => ({ points, title: "KL", unit: "nats", scale, traded });

test("points without a figure and diverged ones are left out, and do not stretch the axes", () => {
  const { points, x, y } = layOut(picture([point(0, 1, 2), point(1, null, 3), point(2, 2, 4), point(3, 1e9, 1e9, true), point(4, 3, null)], "linear"));
  assert.deepEqual(points.map(({ k }) => k), [0, 2]);
  assert.ok(x.share(2) < 1 && y.share(4) < 1);
});

test("a logarithmic axis gives equal ratios equal lengths, unless a value has no logarithm", () => {
  const { x } = layOut(picture([point(0, 0.1, 1), point(1, 1, 1), point(2, 10, 1)], "log"));
  assert.ok(Math.abs(x.share(1) - x.share(0.1) - (x.share(10) - x.share(1))) < 1e-9);
  const linear = layOut(picture([point(0, 0, 1), point(1, 5, 1), point(2, 10, 1)], "log")).x;
  assert.ok(Math.abs(linear.share(5) - 0.5) < 1e-9);
});

test("names stand in their order, whichever points are there", () => {
  const { x } = layOut(picture([point(0, 0, 1), point(1, 1, null), point(2, 2, 3)], "names"));
  assert.deepEqual(x.ticks.map(/** @type {any} */ (x.write)), ["cell 0", "cell 1", "cell 2"]);
});

test("errors over a decade and more are seen on a logarithmic axis", () => {
  assert.ok(isWide([1, 30]));
  assert.ok(!isWide([1, 5]));
  assert.ok(!isWide([0, 30]));
});

test("a name stands above its point, within the plot; at the top beside it", () => {
  assert.deepEqual(besides(200, 100, 60, 400), { x: 200, y: 91, align: "center", baseline: "bottom" });
  assert.equal(besides(395, 100, 60, 400).x, 360);
  assert.deepEqual(besides(60, 10, 60, 400), { x: 73, y: 10, align: "left", baseline: "middle" });
  assert.equal(besides(380, 10, 60, 400).align, "right");
});

test("small numbers are short on a card", () => {
  assert.deepEqual([0.000154, -0.000154, 0.00893, 3.25, 0].map(brief), ["1.5e-4", "-1.5e-4", "0.00893", "3.25", "0"]);
});

test("a cell in words", () => {
  const points = [point(0, 1.5, 20), point(1, null, null)];
  assert.equal(sayPoint(picture(points, "linear", true), 0), "cell 0: error 20, KL 1.5 nats");
  assert.equal(sayPoint(picture(points, "linear"), 0), "cell 0: error 20");
  assert.equal(sayPoint(picture(points, "linear", true), 1), "");
});

test("the first and the last cell differ in colour, and a single cell has that of a first one", () => {
  assert.notEqual(cellColour(0, 9), cellColour(8, 9));
  assert.equal(cellColour(0, 1), cellColour(0, 9));
});
