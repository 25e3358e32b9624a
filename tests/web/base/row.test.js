import assert from "node:assert/strict";
import { test } from "node:test";
import { errorOf, errorShares, spreadOf, told, valueOf } from "../../../app/web/base/row.js";

const HEIGHT = { name: "height (cm)", at: 0, width: 1, shift: 170, scale: 10, words: null };
const CITY = { name: "city", at: 1, width: 3, shift: 0, scale: 1, words: ["Bern", "Oslo", "Rome"] };
const WILD = { name: "wild", at: 4, width: 1, shift: 0.25, scale: 0.5, words: ["no", "yes"] };
const X = Float32Array.of(1.5, 0, 0, 1, 1.5);
const REBUILT = Float32Array.of(1, 0.2, 0.5, 0.3, 1);

test("values are in the table's own units, and words are words", () => {
  assert.deepEqual([HEIGHT, CITY, WILD].map((column) => valueOf(column, X)), ["185", "Rome", "yes"]);
  assert.deepEqual([HEIGHT, CITY, WILD].map((column) => valueOf(column, REBUILT)), ["180", "Oslo", "yes"]);
});

test("an error is what was rebuilt less the value, or another word", () => {
  assert.deepEqual([HEIGHT, CITY, WILD].map((column) => errorOf(column, X, REBUILT)), ["−5", "another", "same"]);
  assert.equal(errorOf(HEIGHT, REBUILT, X), "+5");
  assert.equal(errorOf(HEIGHT, X, X), "0");
});

test("columns share the squared error as the network sees them", () => {
  const shares = errorShares([HEIGHT, CITY], X, REBUILT);
  const [height, city] = [0.25, 0.04 + 0.25 + 0.49];
  shares.forEach((share, k) => assert.ok(Math.abs(share - [height, city][k] / (height + city)) < 1e-6));
  assert.deepEqual(errorShares([HEIGHT, CITY], X, X), [0, 0]);
});

test("a standard deviation is scaled and not moved, and of words there is none", () => {
  assert.deepEqual([HEIGHT, CITY].map((column) => spreadOf(column, Float32Array.of(0.3, 0.1, 0.1, 0.1))), ["3", ""]);
});

test("numbers of a table keep five digits, and all before the point", () => {
  const texts = [[0, "0"], [14.23, "14.23"], [Math.fround(5.1), "5.1"], [2019, "2019"], [123456.7, "123457"], [-0.000012, "-1.20e-5"], [-3.5, "−3.5"]];
  for (const [value, text] of texts) assert.equal(told(value), text);
});
