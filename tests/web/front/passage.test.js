import assert from "node:assert/strict";
import { test } from "node:test";
import { bar, codeText, numbers, told } from "../../../app/web/front/passage.js";

test("numbers of a code have two decimals, a true minus, and no negative zero", () => {
  assert.deepEqual([1.234, -0.5, 0, -0.004, 12].map(told), ["1.23", "−0.50", "0.00", "0.00", "12.00"]);
});

test("a bar goes from the middle to the value, and never beyond its track", () => {
  assert.deepEqual(bar(0, 3), { left: 50, width: 0 });
  assert.deepEqual(bar(3, 3), { left: 50, width: 50 });
  assert.deepEqual(bar(-1.5, 3), { left: 25, width: 25 });
  assert.deepEqual(bar(-9, 3), { left: 0, width: 50 });
  assert.deepEqual(bar(0, 0), { left: 50, width: 0 });
});

test("a long code is told by its beginning", () => {
  assert.equal(codeText(Float32Array.of(0.5, -1)), "0.50, −1.00");
  assert.equal(codeText(new Float32Array(9)), `${Array(8).fill("0.00").join(", ")}, …`);
});

test("how many numbers there are is said as people say it", () => {
  assert.deepEqual([1, 2, 3072].map(numbers), ["1 number", "2 numbers", "3,072 numbers"]);
});
