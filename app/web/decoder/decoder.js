/** The decoder in the browser: an interpreter of a short list of operations (see `aelib.networks.Operation`). */
import { ACTIVATIONS } from "./activations.js";
import { makeConvolution, makeTransposed, makeUpsample, makeUpsampledConvolution } from "./convolution.js";

/** @typedef {import("./convolution.js").Size} Size */
/** @typedef {import("./convolution.js").Step} Step */
/** @typedef {import("../wire/wire.js").Message} Message */
/** @typedef {(code: Float32Array, label?: number) => Float32Array} Decode `label`: the class that the decoder is told; −1, the default, for none */

/**
 * An operation as the message describes it: `weight` and `bias` name arrays.
 * @typedef {{op: string, weight: string, bias: string, input: Size, output: Size}} Layer
 */

/**
 * A function from a code to an example in the range of the data, flat, in an array of its own.
 *
 * Whatever does not fit together is told here, before anything is decoded.
 * @param {Message} weights
 * @returns {Decode}
 */
export function makeDecoder({ meta, arrays }) {
  const { latent, classes } = meta;
  const input = new Float32Array(latent + classes);
  let count = input.length;
  /** @type {Step[]} */
  const steps = [];
  meta.layers.forEach((/** @type {Layer} */ layer, /** @type {number} */ i) => {
    const made = makeStep(layer, arrays, count, meta.layers[i - 1]);
    count = made.count;
    if (made.withBefore) steps.pop();
    steps.push(made.step);
  });
  if (count !== product(meta.shape)) refuse(`it makes ${count} numbers, an example has ${product(meta.shape)}`);
  return (code, label = -1) => {
    if (code.length !== latent) throw new Error(`This decoder takes codes of ${latent} numbers, not ${code.length}.`);
    if (!Number.isInteger(label) || label < -1 || label >= classes) {
      throw new Error(`This decoder knows ${classes} classes, counted from 0, and −1 for none; there is no class ${label}.`);
    }
    input.set(code);
    input.fill(0, latent);
    if (label >= 0) input[latent + label] = 1;
    return steps.reduce((/** @type {Float32Array} */ x, /** @type {Step} */ step) => step(x), input).slice();
  };
}

/**
 * An operation ready to run, and how many numbers it makes.
 * @param {Layer} layer
 * @param {Message["arrays"]} arrays
 * @param {number} count of the numbers that it is given
 * @param {Layer | undefined} before the operation before it
 * @returns {{step: Step, count: number, withBefore?: boolean}} `withBefore`: it does what the one before it does, too
 */
function makeStep(layer, arrays, count, before) {
  const { op, input, output } = layer;
  /** @param {string} name @param {...number} shape @returns {Float32Array} */
  const parameter = (name, ...shape) => {
    const array = arrays[name];
    if (!array) refuse(`${op} lacks its array ${name}`);
    if (array.shape.join() !== shape.join()) {
      refuse(`${op} needs ${name} of shape ${shape.join(" × ")}, and it is ${array.shape.join(" × ")}`);
    }
    return /** @type {Float32Array} */ (array.data);
  };
  if (Object.hasOwn(ACTIVATIONS, op)) return { step: (x) => (ACTIVATIONS[op](x), x), count };
  if (op === "linear") {
    const outputs = arrays[layer.weight]?.shape[0];
    return { step: makeLinear(parameter(layer.weight, outputs, count), parameter(layer.bias, outputs)), count: outputs };
  }
  if (op === "upsample") {
    checkSizes(layer, count, 2);
    if (input[0] !== output[0]) refuse(`upsample keeps its ${input[0]} channels and cannot make ${output[0]}`);
    return { step: makeUpsample(input, output), count: product(output) };
  }
  if (op === "convolution") {
    checkSizes(layer, count, 1);
    const weight = parameter(layer.weight, output[0], input[0], 3, 3);
    const bias = parameter(layer.bias, output[0]);
    if (before && doubles(before)) {
      return { step: makeUpsampledConvolution(weight, bias, before.input, output), count: product(output), withBefore: true };
    }
    return { step: makeConvolution(weight, bias, input, output), count: product(output) };
  }
  if (op === "transposed") {
    checkSizes(layer, count, 2);
    const weight = parameter(layer.weight, input[0], output[0], 3, 3);
    return { step: makeTransposed(weight, parameter(layer.bias, output[0]), input, output), count: product(output) };
  }
  throw new Error(`The decoder has an operation that this page does not know (${op}): reload the page.`);
}

/** Whether an operation is upsampling to exactly twice the height and width. @param {Layer} layer */
const doubles = ({ op, input, output }) => op === "upsample" && output[1] === 2 * input[1] && output[2] === 2 * input[2];

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
 * high and wide (or, where it doubles, one less).
 * @param {Layer} layer
 * @param {number} count
 * @param {1 | 2} factor
 */
function checkSizes({ op, input, output }, count, factor) {
  const fits = (/** @type {1 | 2} */ axis) => {
    const spare = factor * input[axis] - output[axis];
    return spare >= 0 && spare < factor;
  };
  if (input?.length !== 3 || output?.length !== 3 || product(input) !== count || !fits(1) || !fits(2)) {
    refuse(`${op} cannot make ${output?.join(" × ")} of ${input?.join(" × ")} when it is given ${count} numbers`);
  }
}

/** @param {string} why @returns {never} */
function refuse(why) {
  throw new Error(`The decoder does not fit together: ${why}.`);
}

/** @param {number[]} numbers @returns {number} */
const product = (numbers) => numbers.reduce((a, b) => a * b, 1);
