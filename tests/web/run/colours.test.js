import assert from "node:assert/strict";
import { test } from "node:test";
import { areOfMoment, runChoices, runColouring } from "../../../app/web/run/colours.js";

const sceneOf = (meta, arrays = {}) => ({ meta: { classes: [], latent: 2, factors: [], ...meta }, arrays: { labels: { data: new Float32Array(3) }, ...arrays } });
const frame = { meta: {}, arrays: { errors: { data: Float32Array.of(3, 1, 2) } } };
const keys = (scene, of) => runChoices(scene, of).map(({ key }) => key);

test("a run's map is coloured by class, by factors, or without any by the error of the moment", () => {
  assert.deepEqual(keys(sceneOf({ labelled: true, classes: ["a", "b"] }), { meta: {}, arrays: {} }), ["label"]);
  assert.deepEqual(keys(sceneOf({ labelled: true, classes: ["a"], factors: ["size"] }), { meta: {}, arrays: {} }), ["label", "factor 0"]);
  assert.deepEqual(keys(sceneOf({ labelled: false }), frame), ["errors"]);
  assert.deepEqual(keys(sceneOf({ labelled: false, factors: ["size"] }), frame), ["errors", "factor 0"]);
  assert.deepEqual(["errors", "label", "factor 0"].map(areOfMoment), [true, false, false]);
});

test("without labels the points are not all of one colour, and the legend says what they mean", () => {
  const { colours, title, ends } = runColouring("errors", sceneOf({ labelled: false }), frame);
  assert.deepEqual([new Set(colours).size, title, ends], [3, "reconstruction error ‖x − x̂‖²", ["1", "3"]]);
});

test("frames that tell no errors, as those of version 0.1.0, leave one colour and a word", () => {
  const { colours, title } = runColouring("errors", sceneOf({ labelled: false }), { meta: {}, arrays: {} });
  assert.deepEqual([new Set(colours).size, title], [1, "without labels: all points in one colour"]);
});
