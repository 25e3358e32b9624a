/** Activation functions, in place: the same names and formulas as `aelib.activations`. */

/**
 * @param {(a: number) => number} f
 * @returns {(values: Float32Array) => void}
 */
const inPlace = (f) => (values) => {
  for (let i = 0; i < values.length; i++) values[i] = f(values[i]);
};

/** @type {Record<string, (values: Float32Array) => void>} */
export const ACTIVATIONS = {
  identity: () => {},
  relu: inPlace((a) => (a > 0 ? a : 0)),
  leaky_relu: inPlace((a) => (a > 0 ? a : 0.01 * a)),
  elu: inPlace((a) => (a > 0 ? a : Math.expm1(a))),
  silu: inPlace((a) => a / (1 + Math.exp(-a))),
  softplus: inPlace((a) => (a > 20 ? a : Math.log1p(Math.exp(a)))),
  tanh: inPlace(Math.tanh),
  sigmoid: inPlace((a) => 1 / (1 + Math.exp(-a))),
};
