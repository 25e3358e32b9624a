import assert from "node:assert/strict";
import { test } from "node:test";
import { backToFront, ballAround, firstRotation, project, turned } from "../../../app/web/map/orbit.js";
import { randomNumbers } from "../support.js";

const random = randomNumbers(6);
const points = Float32Array.from({ length: 900 }, () => 8 * random() - 3);
const ball = ballAround(points);
const at = (coordinates, rotation, around = ball) => {
  const [plane, near] = [new Float32Array(2), new Float32Array(1)];
  project(Float32Array.from(coordinates), around, rotation, plane, near);
  return [...plane, near[0]];
};
const unit = { centre: [0, 0, 0], radius: 1, low: [-1, -1, -1], high: [1, 1, 1] };
const plain = [1, 0, 0, 0, 1, 0, 0, 0, 1];

test("a rotation stays one after ten thousand drags", () => {
  let rotation = firstRotation();
  for (let k = 0; k < 10000; k++) rotation = turned(rotation, 40 * (random() - 0.5), 40 * (random() - 0.5));
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      const dot = [0, 1, 2].reduce((sum, k) => sum + rotation[3 * i + k] * rotation[3 * j + k], 0);
      assert.ok(Math.abs(dot - Number(i === j)) < 1e-9);
    }
  }
  const [a, b, c, d, e, f, g, h, i] = rotation;
  assert.ok(Math.abs(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g) - 1) < 1e-9, "not mirrored");
});

test("what is in front follows the drag: to the right, and downwards", () => {
  const front = [0, 0, 1];
  assert.ok(at(front, turned(plain, 30, 0), unit)[0] > 0.1);
  assert.ok(at(front, turned(plain, 0, 30), unit)[1] < -0.1);
  assert.ok(at([0, 0, -1], turned(plain, 30, 0), unit)[0] < -0.1);
});

test("a drag there and back leaves things where they were", () => {
  const back = turned(turned(firstRotation(), 25, 0), -25, 0);
  firstRotation().forEach((value, k) => assert.ok(Math.abs(value - back[k]) < 1e-12));
});

test("at first, the third axis points upwards and the first to the right", () => {
  const [x0, , ] = at([0, 0, 0], firstRotation(), unit);
  assert.ok(at([0, 0, 1], firstRotation(), unit)[1] > 0.5);
  assert.ok(at([1, 0, 0], firstRotation(), unit)[0] > x0 + 0.5);
});

test("every point is within the ball, and a nearer one looks larger", () => {
  for (let i = 0; i < points.length; i += 3) {
    const [x, y, near] = at(points.subarray(i, i + 3), firstRotation());
    assert.ok(Math.hypot(x, y) < 1.1 && Math.abs(near) <= 1 + 1e-6);
  }
  assert.ok(at([0.5, 0, 0.5], plain, unit)[0] > at([0.5, 0, -0.5], plain, unit)[0]);
  assert.equal(at([0.5, 0, 0], plain, unit)[0], 0.5);
});

test("the order goes from the back to the front, and levels rise with nearness", () => {
  const near = Float32Array.from({ length: 500 }, () => 2 * random() - 1);
  const level = new Uint8Array(500);
  const order = backToFront(near, 12, level);
  assert.deepEqual([...order].sort((a, b) => a - b), Array.from({ length: 500 }, (_, i) => i));
  for (let k = 1; k < 500; k++) {
    assert.ok(near[order[k]] >= near[order[k - 1]] - 2 / 1024);
    assert.ok(level[order[k]] >= level[order[k - 1]]);
  }
  assert.ok(Math.min(...level) === 0 && Math.max(...level) === 11);
});

test("no points, one point, and points in one place make a ball of some size", () => {
  for (const few of [[], [1, 2, 3], [1, 2, 3, 1, 2, 3]]) assert.ok(ballAround(Float32Array.from(few)).radius > 0);
});
