import assert from "node:assert/strict";
import { test } from "node:test";
import { largest, Network } from "../../../app/web/network/passing.js";
import { networkMessage } from "./messages.js";

const list = (values) => Array.from(values, (value) => Math.round(1e5 * value) / 1e5);
const MODEL = networkMessage({
  shape: [3], latent: 1,
  encoder: [["linear", [[1, 0, 0], [0, 1, -1]], [0, 1]], "relu", ["linear", [[1, 2]], [0.5]], "identity"],
  layers: [["linear", [[1], [-1]], [0, 0]], "relu", ["linear", [[1, 0], [0, 1], [1, 1]], [0, 0, 0]], "identity"],
});

test("a pass has the example, what each layer makes of it, and the example rebuilt", () => {
  const network = new Network(MODEL);
  const { values, deviation } = network.pass(new Float32Array([2, 3, 1]));
  assert.deepEqual(values.map(list), [[2, 3, 1], [2, 3], [8.5], [8.5, 0], [8.5, 0, 8.5]]);
  assert.equal(deviation, null);
  assert.deepEqual(network.shapes, [[3], [2], [1], [2], [3]]);
  assert.deepEqual([network.codeAt, network.step], [2, 7]);
  assert.deepEqual(network.stages.map(({ part, seen }) => [part, seen]), [["encoder", [3]], ["encoder", [2]], ["decoder", [1]], ["decoder", [2]]]);
});

test("one pass leaves the values of the one before as they are", () => {
  const network = new Network(MODEL);
  const first = network.pass(new Float32Array([2, 3, 1]));
  network.pass(new Float32Array([-1, 5, 5]));
  assert.deepEqual(first.values.map(list), [[2, 3, 1], [2, 3], [8.5], [8.5, 0], [8.5, 0, 8.5]]);
});

test("layers that are left run on from changed values", () => {
  const network = new Network(MODEL);
  const { values } = network.pass(new Float32Array([2, 3, 1]));
  const changed = network.goOn({ values: [...values.slice(0, 1), new Float32Array([2, 0])], deviation: null });
  assert.deepEqual(changed.values.map(list), [[2, 3, 1], [2, 0], [2.5], [2.5, 0], [2.5, 0, 2.5]]);
});

test("a posterior has a mean, the code, and a deviation; only the mean has the activation of the code", () => {
  const network = new Network(networkMessage({
    shape: [1], latent: 1,
    encoder: [["linear", [[-1], [2]], [0, 0]], ["relu", undefined, undefined, { first: 1 }]],
    layers: [["linear", [[1]], [0]], "identity"],
  }));
  assert.ok(network.isVariational);
  const { values, deviation } = network.pass(new Float32Array([-3]));
  assert.deepEqual(values.map(list), [[-3], [3], [3]]);
  assert.deepEqual(list(deviation), list([Math.exp(-3)]));
});

test("the class is told beside the code", () => {
  const network = new Network(networkMessage({
    shape: [1], latent: 1, classes: 2, encoder: [["linear", [[1]], [0]], "identity"], layers: [["linear", [[1, 10, 20]], [0]], "identity"],
  }));
  const x = new Float32Array([1]);
  assert.deepEqual([undefined, { label: 0 }, { label: 1 }].map((told) => network.pass(x, told).values[2][0]), [1, 11, 21]);
});

test("the largest units of a code stay, of equal ones the first", () => {
  assert.deepEqual(list(largest(new Float32Array([1, 3, 3, 2, 3]), 2)), [0, 3, 3, 0, 0]);
  assert.deepEqual(list(largest(new Float32Array([1, -1]), 2)), [1, -1]);
});

test("pictures halve, and each layer has its shape", () => {
  const kernel = [[[[0, 0, 0], [0, 1, 0], [0, 0, 0]]]];
  const network = new Network(networkMessage({
    shape: [1, 2, 3], latent: 1,
    encoder: [["strided", kernel, [0], { input: [1, 2, 3], output: [1, 1, 2] }], "relu", ["linear", [[1, 1]], [0]], "identity"],
    layers: [["linear", [[1], [1]], [0, 0]], "relu", ["transposed", kernel, [0], { input: [1, 1, 2], output: [1, 2, 3] }], "identity"],
  }));
  const { values } = network.pass(new Float32Array([1, 2, 3, 4, 5, 6]));
  assert.deepEqual(values.slice(1).map(list), [[1, 3], [4], [4, 4], [4, 0, 4, 0, 0, 0]]);
  assert.deepEqual(network.shapes, [[1, 2, 3], [1, 1, 2], [1], [1, 1, 2], [1, 2, 3]]);
});

test("what does not fit together is told at once", () => {
  const layers = [["linear", [[1, 1]], [0]], "identity"];
  const misfits = [
    [{ shape: [2], latent: 2, encoder: [["linear", [[1, 1], [1, 1], [1, 1]], [0, 0, 0]], "identity"], layers }, /encoder does not fit together: it makes 3 numbers for a code of 2/],
    [{ shape: [2], latent: 2, encoder: [["linear", [[1], [1]], [0, 0]], "identity"], layers }, /encoder does not fit together: linear needs/],
    [{ shape: [2], latent: 2, encoder: [["linear", [[1, 1], [1, 1]], [0, 0]], "identity"], layers }, /decoder does not fit together: it makes 1 numbers, an example has 2/],
    [{ shape: [2], latent: 2, encoder: ["relu"], layers }, /encoder does not fit together: its layer 1 has no weights/],
    [{ shape: [2], latent: 2, encoder: [], layers }, /encoder does not fit together: it has no layers/],
    [{ shape: [1, 4, 4], latent: 1, encoder: [["strided", [[[[0, 0, 0], [0, 1, 0], [0, 0, 0]]]], [0], { input: [1, 4, 4], output: [1, 3, 2] }]], layers }, /strided cannot make 1 × 3 × 2 of 1 × 4 × 4/],
    [{ shape: [1], latent: 1, encoder: [["linear", [[1]], [0]], "warp"], layers }, /The encoder has an operation that this page does not know \(warp\)/],
  ];
  for (const [made, message] of misfits) assert.throws(() => new Network(networkMessage(made)), message);
});
