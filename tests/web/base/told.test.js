import assert from "node:assert/strict";
import { test } from "node:test";
import { toldChoices } from "../../../app/web/base/told.js";

const scene = (told, classes) => ({ experiment: { network: { classes: told } }, classes });

test("a decoder that is told no class offers none, whatever classes the data have", () => {
  assert.deepEqual(toldChoices(scene(0, ["0", "1"])), []);
  assert.deepEqual(toldChoices(scene(0, [])), []);
});

test("a decoder that is told the class offers none first, then each by its name and index", () => {
  assert.deepEqual(toldChoices(scene(2, ["cat", "dog"])), [
    { label: -1, name: "none" }, { label: 0, name: "cat" }, { label: 1, name: "dog" },
  ]);
});

test("a class without a name goes by its number", () => {
  assert.deepEqual(toldChoices(scene(2, ["cat"])).map(({ name }) => name), ["none", "cat", "1"]);
});
