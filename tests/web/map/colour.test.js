import assert from "node:assert/strict";
import { test } from "node:test";
import { classColour, rampColour } from "../../../app/web/base/palette.js";
import { cssColour, packColour, packRgb, pointColours } from "../../../app/web/map/colour.js";

test("a colour is the same pixel however it is written, and comes back from it", () => {
  assert.equal(packColour("#0a80ff"), packRgb(10, 128, 255));
  assert.equal(packColour("rgb(10,128,255)"), packColour("#0a80ff"));
  assert.equal(packColour("rgb(10, 128, 255)"), packColour("#0a80ff"));
  assert.equal(cssColour(packColour("#0a80ff")), "#0a80ff");
});

test("classes have the colours that they have everywhere; real labels go along the ramp", () => {
  assert.deepEqual([...pointColours([0, 2], ["a", "b", "c"])].map(cssColour), [classColour(0), classColour(2)]);
  const [low, , high] = pointColours([-1, 0.5, 3], []);
  assert.equal(low, packColour(rampColour(0)));
  assert.equal(high, packColour(rampColour(1)));
});
