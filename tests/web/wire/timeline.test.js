import assert from "node:assert/strict";
import { test } from "node:test";
import { Timeline } from "../../../app/web/wire/timeline.js";
import { randomNumbers } from "../support.js";

const frame = (step, knobs = {}) => ({ meta: { step, knobs }, arrays: {} });
const filled = (count) => {
  const timeline = new Timeline();
  timeline.begin({ meta: {}, arrays: {} });
  for (let step = 0; step < count; step++) timeline.push(frame(step));
  return timeline;
};

test("an empty timeline shows nothing", () => {
  const timeline = new Timeline();
  assert.equal(timeline.shown, null);
  assert.equal(timeline.newest, null);
  assert.deepEqual(timeline.knobChanges(), []);
});

test("it follows the newest frame until it is moved", () => {
  const timeline = filled(5);
  assert.equal(timeline.shown, timeline.newest);
  timeline.seek(2);
  timeline.push(frame(5));
  assert.equal(timeline.shown.meta.step, 2);
  assert.equal(timeline.newest.meta.step, 5);
});

test("moving to the last frame follows the run again", () => {
  const timeline = filled(5);
  timeline.seek(1);
  timeline.seek(4);
  assert.equal(timeline.cursor, null);
  timeline.push(frame(5));
  assert.equal(timeline.shown.meta.step, 5);
});

test("moving beyond the ends stops at them", () => {
  const timeline = filled(5);
  timeline.seek(-10);
  assert.equal(timeline.shown.meta.step, 0);
  timeline.seek(99);
  assert.equal(timeline.shown.meta.step, 4);
  timeline.seek(1.6);
  assert.equal(timeline.shown.meta.step, 2);
});

test("scrubbing there and back restores the same frame", () => {
  const timeline = filled(50);
  const end = timeline.shown;
  for (let i = 49; i >= 0; i--) timeline.seek(i);
  for (let i = 0; i < 50; i++) timeline.seek(i);
  assert.equal(timeline.shown, end);
});

test("another scene begins again", () => {
  const timeline = filled(5);
  timeline.seek(1);
  timeline.begin({ meta: { other: true }, arrays: {} });
  assert.deepEqual(timeline.frames, []);
  assert.equal(timeline.cursor, null);
  assert.equal(timeline.scene.meta.other, true);
});

test("however many frames come, some are kept: the first, the last, the one on show, in order", () => {
  const timeline = filled(1000);
  timeline.seek(777);
  const shown = timeline.shown;
  for (let step = 1000; step < 10000; step++) {
    timeline.push(frame(step));
    assert.ok(timeline.frames.length <= 1200);
    assert.equal(timeline.shown, shown);
  }
  const steps = timeline.frames.map((f) => f.meta.step);
  assert.equal(steps[0], 0);
  assert.equal(steps.at(-1), 9999);
  assert.ok(steps.every((step, i) => i === 0 || step > steps[i - 1]));
  assert.ok(steps.length > 500);
});

test("the frame nearest to a step", () => {
  const timeline = new Timeline();
  for (const step of [0, 10, 11, 50]) timeline.push(frame(step));
  const nearest = (step) => timeline.frames[timeline.indexOfStep(step)].meta.step;
  assert.deepEqual([-5, 0, 4, 6, 11, 30, 31, 1e9].map(nearest), [0, 0, 0, 10, 11, 11, 50, 50]);
});

test("of several frames at one step the newest is the nearest", () => {
  const timeline = new Timeline();
  for (const step of [0, 10, 10, 20]) timeline.push(frame(step));
  assert.equal(timeline.indexOfStep(10), 2);
});

test("changes of knobs, each once, where they took effect", () => {
  const timeline = new Timeline();
  const at = (step, level, since, rate = [1e-3, 0]) => timeline.push(frame(step, { level: [level, since], learning_rate: rate }));
  at(0, 0.3, 0);
  at(10, 0.3, 0);
  at(20, 0.5, 13);
  at(30, 0.5, 13);
  at(35, 0.5, 13);
  at(40, 0.1, 39, [1e-2, 31]);
  assert.deepEqual(timeline.knobChanges(), [
    { step: 13, name: "level", from: 0.3, to: 0.5 },
    { step: 39, name: "level", from: 0.5, to: 0.1 },
    { step: 31, name: "learning_rate", from: 1e-3, to: 1e-2 },
  ]);
});

test("a drag is one change, to where it ended, and the next drag another one", () => {
  const timeline = new Timeline();
  const at = (step, level, since) => timeline.push(frame(step, { level: [level, since] }));
  at(0, 10, 0);
  for (let k = 1; k <= 20; k++) {
    at(10 * k, 10 + k, 10 * k - 3);
    if (k === 7) at(10 * k + 5, 10 + k, 10 * k - 3); // the hand rests
  }
  for (const step of [210, 215]) at(step, 30, 197);
  for (let k = 0; k < 5; k++) at(220 + 10 * k, 40 + k, 215 + 10 * k);
  assert.deepEqual(timeline.knobChanges().map(({ step, from, to }) => [step, from, to]), [[197, 10, 30], [255, 30, 44]]);
});

test("any sequence of pushes and moves keeps the cursor on a frame", () => {
  const random = randomNumbers(1);
  const timeline = filled(1);
  let step = 1;
  for (let i = 0; i < 5000; i++) {
    if (random() < 0.8) timeline.push(frame(step++));
    else timeline.seek(Math.floor(random() * timeline.frames.length));
    assert.ok(timeline.shown);
    assert.ok(timeline.cursor === null || (timeline.cursor >= 0 && timeline.cursor < timeline.frames.length));
  }
});
