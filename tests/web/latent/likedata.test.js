import assert from "node:assert/strict";
import { test } from "node:test";
import { figureOf, habitsOf, inked, isUsual, placed } from "../../../app/web/latent/example/likedata.js";
import { randomNumbers } from "../support.js";

const SHAPE = [1, 28, 28];
const random = randomNumbers(3);

/** A seven, 10 wide and 18 high at (left, top), bright on a ground, in a picture. */
function seven({ shape = SHAPE, left = 9, top = 5, width = 10, height = 18, ground = 0, ink = 1, noise = 0 } = {}) {
  const [, rows, columns] = shape;
  return Float32Array.from({ length: rows * columns }, (_, at) => {
    const [x, y] = [(at % columns) + 0.5 - left, Math.floor(at / columns) + 0.5 - top];
    const stroke = x >= 0 && y >= 0 && x < width && y < height && (y < height / 6 || x > width * (0.8 - (0.6 * y) / height) && x < width * (1.1 - (0.6 * y) / height));
    return (stroke ? ink : ground) + noise * (random() - 0.5);
  });
}

const examples = Array.from({ length: 40 }, (_, k) => seven({ left: 8 + (k % 3), top: 4 + (k % 2), width: 9 + (k % 4), height: 17 + (k % 3) }));
const habits = habitsOf(examples, SHAPE);

test("figures on one ground have habits", () => {
  assert.deepEqual(habits.ground, [0]);
  assert.equal(habits.bright, true);
  assert.ok(Math.abs(habits.strength - 1) < 1e-6);
  assert.ok(habits.sides[0] >= 17 / 28 - 1e-6 && habits.sides[2] <= 19 / 28 + 1e-6);
});

test("pictures without one ground have none", () => {
  const photos = Array.from({ length: 20 }, () => Float32Array.from({ length: 784 }, () => random()));
  assert.equal(habitsOf(photos, SHAPE), null);
  assert.equal(habitsOf([], SHAPE), null);
  assert.equal(figureOf(new Float32Array(784).fill(0.4), SHAPE), null);
});

test("an example of the data stays as it is", () => {
  for (const x of examples) assert.ok(isUsual(figureOf(x, SHAPE), habits));
});

const FOREIGN = {
  "cropped tight": seven({ left: 1, top: 1, width: 26, height: 26 }),
  "shifted by 6 pixels": seven({ left: 15, top: 5 }),
  "at half size in a corner": seven({ left: 1, top: 1, width: 5, height: 9 }),
  "ink on grey paper": seven({ ground: 0.7, ink: 0.2, noise: 0.05 }),
  "weak": seven({ ink: 0.3 }),
};

for (const [what, x] of Object.entries(FOREIGN)) {
  test(`one that is ${what} is made like the data`, () => {
    const figure = figureOf(x, SHAPE);
    assert.ok(!isUsual(figure, habits));
    const size = { width: 28, height: 28 };
    const where = placed(figure, size, habits, size);
    // Drawn there, by the nearest pixel; its ground goes on beyond its edges.
    const moved = Float32Array.from({ length: 784 }, (_, at) => {
      const column = Math.floor((((at % 28) + 0.5 - where.x) / where.width) * 28);
      const row = Math.floor(((Math.floor(at / 28) + 0.5 - where.y) / where.height) * 28);
      return column >= 0 && column < 28 && row >= 0 && row < 28 ? x[28 * row + column] : figure.ground[0];
    });
    const made = inked(figureOf(moved, SHAPE), moved, habits);
    const found = figureOf(made, SHAPE);
    assert.ok(isUsual(found, habits), JSON.stringify({ ...found, ink: undefined }));
    assert.ok(Math.abs(Math.max(found.box.right - found.box.left, found.box.bottom - found.box.top) - habits.sides[1]) < 0.09);
    assert.equal(made[0], 0);
    assert.ok(made.every((value) => value >= 0 && value <= 1));
  });
}

test("in colour the ground is the data's and the figure keeps its colours", () => {
  const shape = [3, 28, 28];
  const plane = (ink, ground) => Array.from(seven({ ink, ground }));
  const coloured = (ink, ground) => Float32Array.from([0, 1, 2].flatMap((c) => plane(ink[c], ground[c])));
  const known = habitsOf(Array.from({ length: 9 }, (_, k) => coloured([1, k / 9, 0.2], [0, 0, 0.1])), shape);
  assert.ok(known.ground.every((value, c) => Math.abs(value - [0, 0, 0.1][c]) < 1e-6));
  const own = coloured([0.2, 0.1, 0.9], [0.8, 0.8, 0.8]);
  const figure = figureOf(own, shape);
  assert.ok(!isUsual(figure, known));
  const made = inked(figure, own, known);
  const [on, off] = [28 * 6 + 14, 0];
  [0.2, 0.1, 0.9].forEach((value, c) => assert.ok(Math.abs(made[784 * c + on] - value) < 0.02));
  [0, 0, 0.1].forEach((value, c) => assert.ok(Math.abs(made[784 * c + off] - value) < 0.02));
});
