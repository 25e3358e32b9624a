import assert from "node:assert/strict";
import { test } from "node:test";
import { Scene } from "../../../app/web/map/scene.js";
import { priorBox, priorRings } from "../../../app/web/space/prior.js";
import { randomNumbers } from "../support.js";

const random = randomNumbers(5);
const cloud = (spread, count = 300) => Float32Array.from({ length: 2 * count }, () => spread * (2 * random() - 1));
const size = { width: 700, height: 400 };

/** Where points and the two rings stand on the screen. */
function drawn(points, rows = false) {
  const scene = new Scene();
  scene.set({ points, dimensions: 2, colours: new Uint32Array(points.length / 2), box: priorBox(points, rows), equal: true, rows }, false, 0);
  const box = scene.fitted(size);
  scene.place(box, size, 1e6);
  return { box, positions: scene.positions, toPixels: scene.toPixels(box, size) };
}

test("rings of one and two standard deviations lie around the prior's middle", () => {
  assert.deepEqual(priorRings().map(({ centre, radius }) => [centre, radius]), [[[0, 0], 1], [[0, 0], 2]]);
  assert.deepEqual(priorRings([3, -1])[1].centre, [3, -1]);
});

test("however small the codes are, three standard deviations are shown, so that a collapse is seen", () => {
  for (const spread of [0, 1e-4, 0.5, 2.5]) assert.deepEqual(priorBox(cloud(spread), false), { low: [-3, -3], high: [3, 3] });
  const { positions, toPixels } = drawn(cloud(1e-3));
  const [left, middle] = toPixels([-1, 0, 0, 0]);
  const radius = toPixels([0, 0])[0] - left;
  assert.ok(radius > 50 && middle === 200);
  for (let i = 0; i < positions.length; i += 2) assert.ok(Math.hypot(positions[i] - 350, positions[i + 1] - 200) < radius / 100);
});

test("codes beyond it are never cut off: the view grows as far as they lie", () => {
  for (const spread of [3.5, 12, 4000]) {
    const points = cloud(spread);
    points.set([5 * spread, 0, 0, -2 * spread]);
    const { box, positions } = drawn(points);
    positions.forEach((value, i) => assert.ok(value >= 0 && value <= (i & 1 ? size.height : size.width)));
    assert.ok(box.low[0] <= -3 && box.high[1] >= 3);
  }
});

test("both units have one scale, whatever the shape of the canvas", () => {
  const { toPixels } = drawn(cloud(9));
  const [x0, y0, x1, y1] = toPixels([0, 0, 1, 1]);
  assert.ok(Math.abs(x1 - x0 - (y0 - y1)) < 1e-3);
});

test("a code of one unit has the prior along its unit, and keeps its rows", () => {
  const points = cloud(0.4);
  const { low, high } = priorBox(points, true);
  assert.deepEqual([low[0], high[0]], [-3, 3]);
  assert.ok(low[1] > -1 && high[1] < 1);
  const { positions } = drawn(points, true);
  const heights = positions.filter((_, i) => i & 1);
  assert.ok(Math.max(...heights) - Math.min(...heights) > 0.8 * size.height);
});

test("around another middle it shows as much", () => {
  assert.deepEqual(priorBox(cloud(0.1), false, [10, 0]).high, [13, 3]);
  assert.ok(priorBox(cloud(0.1), false, [10, 0]).low[0] < 0);
});
