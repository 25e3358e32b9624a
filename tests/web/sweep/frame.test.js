import assert from "node:assert/strict";
import { test } from "node:test";
import { codesOf, figureOf, fromRun, inUseOf, pictureOf } from "../../../app/web/sweep/sweepframe.js";

/** Two cells, three probes, two pictures of two numbers. */
const frame = {
  meta: {
    step: 5, units: [[0, 1], [4, 2]], diverged: [0, 3], trade: [1, null],
    train: { reconstruction: [1, null], penalty: [0.5, 2] },
    test: { loss: [3, null], squared_error: [2, 7] },
  },
  arrays: {
    codes: { data: Float32Array.from({ length: 12 }, (_, i) => i), shape: [2, 3, 2] },
    strip: { data: Uint8Array.from({ length: 8 }, (_, i) => i), shape: [2, 2, 2] },
  },
  bytes: 100,
};
const run = (latent, meta = {}) => ({
  meta: { kind: "frame", step: 7, status: "running", train: { a: 1, b: 2 }, test: { loss: 4, squared_error: 3 }, ...meta },
  arrays: {
    codes: { data: Float32Array.from({ length: 2 * latent }, (_, i) => i), shape: [2, latent] },
    unit_variance: { data: Float32Array.from({ length: latent }, (_, i) => (i === 1 ? 9 : i)), shape: [latent] },
    reconstruction: { data: Uint8Array.of(1, 2, 3, 4), shape: [2, 2] },
    samples: { data: new Uint8Array(1000), shape: [10, 100] },
  },
  bytes: 2000,
});

test("a cell's codes are its own, its units in rising order", () => {
  assert.deepEqual(codesOf(frame, 0), { codes: { data: Float32Array.of(0, 1, 2, 3, 4, 5), shape: [3, 2] }, units: [0, 1], axes: [0, 1] });
  const second = codesOf(frame, 1);
  assert.deepEqual(second.units, [2, 4]);
  assert.deepEqual(second.axes, [1, 0]);
  assert.deepEqual(second.codes.data, Float32Array.of(6, 7, 8, 9, 10, 11));
});

test("a code of one unit has one axis", () => {
  const one = { ...frame, meta: { ...frame.meta, units: [[0], [0]] }, arrays: { codes: { data: new Float32Array(6), shape: [2, 3, 1] } } };
  assert.deepEqual(codesOf(one, 1).axes, [0, 0]);
});

test("a cell's picture is its own", () => {
  assert.deepEqual([...pictureOf(frame, 1, 0)], [4, 5]);
  assert.deepEqual([...pictureOf(frame, 0, 1)], [2, 3]);
});

test("figures: training terms are summed, what is no number is null", () => {
  assert.equal(figureOf(frame, 0, "train"), 1.5);
  assert.equal(figureOf(frame, 1, "train"), null);
  assert.equal(figureOf(frame, 1, "loss"), null);
  assert.equal(figureOf(frame, 1, "squared_error"), 7);
  assert.equal(figureOf({ meta: { train: {}, test: {} } }, 0, "train"), null);
});

test("the frame of a run is that of a sweep of one cell: its widest units, nothing else of it kept", () => {
  const made = fromRun(run(4));
  assert.deepEqual(made.meta.units, [[1, 3]]);
  assert.deepEqual(made.arrays.codes, { data: Float32Array.of(1, 3, 5, 7), shape: [1, 2, 2] });
  assert.deepEqual([...pictureOf(made, 0, 1)], [3, 4]);
  assert.equal(figureOf(made, 0, "train"), 3);
  assert.equal(figureOf(made, 0, "loss"), 4);
  assert.deepEqual(made.meta.diverged, [0]);
  assert.equal(made.meta.trade, null);
  assert.deepEqual(fromRun(run(4, { trade: 0.5 })).meta.trade, [0.5]);
  assert.ok(made.bytes < 2000);
  assert.notEqual(made.arrays.strip.data.buffer, run(4).arrays.reconstruction.data.buffer);
});

test("a run of one unit, and one that has diverged", () => {
  const made = fromRun(run(1, { status: "diverged", train: null }));
  assert.deepEqual(made.arrays.codes.shape, [1, 2, 1]);
  assert.deepEqual(made.meta.diverged, [7]);
  assert.equal(figureOf(made, 0, "train"), null);
});

test("units in use are those of the cell; none where the code has no posterior, or none was told", () => {
  const variational = { ...frame, meta: { ...frame.meta, in_use: [0, null] } };
  assert.deepEqual([0, 1].map((cell) => inUseOf(variational, cell)), [0, null]);
  assert.equal(inUseOf({ ...frame, meta: { ...frame.meta, in_use: null } }, 0), undefined);
  assert.equal(inUseOf(frame, 0), undefined);
  assert.equal(inUseOf(fromRun(run(4, { readouts: { rmse: 1, in_use: 0 } })), 0), 0);
  assert.equal(inUseOf(fromRun(run(4, { readouts: { rmse: 1, in_use: null } })), 0), null);
  assert.equal(inUseOf(fromRun(run(4, { readouts: { rmse: 1 } })), 0), undefined);
});
