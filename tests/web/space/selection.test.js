import assert from "node:assert/strict";
import { test } from "node:test";
import { isWhole } from "../../../app/web/space/layouts.js";
import { selectionText } from "../../../app/web/space/selection.js";

test("how many are selected is told, of as many as there are", () => {
  assert.equal(selectionText(0, 1797), "1,797 examples");
  assert.equal(selectionText(1200, 1797), "1,200 of 1,797 selected");
});

test("a plane of two units, and a space of three, have nothing that a projection could lose", () => {
  const space = { ready: () => ({ units: 2 }) };
  assert.deepEqual([1, 2, 3].map((dimensions) => isWhole(space, dimensions)), [false, true, true]);
});
