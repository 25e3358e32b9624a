import assert from "node:assert/strict";
import { test } from "node:test";
import { placeAt, stopsOf, Wandering } from "../../../app/web/front/wander.js";
import { extent } from "../../../app/web/map/placing.js";
import { randomNumbers } from "../support.js";

const random = randomNumbers(4);
const COUNT = 200;
const points = Float32Array.from({ length: 2 * COUNT }, () => 10 * random() ** 2 - 3);
const labels = Float32Array.from({ length: COUNT }, () => Math.floor(4 * random()));
const classes = ["a", "b", "none of these", "d", "nobody"];
// The third name has no members, nor has the last.
labels.forEach((label, i) => { if (label === 2) labels[i] = 3; });

test("it stops at the example in the middle of each class that has any", () => {
  const stops = stopsOf(points, labels, classes);
  assert.deepEqual(stops.map((i) => labels[i]), [0, 1, 3]);
  const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
  for (const stop of stops) {
    const members = Array.from(labels.keys()).filter((i) => labels[i] === labels[stop]);
    const middle = [0, 1].map((axis) => median(members.map((i) => points[2 * i + axis])));
    const far = (i) => Math.hypot(points[2 * i] - middle[0], points[2 * i + 1] - middle[1]);
    assert.equal(far(stop), Math.min(...members.map(far)));
  }
});

test("without classes it stops at some of all examples, and at all where there are few", () => {
  const stops = stopsOf(points, labels, []);
  assert.equal(stops.length, 10);
  assert.equal(new Set(stops).size, 10);
  assert.ok(stops.every((i) => Number.isInteger(i) && i >= 0 && i < COUNT));
  assert.deepEqual(stopsOf(Float32Array.of(1, 2, 3, 4), Float32Array.of(0.5, 0.1), []), [0, 1]);
  assert.deepEqual(stopsOf(new Float32Array(0), new Float32Array(0), classes), []);
});

test("its path never leaves the map, is unbroken, and leads round over all stops", () => {
  const stops = stopsOf(points, labels, []);
  const { low, high } = extent(points);
  const at = (time) => placeAt(points, stops, time);
  const visited = new Set();
  for (let time = 0, before = at(0); time < 120_000; time += 20) {
    const [x, y] = at(time);
    assert.ok(x >= low[0] && x <= high[0] && y >= low[1] && y <= high[1]);
    assert.ok(Math.hypot(x - before[0], y - before[1]) < 0.02 * (high[0] - low[0] + high[1] - low[1]));
    for (const stop of stops) if (x === points[2 * stop] && y === points[2 * stop + 1]) visited.add(stop);
    before = [x, y];
  }
  assert.equal(visited.size, stops.length);
  assert.deepEqual(placeAt(points, [7], 12_345), [points[14], points[15]]);
});

test("time passes from frame to frame, and not while nobody looks", () => {
  const wandering = new Wandering(true);
  assert.equal(wandering.advance(5000), 0);
  assert.equal(wandering.advance(5016), 16);
  assert.equal(wandering.advance(95_000), 116);
});

test("it ends when it is stopped, and goes on from there", () => {
  const wandering = new Wandering(true);
  wandering.advance(0);
  wandering.advance(50);
  wandering.stop();
  assert.equal(wandering.advance(80), 50);
  assert.equal(wandering.moves, false);
  wandering.go();
  assert.equal(wandering.advance(9000), 50);
  assert.equal(wandering.advance(9010), 60);
});

test("who wants no motion sees it wait", () => {
  const wandering = new Wandering(false);
  for (const now of [0, 100, 200]) assert.equal(wandering.advance(now), 0);
});
