import assert from "node:assert/strict";
import { test } from "node:test";
import { makeDecoder } from "../../../app/web/decoder/decoder.js";

/** An array of a message: `values` nested as deep as it has axes. */
function array(values) {
  const shape = [];
  for (let inner = values; Array.isArray(inner); inner = inner[0]) shape.push(inner.length);
  return { data: new Float32Array(values.flat(Infinity)), shape };
}

/** A message of these operations: each an activation's name, or [op, weight, bias, sizes]. */
function message({ latent, classes = 0, shape }, ...operations) {
  const arrays = {};
  const layers = operations.map((operation, i) => {
    if (typeof operation === "string") return { op: operation };
    const [op, weight, bias, sizes] = operation;
    if (weight === undefined) return { op, ...sizes };
    arrays[`${i}.weight`] = array(weight);
    arrays[`${i}.bias`] = array(bias);
    return { op, weight: `${i}.weight`, bias: `${i}.bias`, ...sizes };
  });
  return { meta: { kind: "weights", step: 0, latent, classes, shape, layers }, arrays };
}

const decode = (made, code, label) => Array.from(makeDecoder(made)(new Float32Array(code), label));

test("a linear layer is W z + b, with W stored by rows", () => {
  const made = message({ latent: 2, shape: [3] }, ["linear", [[1, 2], [3, 4], [5, 6]], [10, 20, 30]]);
  assert.deepEqual(decode(made, [1, -1]), [9, 19, 29]);
  assert.deepEqual(decode(made, [0, 0]), [10, 20, 30]);
});

test("layers are applied in order", () => {
  const made = message({ latent: 1, shape: [1] }, ["linear", [[1], [-1]], [0, 0]], "relu", ["linear", [[1, 2]], [1]], "identity");
  assert.deepEqual(decode(made, [3]), [4]);
  assert.deepEqual(decode(made, [-3]), [7]);
});

const EXPECTED = {
  identity: (a) => a,
  relu: (a) => Math.max(0, a),
  leaky_relu: (a) => (a > 0 ? a : 0.01 * a),
  elu: (a) => (a > 0 ? a : Math.exp(a) - 1),
  silu: (a) => a / (1 + Math.exp(-a)),
  softplus: (a) => Math.max(a, 0) + Math.log(1 + Math.exp(-Math.abs(a))),
  tanh: Math.tanh,
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
};

for (const [op, f] of Object.entries(EXPECTED)) {
  test(`${op} from very small to very large`, () => {
    for (const a of [-1000, -50, -3, -0.5, 0, 1e-4, 0.5, 3, 25, 1000]) {
      const [value] = decode(message({ latent: 1, shape: [1] }, op), [a]);
      assert.ok(Math.abs(value - f(a)) <= 1e-5 * Math.max(1, Math.abs(f(a))), `${op}(${a}) = ${value}`);
    }
  });
}

test("the class is told as one number more for each class; none by default", () => {
  const made = message({ latent: 1, classes: 3, shape: [1] }, ["linear", [[1, 10, 20, 30]], [0.5]]);
  assert.deepEqual(decode(made, [2]), [2.5]);
  assert.deepEqual(decode(made, [2], -1), [2.5]);
  assert.deepEqual([0, 1, 2].map((label) => decode(made, [2], label)[0]), [12.5, 22.5, 32.5]);
});

test("a class is forgotten at the next decode", () => {
  const decoder = makeDecoder(message({ latent: 1, classes: 2, shape: [3] }, "relu"));
  assert.deepEqual(Array.from(decoder(new Float32Array([5]), 1)), [5, 0, 1]);
  assert.deepEqual(Array.from(decoder(new Float32Array([-5]), 0)), [0, 1, 0]);
  assert.deepEqual(Array.from(decoder(new Float32Array([5]))), [5, 0, 0]);
});

const ONES = [[[[1, 1, 1], [1, 1, 1], [1, 1, 1]]]];

test("pictures are grown by the sizes of each operation", () => {
  const sizes = { input: [1, 1, 2], output: [1, 2, 3] };
  const same = { input: [1, 2, 3], output: [1, 2, 3] };
  const about = { latent: 2, shape: [1, 2, 3] };
  const upsampled = message(about, ["upsample", undefined, undefined, sizes], ["convolution", ONES, [0.5], same]);
  assert.deepEqual(decode(upsampled, [1, 10]), [4.5, 24.5, 22.5, 4.5, 24.5, 22.5]); // of 1 1 10 twice
  assert.deepEqual(decode(message(about, ["transposed", ONES, [0.5], sizes]), [1, 10]), [1.5, 11.5, 10.5, 1.5, 11.5, 10.5]);
});

test("upsampling to exactly twice and its convolution are one step, of any other size two, with equal results", () => {
  for (const [height, width] of [[2, 4], [1, 4], [2, 3], [1, 3]]) {
    const sizes = { input: [1, 1, 2], output: [1, height, width] };
    const same = { input: [1, height, width], output: [1, height, width] };
    const layers = [["upsample", undefined, undefined, sizes], ["convolution", ONES, [0.5], same]];
    const at = (i, j) => (i >= 0 && i < height && j >= 0 && j < width ? [1, 10][j >> 1] : 0);
    const expected = Array.from({ length: height * width }, (_, k) => {
      const [i, j] = [Math.floor(k / width), k % width];
      return [-1, 0, 1].reduce((sum, u) => [-1, 0, 1].reduce((row, v) => row + at(i + u, j + v), sum), 0.5);
    });
    assert.deepEqual(decode(message({ latent: 2, shape: [1, height, width] }, ...layers), [1, 10]), expected);
  }
});

test("the code that is decoded stays as it is", () => {
  const code = new Float32Array([-1, 2]);
  const about = { latent: 2, shape: [2] };
  for (const made of [message(about, ["linear", [[1, 0], [0, 1]], [0, 0]], "relu"), message(about, "relu")]) {
    makeDecoder(made)(code);
    assert.deepEqual(Array.from(code), [-1, 2]);
  }
});

test("decoding twice gives the same, in arrays of its own", () => {
  for (const layers of [[["linear", [[1, 2]], [3]], "sigmoid"], [["linear", [[1, 2]], [3]]]]) {
    const decoder = makeDecoder(message({ latent: 2, shape: [1] }, ...layers));
    const first = decoder(new Float32Array([1, 1]));
    const kept = first.slice();
    decoder(new Float32Array([-2, 5]));
    assert.deepEqual(first, kept);
    assert.deepEqual(decoder(new Float32Array([1, 1])), kept);
  }
});

const grown = (op, input, output, weight, bias) => message({ latent: 4, shape: output ?? [4] }, [op, weight, bias, { input, output }]);

const MISFITS = {
  "an unknown operation": [message({ latent: 1, shape: [1] }, "warp"), /does not know \(warp\): reload the page/],
  "a name that every object has": [message({ latent: 1, shape: [1] }, "toString"), /does not know \(toString\)/],
  "a linear layer for codes of another size": [
    message({ latent: 3, shape: [1] }, ["linear", [[1, 2]], [0]]), /linear needs 0\.weight of shape 1 × 3, and it is 1 × 2\./],
  "a linear layer that leaves out the classes": [
    message({ latent: 2, classes: 10, shape: [1] }, ["linear", [[1, 2]], [0]]), /of shape 1 × 12, and it is 1 × 2\./],
  "as many biases as do not fit the rows": [
    message({ latent: 1, shape: [2] }, ["linear", [[1], [2]], [0]]), /linear needs 0\.bias of shape 2, and it is 1\./],
  "an array that did not come": [
    { ...message({ latent: 1, shape: [1] }, ["linear", [[1]], [0]]), arrays: { "0.bias": array([0]) } }, /linear lacks its array 0\.weight\./],
  "an example of another size": [message({ latent: 2, shape: [1, 2, 2] }, "relu"), /it makes 2 numbers, an example has 4\./],
  "an operation without sizes": [grown("convolution", undefined, undefined, ONES, [0]), /convolution cannot make/],
  "a picture of other numbers than there are": [grown("convolution", [1, 2, 3], [1, 2, 3], ONES, [0]), /make 1 × 2 × 3 of 1 × 2 × 3 when it is given 4 numbers\./],
  "a convolution that grows": [grown("convolution", [1, 2, 2], [1, 3, 2], ONES, [0]), /convolution cannot make 1 × 3 × 2 of 1 × 2 × 2/],
  "upsampling to more than twice": [grown("upsample", [1, 2, 2], [1, 4, 5]), /upsample cannot make 1 × 4 × 5 of 1 × 2 × 2/],
  "upsampling to the same height": [grown("upsample", [1, 2, 2], [1, 2, 4]), /upsample cannot make/],
  "upsampling to more channels": [grown("upsample", [1, 2, 2], [2, 4, 4]), /keeps its 1 channels and cannot make 2/],
  "a transposed convolution that does not double": [grown("transposed", [1, 2, 2], [1, 2, 2], ONES, [0]), /transposed cannot make 1 × 2 × 2/],
  "kernels for other channels": [grown("convolution", [1, 2, 2], [2, 2, 2], ONES, [0, 0]), /0\.weight of shape 2 × 1 × 3 × 3, and it is 1 × 1 × 3 × 3/],
  "transposed kernels the other way round": [
    grown("transposed", [1, 2, 2], [2, 4, 4], [ONES[0], ONES[0]], [0, 0]), /0\.weight of shape 1 × 2 × 3 × 3, and it is 2 × 1 × 3 × 3/],
  "biases for other channels": [grown("transposed", [1, 2, 2], [1, 4, 4], ONES, [0, 0]), /0\.bias of shape 1, and it is 2/],
};

for (const [what, [made, complaint]] of Object.entries(MISFITS)) {
  test(`told when the weights arrive, not when they are used: ${what}`, () => {
    assert.throws(() => makeDecoder(made), complaint);
  });
}

test("codes and classes that the decoder does not know are told", () => {
  const decoder = makeDecoder(message({ latent: 1, classes: 2, shape: [3] }, "relu"));
  assert.throws(() => decoder(new Float32Array(2)), /codes of 1 numbers, not 2\./);
  for (const label of [2, -2, 0.5, NaN]) assert.throws(() => decoder(new Float32Array(1), label), /knows 2 classes.*no class/);
  assert.throws(() => makeDecoder(message({ latent: 1, shape: [1] }, "relu"))(new Float32Array(1), 0), /knows 0 classes/);
});
