import assert from "node:assert/strict";
import { test } from "node:test";
import { Decoders, nearestStep } from "../../../app/web/run/decoders.js";

const MEGABYTE = 2 ** 20;

/** Weights whose decoder makes its step of any code. */
const weights = (step, kept = true, bytes = 100) => ({
  meta: { kind: "weights", step, kept, latent: 1, classes: 0, shape: [1], layers: [{ op: "linear", weight: "w", bias: "b" }] },
  arrays: { w: { data: new Float32Array([0]), shape: [1, 1] }, b: { data: new Float32Array([step]), shape: [1] } },
  bytes,
});

const begun = (kept = [0, 100, 200, 300], newest = 340) => {
  const asked = [];
  const decoders = new Decoders((step) => asked.push(step));
  decoders.keep(kept);
  if (newest) decoders.take(weights(newest, false));
  return { decoders, asked };
};

const made = (decoder) => decoder.decode(new Float32Array(1))[0];

test("of the steps the nearest, of two as near the earlier", () => {
  assert.equal(nearestStep([], 5), undefined);
  assert.equal(nearestStep([0, 100, 200], 149), 100);
  assert.equal(nearestStep([0, 100, 200], 150), 100);
  assert.equal(nearestStep([0, 100, 200], 151), 200);
  assert.equal(nearestStep([7], 1e9), 7);
});

test("the nearest that the server keeps is asked for, once, and decodes when it is here", () => {
  const { decoders, asked } = begun();
  assert.equal(made(decoders.at(120)), 340);
  decoders.at(120);
  assert.deepEqual(asked, [100]);
  decoders.take(weights(100));
  assert.equal(made(decoders.at(120)), 100);
  assert.equal(made(decoders.at(100)), 100);
  assert.deepEqual(asked, [100]);
});

test("the newest is one of those to choose from", () => {
  const { decoders, asked } = begun();
  assert.equal(decoders.at(330).step, 340);
  assert.equal(decoders.at(319).step, 340);
  assert.deepEqual(asked, [300]);
});

test("while one is on its way the nearest that is here decodes, and of what is wanted meanwhile only the last is asked for", () => {
  const { decoders, asked } = begun();
  decoders.at(0);
  decoders.at(100);
  assert.equal(decoders.at(200).step, 340);
  decoders.take(weights(0));
  assert.equal(decoders.at(200).step, 340);
  assert.equal(decoders.at(150).step, 0);
  assert.deepEqual(asked, [0, 200]);
});

test("what is gone is not asked for again, and the next nearest is", () => {
  const { decoders, asked } = begun();
  decoders.at(100);
  decoders.gone(100);
  decoders.at(100);
  decoders.gone(0);
  decoders.at(100);
  assert.deepEqual(asked, [100, 0, 200]);
});

test("weights that do not fit together count as gone", () => {
  const { decoders, asked } = begun();
  decoders.at(100);
  const torn = weights(100);
  torn.arrays = {};
  assert.throws(() => decoders.take(torn), /does not fit together/);
  decoders.at(100);
  assert.deepEqual(asked, [100, 0]);
});

test("after a rewind the weights of the same steps are others", () => {
  const { decoders, asked } = begun();
  decoders.at(100);
  decoders.take(weights(100));
  decoders.at(200);
  decoders.begin();
  assert.equal(decoders.at(100), undefined);
  decoders.take(weights(200));
  assert.equal(decoders.at(200), undefined);
  decoders.keep([0, 100]);
  decoders.at(100);
  assert.deepEqual(asked, [100, 200, 100]);
});

test("another connection keeps the newest alone, and what was under way is asked for again", () => {
  const { decoders, asked } = begun();
  decoders.at(100);
  decoders.forget();
  assert.equal(decoders.at(100).step, 340);
  decoders.keep([100]);
  decoders.at(100);
  assert.deepEqual(asked, [100, 100]);
});

test("so many bytes are held, those used last", () => {
  const { decoders, asked } = begun([0, 1000, 3000], 9000);
  for (const step of [0, 3000, 0, 1000]) {
    decoders.at(step);
    if (decoders.asked === step) decoders.take(weights(step, true, 10 * MEGABYTE));
    assert.equal(decoders.at(step).step, step);
  }
  assert.deepEqual([...decoders.here.keys()], [0, 1000]);
  decoders.at(3000);
  decoders.take(weights(3000, true, 100 * MEGABYTE));
  assert.deepEqual([...decoders.here.keys()], [3000]);
  assert.deepEqual(asked, [0, 3000, 1000, 3000]);
});

test("it says whose weights decode", () => {
  const { decoders } = begun([0, 1200], 2000);
  decoders.at(1200);
  decoders.take(weights(1200));
  assert.equal(decoders.told(decoders.at(1200), 1200), "Decoded with the weights of this step.");
  assert.equal(decoders.told(decoders.at(1210), 1210), "Decoded with the weights of step 1,200.");
  assert.equal(decoders.told(decoders.at(1900), 1900), "Decoded with the weights of step 2,000.");
  const old = begun([], 2000).decoders;
  assert.equal(old.told(old.at(1200), 1200), "Decoded with the newest weights, of step 2,000: none of earlier steps are kept.");
});
