import assert from "node:assert/strict";
import { test } from "node:test";
import { choose, Thumbnails } from "../../../app/web/map/thumbnails.js";
import { randomNumbers } from "../support.js";

const random = randomNumbers(21);
const count = 800;
const positions = Float32Array.from({ length: 2 * count }, (_, i) => (i & 1 ? 640 : 900) * random());
const all = Array.from({ length: count }, (_, i) => i);
const meet = (i, j, places, cell) => Math.abs(places[2 * i] - places[2 * j]) < cell && Math.abs(places[2 * i + 1] - places[2 * j + 1]) < cell;

test("no two pictures overlap, and no point is left out that had room", () => {
  const chosen = choose(all, positions, 34, new Set());
  assert.ok(chosen.length > 100);
  chosen.forEach((i, a) => chosen.slice(a + 1).forEach((j) => assert.ok(!meet(i, j, positions, 34))));
  const set = new Set(chosen);
  for (const i of all) if (!set.has(i)) assert.ok(chosen.some((j) => meet(i, j, positions, 34)));
});

test("while one pans, the same pictures stay, whatever comes into view", () => {
  let shown = new Set(choose(all, positions, 34, new Set()));
  for (let k = 0; k < 40; k++) {
    const moved = positions.map((value, i) => (i & 1 ? value : value - 9.7 * (k + 1)));
    const candidates = all.filter((i) => moved[2 * i] > -100 && moved[2 * i] < 1000);
    const next = new Set(choose(candidates, moved, 34, shown));
    for (const i of shown) if (candidates.includes(i)) assert.ok(next.has(i), `picture ${i} went`);
    shown = next;
  }
});

test("while one zooms in, a picture that is shown stays", () => {
  const before = new Set(choose(all, positions, 34, new Set()));
  const after = new Set(choose(all, positions.map((value) => 1.3 * value), 34, before));
  for (const i of before) assert.ok(after.has(i));
  assert.ok(after.size > before.size);
});

test("pictures appear when few points are in view, and do not flicker at the limit", () => {
  const thumbnails = new Thumbnails(() => null);
  const shown = (visible) => {
    thumbnails.update(all, visible, positions, 1);
    return thumbnails.shown.size > 0;
  };
  assert.deepEqual([600, 450, 400, 450, 520, 521, 450].map(shown), [false, false, true, true, true, false, false]);
});

test("the size of pictures follows the zoom and not the panning", () => {
  const thumbnails = new Thumbnails(() => null);
  const side = (visible, scale) => {
    thumbnails.update(all, visible, positions, scale);
    return thumbnails.side;
  };
  const first = side(300, 1);
  assert.equal(side(20, 1), first);
  assert.ok(side(20, 2) > first);
});

test("pictures that are missing are told once, and drawn when they are there", () => {
  const pictures = new Map();
  const told = [];
  const drawn = [];
  const context = { fillRect() {}, drawImage: (picture) => drawn.push(picture) };
  const thumbnails = new Thumbnails((i) => pictures.get(i) ?? null, (wanted) => told.push(wanted));
  const draw = () => {
    drawn.length = 0;
    thumbnails.update([0, 1, 2], 3, Float32Array.of(100, 100, 300, 100, -500, 100), 1);
    thumbnails.draw(context, Float32Array.of(100, 100, 300, 100, -500, 100), { width: 900, height: 640 }, () => "#000000", () => false);
  };
  draw();
  draw();
  assert.deepEqual(told, [[0, 1]], "the third one is out of view");
  pictures.set(0, { width: 8, height: 8 });
  draw();
  assert.deepEqual(told, [[0, 1], [1]]);
  pictures.set(1, { width: 8, height: 8 });
  draw();
  assert.equal(told.length, 2);
  assert.equal(drawn.length, 2);
});

test("a picture keeps its proportions, as large as its place allows", () => {
  const drawn = [];
  const context = { fillRect() {}, drawImage: (picture, ...box) => drawn.push(box) };
  const thumbnails = new Thumbnails(() => ({ width: 20, height: 10 }));
  const positions = Float32Array.of(100, 100);
  thumbnails.update([0], 1, positions, 1);
  thumbnails.draw(context, positions, { width: 900, height: 640 }, () => "#000000", () => false);
  const { side } = thumbnails;
  assert.deepEqual(drawn, [[100 - side / 2, Math.round(100 - side / 4), side, side / 2]]);
});
