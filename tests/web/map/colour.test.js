import assert from "node:assert/strict";
import { test } from "node:test";
import { CLASS_COLOURS, classColour } from "../../../app/web/base/palette.js";
import { cssColour, packColour, packPalette, packRgb } from "../../../app/web/map/colour.js";

test("a colour is the same pixel however it is written, and comes back from it", () => {
  assert.equal(packColour("#0a80ff"), packRgb(10, 128, 255));
  assert.equal(packColour("rgb(10,128,255)"), packColour("#0a80ff"));
  assert.equal(packColour("rgb(10, 128, 255)"), packColour("#0a80ff"));
  assert.equal(cssColour(packColour("#0a80ff")), "#0a80ff");
});

test("classes have the colours that they have everywhere, whatever the others are", () => {
  assert.deepEqual([...packPalette([0, 2, 11], CLASS_COLOURS)].map(cssColour), [classColour(0), classColour(2), classColour(1)]);
});
