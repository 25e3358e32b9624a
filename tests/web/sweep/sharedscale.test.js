import assert from "node:assert/strict";
import { test } from "node:test";
import { sharedBox } from "../../../app/web/sweep/sharedscale.js";

const wanted = (low, high, rows = false) => ({ box: { low, high }, rows });

test("one view holds those of all cells that count", () => {
  assert.deepEqual(sharedBox([wanted([-1, -2], [1, 3]), null, wanted([-4, 0], [0, 1])]), { low: [-4, -2], high: [1, 3] });
});

test("rows of a code of one unit do not count upwards, unless there is nothing else", () => {
  const rows = wanted([-9, -50], [9, 50], true);
  assert.deepEqual(sharedBox([rows, wanted([-3, -3], [3, 3])]), { low: [-9, -3], high: [9, 3] });
  assert.deepEqual(sharedBox([rows]), { low: [-9, -50], high: [9, 50] });
});

test("without any cell there is none", () => {
  assert.equal(sharedBox([null, null]), null);
});
