import assert from "node:assert/strict";
import { test } from "node:test";
import { makeDecoder } from "../../app/web/decoder.js";

/** A decoder message of these layers: [weight rows, bias, activation]. */
function weights(...layers) {
  const arrays = {};
  const ops = layers.flatMap(([rows, bias, op], i) => {
    arrays[`${i}.weight`] = { data: new Float32Array(rows.flat()), shape: [rows.length, rows[0].length] };
    arrays[`${i}.bias`] = { data: new Float32Array(bias), shape: [bias.length] };
    return [{ op: "linear", weight: `${i}.weight`, bias: `${i}.bias` }, { op }];
  });
  return { meta: { kind: "weights", step: 0, layers: ops }, arrays };
}

const decode = (message, ...code) => Array.from(makeDecoder(message)(new Float32Array(code)));

test("a linear layer is W z + b, with W stored by rows", () => {
  const message = weights([[[1, 2], [3, 4], [5, 6]], [10, 20, 30], "identity"]);
  assert.deepEqual(decode(message, 1, -1), [9, 19, 29]);
  assert.deepEqual(decode(message, 0, 0), [10, 20, 30]);
});

test("layers are applied in order", () => {
  const message = weights([[[1], [-1]], [0, 0], "relu"], [[[1, 2]], [1], "identity"]);
  assert.deepEqual(decode(message, 3), [4]);
  assert.deepEqual(decode(message, -3), [7]);
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
      const [value] = decode(weights([[[1]], [0], op]), a);
      assert.ok(Math.abs(value - f(a)) <= 1e-5 * Math.max(1, Math.abs(f(a))), `${op}(${a}) = ${value}`);
    }
  });
}

test("an unknown operation is told when the weights arrive, not when they are used", () => {
  assert.throws(() => makeDecoder(weights([[[1]], [0], "warp"])), /warp/);
});

test("the code that is decoded stays as it is", () => {
  const code = new Float32Array([-1, 2]);
  for (const message of [weights([[[1, 0], [0, 1]], [0, 0], "relu"]), { meta: { layers: [{ op: "relu" }] }, arrays: {} }]) {
    makeDecoder(message)(code);
    assert.deepEqual(Array.from(code), [-1, 2]);
  }
});

test("decoding twice gives the same, in arrays of its own", () => {
  const decoder = makeDecoder(weights([[[1, 2]], [3], "sigmoid"]));
  const first = decoder(new Float32Array([1, 1]));
  const second = decoder(new Float32Array([1, 1]));
  assert.deepEqual(first, second);
  assert.notEqual(first, second);
});
