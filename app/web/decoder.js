/** The decoder in the browser: an interpreter of a short list of layer operations. */

/** @typedef {import("./wire.js").Message} Message */

/** Activations in place, the same formulas as `aelib.activations`.
 * @type {Record<string, (values: Float32Array) => void>} */
const ACTIVATIONS = {
  identity: () => {},
  relu: (v) => mapInPlace(v, (a) => (a > 0 ? a : 0)),
  leaky_relu: (v) => mapInPlace(v, (a) => (a > 0 ? a : 0.01 * a)),
  elu: (v) => mapInPlace(v, (a) => (a > 0 ? a : Math.expm1(a))),
  silu: (v) => mapInPlace(v, (a) => a / (1 + Math.exp(-a))),
  softplus: (v) => mapInPlace(v, (a) => (a > 20 ? a : Math.log1p(Math.exp(a)))),
  tanh: (v) => mapInPlace(v, Math.tanh),
  sigmoid: (v) => mapInPlace(v, (a) => 1 / (1 + Math.exp(-a))),
};

/**
 * @param {Float32Array} values
 * @param {(a: number) => number} f
 */
function mapInPlace(values, f) {
  for (let i = 0; i < values.length; i++) values[i] = f(values[i]);
}

/**
 * y = W x + b, with W stored by rows.
 * @param {Float32Array} weight
 * @param {Float32Array} bias
 * @param {Float32Array} x
 * @returns {Float32Array}
 */
function linear(weight, bias, x) {
  const y = new Float32Array(bias.length);
  const width = x.length;
  for (let row = 0, at = 0; row < y.length; row++, at += width) {
    let sum = bias[row];
    for (let i = 0; i < width; i++) sum += weight[at + i] * x[i];
    y[row] = sum;
  }
  return y;
}

/**
 * A function from a code to an example in the range of the data, flat.
 * @param {Message} weights
 * @returns {(code: Float32Array) => Float32Array}
 */
export function makeDecoder({ meta, arrays }) {
  const steps = meta.layers.map((/** @type {{op: string, weight: string, bias: string}} */ layer) => {
    if (layer.op === "linear") {
      const weight = /** @type {Float32Array} */ (arrays[layer.weight].data);
      const bias = /** @type {Float32Array} */ (arrays[layer.bias].data);
      return (/** @type {Float32Array} */ x) => linear(weight, bias, x);
    }
    const activate = ACTIVATIONS[layer.op];
    if (!activate) throw new Error(`The decoder has an operation that this page does not know: ${layer.op}.`);
    return (/** @type {Float32Array} */ x) => (activate(x), x);
  });
  return (code) => steps.reduce((/** @type {Float32Array} */ x, /** @type {any} */ step) => step(x), code.slice());
}
