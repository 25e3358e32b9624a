import assert from "node:assert/strict";
import { test } from "node:test";
import { lastMoment, seekAll } from "../../../app/web/compare/clock.js";
import { Focus } from "../../../app/web/compare/focus.js";
import { oneOfEach } from "../../../app/web/compare/strip.js";
import { Timeline } from "../../../app/web/wire/timeline.js";

const run = (steps, perEpoch) => {
  const timeline = new Timeline();
  timeline.begin({ meta: { steps_per_epoch: perEpoch }, arrays: {}, bytes: 0 });
  for (const step of steps) timeline.push({ meta: { step, knobs: {} }, arrays: {}, bytes: 0 });
  return timeline;
};
const steps = (timelines) => timelines.map((timeline) => timeline.shown?.meta.step ?? null);

test("a common step is the nearest frame of each run; one that ended before stays at its end", () => {
  const runs = [run([0, 10, 20, 30, 40], 10), run([0, 12, 24], 4), new Timeline()];
  seekAll(runs, 21, "step");
  assert.deepEqual(steps(runs), [20, 24, null]);
  seekAll(runs, 40, "step");
  assert.deepEqual(steps(runs), [40, 24, null]);
  assert.equal(runs[1].cursor, null);
});

test("a common epoch is another step in runs with other batches", () => {
  const runs = [run([0, 10, 20, 30, 40], 10), run([0, 4, 8, 12], 4)];
  seekAll(runs, 2, "epoch");
  assert.deepEqual(steps(runs), [20, 8]);
});

test("now is where each run is, also when it goes on", () => {
  const runs = [run([0, 10, 20], 10), run([0, 5], 5)];
  seekAll(runs, 5, "step");
  seekAll(runs, null, "step");
  runs[0].push({ meta: { step: 30, knobs: {} }, arrays: {}, bytes: 0 });
  assert.deepEqual(steps(runs), [30, 5]);
});

test("the last moment is that of the longest run", () => {
  const runs = [run([0, 10, 20], 10), run([0, 12], 3)];
  assert.equal(lastMoment(runs, "step"), 20);
  assert.equal(lastMoment(runs, "epoch"), 4);
  assert.equal(lastMoment([new Timeline()], "step"), 0);
});

test("what is under the pointer goes before what is kept, and comes back to it", () => {
  const focus = new Focus();
  const told = [];
  focus.listen((change) => told.push(`${change} ${focus.index}`));
  focus.hover(3);
  focus.hover(3);
  focus.pin(3);
  focus.hover(7);
  focus.hover(-1);
  focus.pin(3);
  assert.deepEqual(told, ["example 3", "example 3", "example 7", "example 3", "example -1"]);
});

test("a selection grows and shrinks", () => {
  const focus = new Focus();
  focus.select(Uint32Array.of(5, 1));
  focus.select(Uint32Array.of(9, 1), "add");
  assert.deepEqual([...focus.set], [1, 5, 9]);
  focus.select(Uint32Array.of(5), "subtract");
  assert.deepEqual([...focus.set], [1, 9]);
});

test("the strip has one of each class, and then a second of each", () => {
  assert.deepEqual(oneOfEach([1, 1, 0, 2, 0, 2, 1], 6, ["a", "b", "c"]), [2, 0, 3, 4, 1, 5]);
});

test("where there are no classes the strip goes from the lowest label to the highest", () => {
  assert.deepEqual(oneOfEach([0.5, 0.1, 0.9], 2, []), [1, 0]);
  const labels = Array.from({ length: 100 }, (_, i) => 99 - i);
  assert.deepEqual(oneOfEach(labels, 100, []).map((i) => labels[i]), [0, 11, 22, 33, 44, 55, 66, 77, 88, 99]);
});
