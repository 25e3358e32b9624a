import assert from "node:assert/strict";
import { test } from "node:test";
import { labelName } from "../../../app/web/base/labels.js";

test("a label is called by its class, or is a number", () => {
  assert.equal(labelName({ classes: ["cat", "dog"], labelled: true }, 1), "dog");
  assert.equal(labelName({ classes: [], labelled: true }, 0), "0");
  assert.equal(labelName({ classes: [] }, 2.5), "2.5"); // as version 0.1.0 wrote it
});

test("examples of which nothing is known have no label", () => {
  assert.equal(labelName({ classes: [], labelled: false }, 0), "");
});
