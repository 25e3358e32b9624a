import assert from "node:assert/strict";
import { test } from "node:test";
import { colouring } from "../../../app/web/space/colouring.js";
import { SPLITS, splitOf } from "../../../app/web/space/split.js";

const labels = Int16Array.from([3, 1, 3, 1]);
const space = (left_out) => ({ held_out: 2, count: 4, classes: ["0", "1", "2", "3"], experiment: { left_out } });

test("held-out examples come first, the others were trained on", () => {
  assert.deepEqual([0, 1, 2, 3].map((i) => SPLITS[splitOf(i, space(null), labels)]), ["held out", "held out", "trained on", "trained on"]);
});

test("of a class that was left out no example was trained on", () => {
  assert.deepEqual([0, 1, 2, 3].map((i) => SPLITS[splitOf(i, space(3), labels)]), ["held out", "held out", "left out of training", "trained on"]);
});

test("colours name the parts that there are", () => {
  const arrays = { labels: { data: labels } };
  assert.deepEqual(colouring("split", space(null), arrays).names, SPLITS.slice(0, 2));
  const { names, colours } = colouring("split", space(3), arrays);
  assert.deepEqual(names, SPLITS);
  assert.equal(new Set(colours).size, 3);
  assert.equal(colours[0], colours[1]);
});
