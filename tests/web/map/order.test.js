import assert from "node:assert/strict";
import { test } from "node:test";
import { extent } from "../../../app/web/map/placing.js";
import { paintOrder } from "../../../app/web/map/order.js";
import { randomNumbers } from "../support.js";

const random = randomNumbers(2);
const points = Float32Array.from({ length: 4000 }, () => 10 * random());
const dimmed = Uint8Array.from({ length: 2000 }, (_, i) => Number(i % 3 === 0));
const all = Array.from({ length: 2000 }, (_, i) => i);

test("every point is painted once, the dimmed ones first", () => {
  for (const faded of [null, dimmed]) assert.deepEqual([...paintOrder(points, extent(points), faded)].sort((a, b) => a - b), all);
  const order = [...paintOrder(points, extent(points), dimmed)];
  assert.deepEqual(order.map((i) => dimmed[i]), order.map((i) => dimmed[i]).sort((a, b) => b - a));
});

test("where classes meet, either one lies above the other about as often", () => {
  const order = paintOrder(points, extent(points), null);
  const place = new Uint32Array(2000);
  order.forEach((i, k) => (place[i] = k));
  // The first half and the second half of the indices are two classes in the same place.
  let [above, pairs] = [0, 0];
  for (let i = 0; i < 1000; i++) {
    for (let j = 1000; j < 2000; j++) {
      if (Math.hypot(points[2 * i] - points[2 * j], points[2 * i + 1] - points[2 * j + 1]) > 0.15) continue;
      pairs++;
      above += Number(place[i] > place[j]);
    }
  }
  assert.ok(pairs > 400 && Math.abs(above / pairs - 0.5) < 0.1, `${above} of ${pairs}`);
});

test("points painted one after the other are near each other", () => {
  const order = paintOrder(points, extent(points), null);
  let sum = 0;
  for (let k = 1; k < 2000; k++) sum += Math.abs(points[2 * order[k] + 1] - points[2 * order[k - 1] + 1]);
  assert.ok(sum / 2000 < 0.5);
});

test("the order is the same every time; points outside the box and at NaN have a place too", () => {
  assert.deepEqual(paintOrder(points, extent(points), null), paintOrder(points.slice(), extent(points), null));
  const odd = Float32Array.of(NaN, 1, 1e9, -1e9, 0.5, Infinity);
  assert.deepEqual([...paintOrder(odd, { low: [0, 0], high: [1, 1] }, null)].sort(), [0, 1, 2]);
  assert.equal(paintOrder(new Float32Array(0), { low: [0, 0], high: [1, 1] }, null).length, 0);
});
