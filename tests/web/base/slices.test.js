import assert from "node:assert/strict";
import { test } from "node:test";
import { Slices } from "../../../app/web/base/slices.js";

/** Frames by hand, and jobs that take as long as they say. */
function bench() {
  const clock = { now: 0 };
  const frames = [];
  const done = [];
  const slices = new Slices((run) => frames.push(run), () => clock.now);
  const job = (name, milliseconds) => () => {
    done.push(name);
    clock.now += milliseconds;
  };
  return { slices, frames, done, job, frame: () => frames.shift()?.() };
}

test("jobs are done in their order, eight milliseconds of them in a frame", () => {
  const { slices, frames, done, job, frame } = bench();
  let ended = 0;
  slices.begin([job("a", 3), job("b", 3), job("c", 3), job("d", 1)], () => ended++);
  assert.deepEqual(done, []);
  frame();
  assert.deepEqual(done, ["a", "b", "c"]);
  assert.equal(ended, 0);
  frame();
  assert.deepEqual(done, ["a", "b", "c", "d"]);
  assert.equal(ended, 1);
  assert.equal(frames.length, 0);
});

test("a job longer than a slice gets a frame of its own", () => {
  const { slices, done, job, frame } = bench();
  slices.begin([job("a", 50), job("b", 50)]);
  frame();
  assert.deepEqual(done, ["a"]);
  frame();
  assert.deepEqual(done, ["a", "b"]);
});

test("newer jobs replace what is left, and nothing runs after stop", () => {
  const { slices, frames, done, job, frame } = bench();
  let ended = 0;
  slices.begin([job("a", 9), job("b", 9)], () => ended++);
  frame();
  slices.begin([job("c", 9), job("d", 9)], () => ended++);
  while (frames.length) frame();
  assert.deepEqual(done, ["a", "c", "d"]);
  assert.equal(ended, 1);
  slices.begin([job("e", 1)], () => ended++);
  slices.stop();
  while (frames.length) frame();
  assert.deepEqual(done, ["a", "c", "d"]);
  assert.equal(ended, 1);
});

test("a generator may do its work between its yields", () => {
  const { slices, frames, done, frame } = bench();
  function* work() {
    done.push("first");
    yield;
    done.push("second");
  }
  slices.begin(work(), () => done.push("end"));
  frame();
  assert.deepEqual(done, ["first", "second", "end"]);
  assert.equal(frames.length, 0);
});
