/** A chain of layers in the browser: an interpreter of a short list of operations (see `aelib.networks.Operation`). */
import { ACTIVATIONS } from "./activations.js";
import { makeConvolution, makeStrided, makeTransposed, makeUpsample, makeUpsampledConvolution } from "./convolution.js";

/** @typedef {import("./convolution.js").Size} Size */
/** @typedef {import("./convolution.js").Step} Step */
/** @typedef {import("../wire/wire.js").Message} Message */

/**
 * An operation as the message describes it: `weight` and `bias` name arrays. `first`: of how many numbers an activation
 * is, where it is not of all.
 * @typedef {{op: string, weight: string, bias: string, input: Size, output: Size, first?: number}} Layer
 */

/**
 * A step ready to run, and how many numbers come out of it. It answers in an array that a later call overwrites.
 * @typedef {{step: Step, count: number}} Made
 */

/**
 * The steps of these operations in order; two operations may be one step.
 *
 * Whatever does not fit together is told here, before anything runs.
 * @param {Layer[]} layers
 * @param {Message["arrays"]} arrays
 * @param {number} count of the numbers that the first is given
 * @param {string} whole what they make up, for people
 * @returns {Made[]}
 */
export function makeSteps(layers, arrays, count, whole) {
  /** @type {Made[]} */
  const steps = [];
  layers.forEach((layer, i) => {
    const made = makeStep(layer, arrays, steps.at(-1)?.count ?? count, layers[i - 1], whole);
    if (made.withBefore) steps.pop();
    steps.push({ step: made.step, count: made.count });
  });
  return steps;
}

/**
 * An operation ready to run, and how many numbers it makes.
 * @param {Layer} layer
 * @param {Message["arrays"]} arrays
 * @param {number} count of the numbers that it is given
 * @param {Layer | undefined} before the operation before it
 * @param {string} whole
 * @returns {{step: Step, count: number, withBefore?: boolean}} `withBefore`: it does what the one before it does, too
 */
function makeStep(layer, arrays, count, before, whole) {
  const { op, input, output } = layer;
  /** @param {string} name @param {...number} shape @returns {Float32Array} */
  const parameter = (name, ...shape) => {
    const array = arrays[name];
    if (!array) refuse(whole, `${op} lacks its array ${name}`);
    if (array.shape.join() !== shape.join()) {
      refuse(whole, `${op} needs ${name} of shape ${shape.join(" × ")}, and it is ${array.shape.join(" × ")}`);
    }
    return /** @type {Float32Array} */ (array.data);
  };
  if (isActivation(layer)) return { step: activation(op, layer.first ?? count), count };
  if (op === "linear") {
    const outputs = arrays[layer.weight]?.shape[0];
    return { step: makeLinear(parameter(layer.weight, outputs, count), parameter(layer.bias, outputs)), count: outputs };
  }
  if (op === "upsample") {
    checkSizes(layer, count, 2, whole);
    if (input[0] !== output[0]) refuse(whole, `upsample keeps its ${input[0]} channels and cannot make ${output[0]}`);
    return { step: makeUpsample(input, output), count: product(output) };
  }
  if (op === "convolution") {
    checkSizes(layer, count, 1, whole);
    const weight = parameter(layer.weight, output[0], input[0], 3, 3);
    const bias = parameter(layer.bias, output[0]);
    if (before && doubles(before)) {
      return { step: makeUpsampledConvolution(weight, bias, before.input, output), count: product(output), withBefore: true };
    }
    return { step: makeConvolution(weight, bias, input, output), count: product(output) };
  }
  if (op === "strided") {
    checkSizes(layer, count, 0.5, whole);
    const weight = parameter(layer.weight, output[0], input[0], 3, 3);
    return { step: makeStrided(weight, parameter(layer.bias, output[0]), input, output), count: product(output) };
  }
  if (op === "transposed") {
    checkSizes(layer, count, 2, whole);
    const weight = parameter(layer.weight, input[0], output[0], 3, 3);
    return { step: makeTransposed(weight, parameter(layer.bias, output[0]), input, output), count: product(output) };
  }
  throw new Error(`The ${whole} has an operation that this page does not know (${op}): reload the page.`);
}

/** @param {Layer} layer */
export const isActivation = ({ op }) => Object.hasOwn(ACTIVATIONS, op);

/** Whether an operation is upsampling to exactly twice the height and width. @param {Layer} layer */
const doubles = ({ op, input, output }) => op === "upsample" && output[1] === 2 * input[1] && output[2] === 2 * input[2];

/** In place, of the first so many numbers. @param {string} op @param {number} first @returns {Step} */
function activation(op, first) {
  return (x) => {
    ACTIVATIONS[op](first < x.length ? x.subarray(0, first) : x);
    return x;
  };
}

/**
 * y = W x + b, with W stored by rows; answers in an array of its own, which its next call overwrites.
 * @param {Float32Array} weight
 * @param {Float32Array} bias
 * @returns {Step}
 */
function makeLinear(weight, bias) {
  const y = new Float32Array(bias.length);
  return (x) => {
    for (let row = 0, at = 0; row < y.length; row++, at += x.length) {
      let sum = bias[row];
      for (let i = 0; i < x.length; i++) sum += weight[at + i] * x[i];
      y[row] = sum;
    }
    return y;
  };
}

/**
 * Refuse an operation whose input is not what the one before makes, or whose output is not `factor` times as
 * high and wide (or, where it doubles, one less; where it halves, the greater half).
 * @param {Layer} layer
 * @param {number} count
 * @param {0.5 | 1 | 2} factor
 * @param {string} whole
 */
function checkSizes({ op, input, output }, count, factor, whole) {
  const fits = (/** @type {1 | 2} */ axis) => {
    const [small, large] = factor < 1 ? [output, input] : [input, output];
    const times = Math.max(factor, 1 / factor);
    const spare = times * small[axis] - large[axis];
    return spare >= 0 && spare < times;
  };
  if (input?.length !== 3 || output?.length !== 3 || product(input) !== count || !fits(1) || !fits(2)) {
    refuse(whole, `${op} cannot make ${output?.join(" × ")} of ${input?.join(" × ")} when it is given ${count} numbers`);
  }
}

/** @param {string} whole @param {string} why @returns {never} */
export function refuse(whole, why) {
  throw new Error(`The ${whole} does not fit together: ${why}.`);
}

/** @param {number[]} numbers @returns {number} */
export const product = (numbers) => numbers.reduce((a, b) => a * b, 1);
