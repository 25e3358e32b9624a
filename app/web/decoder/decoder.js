/** The decoder in the browser. */
import { makeSteps, product, refuse } from "./layers.js";

/** @typedef {import("../wire/wire.js").Message} Message */
/** @typedef {(code: Float32Array, label?: number) => Float32Array} Decode `label`: the class that the decoder is told; −1, the default, for none */

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
  const steps = makeSteps(meta.layers, arrays, input.length, "decoder");
  const count = steps.at(-1)?.count ?? input.length;
  if (count !== product(meta.shape)) refuse("decoder", `it makes ${count} numbers, an example has ${product(meta.shape)}`);
  return (code, label = -1) => {
    if (code.length !== latent) throw new Error(`This decoder takes codes of ${latent} numbers, not ${code.length}.`);
    fillInput(input, code, label);
    return steps.reduce((/** @type {Float32Array} */ x, { step }) => step(x), input).slice();
  };
}

/**
 * What a decoder is given: a code, then one number for each class, 1 for the one that it is told.
 * @param {Float32Array} input to fill
 * @param {Float32Array} code
 * @param {number} label −1 for none
 */
export function fillInput(input, code, label) {
  const classes = input.length - code.length;
  if (!Number.isInteger(label) || label < -1 || label >= classes) {
    throw new Error(`This decoder knows ${classes} classes, counted from 0, and −1 for none; there is no class ${label}.`);
  }
  input.set(code);
  input.fill(0, code.length);
  if (label >= 0) input[code.length + label] = 1;
}
