import assert from "node:assert/strict";
import { test } from "node:test";
import { colourChoices, colouring, isLabelled } from "../../../app/web/space/colouring.js";
import { groupsOf } from "../../../app/web/space/groups.js";
import { LatentSpace } from "../../../app/web/space/space.js";

const old = { latent: 1, held_out: 3, count: 3, classes: [], factors: [] }; // as version 0.1.0 wrote it
const bare = { ...old, labelled: false };
const arrays = { labels: { data: new Float32Array(3) }, codes: { data: Float32Array.of(1, 2, 3) } };

test("examples of which nothing is known are in one colour without a meaning", () => {
  assert.equal(colourChoices(bare, arrays)[0].label, "nothing");
  const { colours, names, ends } = colouring("label", bare, arrays);
  assert.deepEqual([new Set(colours).size, colours.length, names, ends], [1, 3, null, null]);
});

test("they are in no group, and have no label", () => {
  assert.deepEqual(groupsOf(bare, arrays), []);
  assert.equal(LatentSpace.prototype.labelOf.call({ ready: () => ({ labels: arrays.labels.data, meta: bare }) }, 1), "none");
});

test("what version 0.1.0 wrote is labelled", () => {
  assert.ok(isLabelled(old));
  assert.equal(colourChoices(old, arrays)[0].label, "position");
  assert.deepEqual(groupsOf(old, arrays).map(({ key }) => key), ["label"]);
  assert.equal(LatentSpace.prototype.labelOf.call({ ready: () => ({ labels: Float32Array.of(0, 2.5), meta: old }) }, 1), "2.5");
});
