import assert from "node:assert/strict";
import { test } from "node:test";
import { Timeline } from "../../../app/web/wire/timeline.js";
import { together, Track } from "../../../app/web/sweep/track.js";

const feed = (status, steps = [], diverged = () => [0]) => {
  const timeline = new Timeline();
  timeline.begin({ meta: {}, arrays: {} });
  for (const step of steps) timeline.push({ meta: { step, rate: 10, diverged: diverged(step) }, arrays: {}, bytes: 1 });
  const sent = [];
  return { timeline, status, message: "", pace: null, lost: false, sent, send: (command) => sent.push(command.type) };
};
const steps = (track) => Array.from({ length: track.cells }, (_, k) => track.shown(k).frame?.meta.step);

test("as long as any run goes on, the whole does", () => {
  assert.equal(together(["finished", "running", "failed"]), "running");
  assert.equal(together(["finished", "paused"]), "paused");
  assert.equal(together(["diverged", "diverged"]), "diverged");
  assert.equal(together(["diverged", "finished"]), "finished");
});

test("all cells of a stacked sweep are in its one feed", () => {
  const one = feed("running", [1, 2, 3], (step) => [0, step > 1 ? 2 : 0]);
  const track = new Track([one], 2);
  assert.deepEqual(steps(track), [3, 3]);
  assert.equal(track.shown(1).at, 1);
  assert.equal(track.divergedAt(0), 0);
  assert.equal(track.divergedAt(1), 2);
  track.seekStep(1);
  assert.deepEqual(steps(track), [1, 1]);
  assert.equal(track.divergedAt(1), 0, "at that moment it had not diverged yet");
});

test("the time machine moves all runs to the frames nearest to a step, and they stay there", () => {
  const feeds = [feed("running", [1, 10, 20, 30]), feed("running", [1, 12])];
  const track = new Track(feeds, 2);
  assert.equal(track.leader, feeds[0].timeline);
  track.seekIndex(2);
  assert.deepEqual(steps(track), [20, 12]);
  feeds[1].timeline.push({ meta: { step: 19, rate: 1, diverged: [0] }, arrays: {}, bytes: 1 });
  feeds[1].timeline.push({ meta: { step: 33, rate: 1, diverged: [0] }, arrays: {}, bytes: 1 });
  track.keepPlace();
  assert.deepEqual(steps(track), [20, 19]);
  track.seekStep(null);
  assert.deepEqual(steps(track), [30, 33]);
});

test("at the newest moment it follows", () => {
  const one = feed("running", [1, 2]);
  const track = new Track([one], 1);
  track.seekIndex(1);
  assert.equal(track.step, null);
  track.seekStep(0);
  assert.equal(track.step, 0);
  assert.deepEqual(steps(track), [1]);
});

test("play wakes what rests like the whole, pause stops what is trained", () => {
  const feeds = [feed("paused", [1]), feed("finished", [1]), feed("paused", [1])];
  const track = new Track(feeds, 3);
  track.send({ type: "play" });
  track.send({ type: "pause" });
  track.send({ type: "rewind" });
  assert.deepEqual(feeds.map(({ sent }) => sent), [["play", "rewind"], ["rewind"], ["play", "rewind"]]);
  feeds[0].status = "running";
  track.send({ type: "pause" });
  assert.deepEqual(feeds[0].sent.at(-1), "pause");
  assert.equal(feeds[2].sent.at(-1), "rewind");
});

test("what is decided stays so: stop and step do not wake a diverged, failed or finished run among others", () => {
  const feeds = ["paused", "running", "diverged", "failed", "finished"].map((status) => feed(status, [1]));
  const track = new Track(feeds, 5);
  track.send({ type: "step" });
  track.send({ type: "stop" });
  assert.deepEqual(feeds.map(({ sent }) => sent), [["step", "stop"], ["step", "stop"], [], [], []]);
  const over = [feed("finished", [1]), feed("finished", [1])];
  new Track(over, 2).send({ type: "step" });
  assert.deepEqual(over.map(({ sent }) => sent), [["step"], ["step"]]);
});

test("a cell whose run failed is known", () => {
  const track = new Track([feed("running", [1]), feed("failed", [1])], 2);
  assert.deepEqual([track.hasFailed(0), track.hasFailed(1)], [false, true]);
  assert.equal(new Track([feed("failed")], 2).hasFailed(0), false, "a stack fails as a whole");
});

test("each cell has the labels of the examples that its own run shows", () => {
  const feeds = [feed("running", [1]), feed("running", [1])];
  const track = new Track(feeds, 2);
  assert.equal(track.sceneOf(1), feeds[1].timeline.scene);
  assert.notEqual(track.sceneOf(1), track.scene);
  const stack = new Track([feed("running", [1])], 2);
  assert.equal(stack.sceneOf(1), stack.scene);
});

test("runs trade something when all of them trade the same", () => {
  const trading = (...names) => {
    const feeds = names.map(() => feed("running", [1]));
    feeds.forEach(({ timeline }, k) => (timeline.scene.meta.trade = names[k] && { name: names[k] }));
    return new Track(feeds, names.length).trade;
  };
  assert.equal(trading("kl", "kl")?.name, "kl");
  assert.equal(trading("kl", "gain"), null);
  assert.equal(trading("kl", null), null);
  assert.equal(trading(undefined, "kl"), null);
});

test("rates add up; a failed run is told even while others go on", () => {
  const feeds = [feed("running", [1]), feed("failed", [1])];
  feeds[1].message = "Out of memory.";
  const track = new Track(feeds, 2);
  assert.equal(track.summary?.meta.rate, 20);
  assert.equal(track.message, "Out of memory.");
  feeds[0].lost = true;
  assert.match(track.message, /connection/);
});

test("before there is a frame nothing is shown", () => {
  const track = new Track([feed("waiting"), feed("diverged")], 2);
  assert.equal(track.summary, null);
  assert.equal(track.status, "waiting");
  assert.equal(track.divergedAt(0), 0);
  assert.equal(track.divergedAt(1), 1);
});
