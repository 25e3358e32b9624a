import assert from "node:assert/strict";
import { test } from "node:test";
import {
  along, analogy, areaUnderCurve, complement, cosines, difference, meanCode, norm, projections, separation, shared,
} from "../../../app/web/space/attributes.js";
import { groupsOf, membersOf } from "../../../app/web/space/groups.js";
import { randomNumbers } from "../support.js";

const floats = (...values) => new Float32Array(values);
const indices = (...values) => new Uint32Array(values);
const near = (found, expected, tolerance = 1e-6) => assert.ok(Math.abs(found - expected) <= tolerance, `${found}, not ${expected}`);

/** Every pair of a positive and a negative, one by one. */
function bruteForce(positives, negatives) {
  let wins = 0;
  for (const p of positives) for (const n of negatives) wins += p > n ? 1 : p === n ? 0.5 : 0;
  return wins / (positives.length * negatives.length);
}

test("means are of the examples named, and of each unit", () => {
  const codes = floats(1, 10, 3, 30, 100, 100, 5, 80);
  assert.deepEqual([...meanCode(codes, 2, indices(0, 1, 3))], [3, 40]);
});

test("means of many examples do not lose digits", () => {
  const codes = new Float32Array(3e5).fill(0.1);
  near(meanCode(codes, 1, Uint32Array.from(codes, (_, i) => i))[0], Math.fround(0.1), 1e-8);
});

test("vectors: difference, steps along it, length, cosines", () => {
  const v = difference(floats(4, 6), floats(1, 2));
  assert.deepEqual([...v], [3, 4]);
  assert.deepEqual([...along(floats(1, 1), v, -2)], [-5, -7]);
  assert.equal(norm(v), 5);
  assert.deepEqual(cosines(v).map((c) => Number(c.toFixed(6))), [0.6, 0.8]);
  assert.deepEqual(cosines(floats(0, 0)), [0, 0]);
  assert.deepEqual([...projections(floats(1, 0, 0, 1, 2, 2), indices(2, 0), v)], [14, 3]);
});

test("the area under the ROC curve by cases", () => {
  assert.equal(areaUnderCurve([3, 4], [1, 2]), 1);
  assert.equal(areaUnderCurve([1, 2], [3, 4]), 0);
  assert.equal(areaUnderCurve([5, 5], [5, 5, 5]), 0.5);
  assert.equal(areaUnderCurve([2, 1], [1]), 0.75);
  assert.equal(areaUnderCurve([1], [0]), 1);
});

test("the area under the ROC curve is the share of pairs won, ties and all", () => {
  const random = randomNumbers(1);
  for (let trial = 0; trial < 200; trial++) {
    const levels = 1 + Math.floor(12 * random()); // few levels: many ties
    const draw = (shift) => Array.from({ length: 1 + Math.floor(30 * random()) }, () => Math.floor(levels * random()) + shift);
    const [positives, negatives] = [draw(trial % 3), draw(0)];
    near(areaUnderCurve(positives, negatives), bruteForce(positives, negatives), 1e-12);
    near(areaUnderCurve(positives, negatives) + areaUnderCurve(negatives, positives), 1, 1e-12);
  }
});

test("sets that lie apart are told apart, also by a vector of the other half", () => {
  const codes = Float32Array.from({ length: 40 }, (_, i) => (i < 20 ? i : 100 + i)); // 20 codes of 2 units, then far ones
  const [a, b] = [indices(...Array(10).keys()), Uint32Array.from({ length: 10 }, (_, i) => 10 + i)];
  assert.deepEqual(separation(codes, 2, a, b), { same: 1, others: 1 });
});

test("a vector fitted to noise looks good on its own examples and not on others", () => {
  const random = randomNumbers(5);
  const codes = Float32Array.from({ length: 40 * 64 }, () => random() - 0.5);
  const [a, b] = [Uint32Array.from({ length: 20 }, (_, i) => i), Uint32Array.from({ length: 20 }, (_, i) => 20 + i)];
  const { same, others } = separation(codes, 64, a, b);
  assert.ok(same > 0.9, `${same}`);
  assert.ok(Math.abs(others - 0.5) < 0.25, `${others}`);
});

test("a set of one example has no other half", () => {
  assert.equal(separation(floats(1, 2, 3), 1, indices(2), indices(0, 1)).others, null);
});

test("the rest of the examples, and those in both", () => {
  assert.deepEqual([...complement(indices(1, 3), 5)], [0, 2, 4]);
  assert.deepEqual([...complement(indices(), 2)], [0, 1]);
  assert.equal(shared(indices(1, 2, 3), indices(3, 4, 1)), 2);
});

test("an analogy", () => {
  assert.deepEqual([...analogy(floats(3, 1), floats(1, 1), floats(10, 20))], [12, 20]);
});

test("groups: classes with their factors, or the position where there are no classes", () => {
  const meta = { classes: ["cat", "dog"], factors: ["size", "animal"], latent: 2 };
  const arrays = { labels: { data: new Int16Array([0, 1, 1, 0]) }, factors: { data: floats(1, 0, 2, 1, 3, 1, 5, 0) } };
  assert.deepEqual(groupsOf(meta, arrays), [
    { key: "class 0", label: "cat" }, { key: "class 1", label: "dog" }, { key: "factor 0", label: "size: upper half" },
  ]); // the animal is the class
  assert.deepEqual(groupsOf({ classes: [], factors: [] }, {}).map(({ key }) => key), ["label"]);
  assert.deepEqual([...membersOf("class 1", meta, arrays)], [1, 2]);
  assert.deepEqual([...membersOf("factor 0", meta, arrays)], [3]);
  assert.deepEqual([...membersOf("label", { classes: [], factors: [] }, { labels: { data: floats(-1, 0.5, 2) } })], [2]);
});
