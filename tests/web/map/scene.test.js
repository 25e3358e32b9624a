import assert from "node:assert/strict";
import { test } from "node:test";
import { Scene, steadyGlide } from "../../../app/web/map/scene.js";
import { randomNumbers } from "../support.js";

const random = randomNumbers(31);
const size = { width: 900, height: 640 };
const layout = (count, dimensions, more = {}) => ({
  points: Float32Array.from({ length: count * dimensions }, () => 10 * random()), dimensions, colours: new Uint32Array(count), ...more,
});
const shown = (scene, now = 1e6) => {
  scene.place(scene.fitted(size), size, now);
  return scene.positions.slice();
};

test("a fitted view holds every point, of a plane and of space however it is turned", () => {
  for (const dimensions of [2, 3]) {
    const scene = new Scene();
    scene.set(layout(500, dimensions), false, 0);
    for (let k = 0; k < 20; k++) {
      shown(scene).forEach((value, i) => assert.ok(value >= 0 && value <= (i & 1 ? 640 : 900)));
      scene.turn(37, 23);
    }
  }
});

test("without points there is a view, and nothing to meet", () => {
  for (const dimensions of [2, 3]) {
    const scene = new Scene();
    scene.set(layout(0, dimensions), false, 0);
    assert.ok([...scene.fitted(size).low, ...scene.fitted(size).high].every(Number.isFinite));
    assert.equal(scene.neighbours.nearest(0, 0, 1, 1), -1);
  }
});

test("points glide from where they stood to their new places, also into space", () => {
  const scene = new Scene();
  scene.set(layout(100, 2), false, 0);
  const before = shown(scene);
  scene.set(layout(100, 3), true, 1000);
  const start = shown(scene, 1000);
  before.forEach((value, i) => assert.ok(Math.abs(value - start[i]) < 1e-3));
  const end = shown(scene, 2000);
  assert.equal(scene.from, null);
  scene.set({ ...scene.layout }, false, 3000);
  shown(scene, 3000).forEach((value, i) => assert.ok(Math.abs(value - end[i]) < 1e-3));
});

test("a glide lasts less than 300 ms, and at its middle points are on their way", () => {
  const scene = new Scene();
  scene.set(layout(100, 2), false, 0);
  const before = shown(scene);
  scene.set(layout(100, 2), true, 0);
  const middle = shown(scene, 60);
  const after = shown(scene, 300);
  middle.forEach((value, i) => {
    assert.ok(value >= Math.min(before[i], after[i]) - 1e-3 && value <= Math.max(before[i], after[i]) + 1e-3);
  });
  assert.ok(middle.some((value, i) => Math.abs(value - after[i]) > 1) && middle.some((value, i) => Math.abs(value - before[i]) > 1));
});

test("another number of points, or very many of them, jump", () => {
  const scene = new Scene();
  scene.set(layout(100, 2), false, 0);
  shown(scene);
  scene.set(layout(101, 2), true, 0);
  assert.equal(scene.from, null);
  scene.set(layout(20001, 2), false, 0);
  shown(scene);
  scene.set(layout(20001, 2), true, 0);
  assert.equal(scene.from, null);
});

test("what the pointer meets follows the rotation", () => {
  const scene = new Scene();
  scene.set(layout(300, 3), false, 0);
  for (let k = 0; k < 5; k++) {
    scene.turn(40, 15);
    const { neighbours, plane } = scene;
    for (const i of [3, 77, 200]) {
      const found = neighbours.nearest(plane[2 * i], plane[2 * i + 1], 300, 300);
      assert.ok(Math.hypot(plane[2 * found] - plane[2 * i], plane[2 * found + 1] - plane[2 * i + 1]) < 1e-6);
    }
  }
});

test("a change of selection changes the order and nothing else", () => {
  const scene = new Scene();
  const first = layout(200, 2);
  scene.set(first, false, 0);
  const { neighbours, positions } = scene;
  const dimmed = Uint8Array.from({ length: 200 }, (_, i) => Number(i >= 50));
  scene.set({ ...first, dimmed }, false, 0);
  assert.equal(scene.neighbours, neighbours);
  assert.equal(scene.positions, positions);
  assert.ok([...scene.order.slice(0, 150)].every((i) => i >= 50));
  scene.set(first, false, 0);
  assert.ok([...scene.order.slice(0, 150)].some((i) => i < 50));
});

test("dimmed points of space have the second half of the stamps", () => {
  const scene = new Scene();
  const dimmed = Uint8Array.from({ length: 100 }, (_, i) => i % 2);
  scene.set(layout(100, 3, { dimmed }), false, 0);
  shown(scene);
  scene.kinds.forEach((kind, i) => assert.equal(kind >= 12, Boolean(dimmed[i])));
});

test("coordinates of the layout go where its points go", () => {
  for (const dimensions of [2, 3]) {
    const scene = new Scene();
    scene.set(layout(50, dimensions), false, 0);
    const positions = shown(scene);
    const there = scene.toPixels(scene.fitted(size), size)(scene.layout.points);
    assert.equal(there.length, 100);
    there.forEach((value, i) => assert.ok(Math.abs(value - positions[i]) < 1e-3));
  }
});

test("the view of a plane may be given, and may have equal scales; both reach the given box", () => {
  const scene = new Scene();
  scene.set(layout(50, 2, { box: { low: [0, 0], high: [1, 1] } }), false, 0);
  assert.deepEqual(scene.fitted(size), { low: [0, 0], high: [1, 1] });
  scene.set(layout(50, 2, { box: { low: [0, 0], high: [1, 1] }, equal: true }), false, 0);
  const { low, high } = scene.fitted(size);
  assert.ok(Math.abs((high[0] - low[0]) / 900 - (high[1] - low[1]) / 640) < 1e-12);
});

test("at a steady pace points and view have done half of the way in half of the time", () => {
  const scene = new Scene();
  scene.glide = steadyGlide(600);
  scene.set(layout(100, 2), false, 0);
  const before = shown(scene);
  // Another box around them: the view goes along.
  scene.set({ ...layout(100, 2), box: { low: [-5, -5], high: [30, 30] } }, true, 1000);
  const [middle, after] = [shown(scene, 1300), shown(scene, 1600)];
  middle.forEach((value, i) => assert.ok(Math.abs(value - (before[i] + after[i]) / 2) < 1e-2));
  assert.equal(scene.from, null);
});

test("points glide from where they were seen last, and from nowhere if they never were", () => {
  const scene = new Scene();
  scene.set(layout(100, 2), false, 0);
  scene.set(layout(100, 2), true, 0);
  assert.equal(scene.from, null);
  const seen = shown(scene, 0);
  scene.set(layout(100, 2), true, 1000);
  scene.set(layout(100, 2), true, 1000);
  const start = shown(scene, 1000);
  seen.forEach((value, i) => assert.ok(Math.abs(value - start[i]) < 1e-3));
});

test("names glide with the points, from where they were seen last", () => {
  const scene = new Scene(steadyGlide(600));
  const named = (x) => layout(100, 2, { box: { low: [0, 0], high: [10, 10] }, names: [{ text: "one", x, y: 5 }, { text: "two", x: 5, y: x }] });
  const seen = (now) => {
    shown(scene, now);
    return scene.names(scene.fitted(size), size);
  };
  scene.set(named(2), false, 0);
  const before = seen(0);
  assert.deepEqual(before.map(({ text }) => text), ["one", "two"]);
  scene.set(named(8), true, 1000);
  assert.deepEqual(seen(1000), before);
  const middle = seen(1300);
  const after = seen(1600);
  middle.forEach(({ x, y }, k) => {
    assert.ok(Math.abs(x - (before[k].x + after[k].x) / 2) < 1e-2);
    assert.ok(Math.abs(y - (before[k].y + after[k].y) / 2) < 1e-2);
  });
  assert.ok(after[0].x > before[0].x + 100);
  scene.set(named(3), false, 2000);
  assert.ok(Math.abs(seen(2000)[0].x - 270) < 1e-2);
});
