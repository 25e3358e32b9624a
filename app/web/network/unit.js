/** One unit of a network: what it sees, what it writes, and what the output would be without it. Pure functions. */
import { product } from "../decoder/layers.js";

/** @typedef {import("./passing.js").Network} Network */
/** Weights around 0. @typedef {{values: Float32Array, shape: number[]}} Weights */

const KERNEL = 9;

/** What its weights are for each unit of the layer before, or its kernels for each map of that. @param {Network} network @param {number} layer @param {number} unit @returns {Weights | null} null for the input */
export function seenBy(network, layer, unit) {
  const stage = network.stages[layer - 1];
  if (!stage) return null;
  const { data, shape } = network.arrays[stage.weights.weight];
  const weight = /** @type {Float32Array} */ (data);
  if (stage.weights.op === "linear") {
    const inputs = shape[1];
    return { values: weight.slice(unit * inputs, (unit + 1) * inputs), shape: inputs === product(stage.seen) ? stage.seen : [inputs] };
  }
  return kernels(weight, shape, stage.weights.op === "transposed" ? 1 : 0, channelOf(stage.shape, unit));
}

/** The weights with which the units of the layer behind take it in, or their kernels. @param {Network} network @param {number} layer @param {number} unit @returns {Weights | null} null for the output */
export function writtenBy(network, layer, unit) {
  const stage = network.stages[layer];
  if (!stage) return null;
  const { data, shape } = network.arrays[stage.weights.weight];
  const weight = /** @type {Float32Array} */ (data);
  if (stage.weights.op === "linear") {
    // Of a posterior the deviations have rows, too: what is drawn are the means.
    const outputs = product(stage.shape);
    return { values: Float32Array.from({ length: outputs }, (_, row) => weight[row * shape[1] + unit]), shape: stage.shape };
  }
  return kernels(weight, shape, stage.weights.op === "transposed" ? 0 : 1, channelOf(network.shapes[layer], unit));
}

/**
 * What the unit does to the output: the output as it is, less that with the unit at 0.
 * @param {Network} network
 * @param {import("./passing.js").Pass} pass
 * @param {number} layer
 * @param {number} unit
 * @param {import("./passing.js").Told} told
 * @returns {Float32Array | null} null for the output itself
 */
export function effectOf(network, pass, layer, unit, told) {
  if (layer === network.stages.length) return null;
  const values = pass.values.slice(0, layer + 1);
  values[layer] = values[layer].slice();
  values[layer][unit] = 0;
  const without = network.goOn({ values, deviation: pass.deviation }, told).values;
  return pass.values[network.stages.length].map((value, i) => value - without[network.stages.length][i]);
}

/** Units that have most to say of this example, the largest first. @param {Float32Array} values @param {number} count @returns {number[]} */
export function mostActive(values, count) {
  return Array.from(values.keys()).sort((a, b) => Math.abs(values[b]) - Math.abs(values[a])).slice(0, count);
}

/** Maps by what they say in all. @param {Float32Array} values @param {number[]} shape @param {number} count @returns {number[]} the first unit of each */
export function mostActiveMaps(values, [channels, height, width], count) {
  const area = height * width;
  const sums = Float32Array.from({ length: channels }, (_, c) => values.subarray(c * area, (c + 1) * area).reduce((sum, value) => sum + Math.abs(value), 0));
  return mostActive(sums, count).map((channel) => channel * area);
}

/** The name of a unit in its layer. @param {number[]} shape @param {number} unit */
export function unitName(shape, unit) {
  if (shape.length !== 3) return `unit ${unit + 1}`;
  const [channels, height, width] = shape;
  const map = channels > 1 ? `map ${channelOf(shape, unit) + 1}, ` : "";
  return `${map}row ${(Math.floor(unit / width) % height) + 1}, column ${(unit % width) + 1}`;
}

/** The names of the values of a pass. @param {{shapes: number[][], codeAt: number}} network @param {boolean} corrupted whether the encoder sees something else than the example @returns {string[]} */
export function layerNames({ shapes, codeAt }, corrupted) {
  return shapes.map((_, layer) => {
    if (layer === 0) return corrupted ? "corrupted input" : "input";
    if (layer === codeAt) return "code";
    if (layer === shapes.length - 1) return "output";
    return `hidden ${layer < codeAt ? layer : layer - 1}`;
  });
}

/** @param {number[]} shape @param {number} unit */
const channelOf = ([, height, width], unit) => Math.floor(unit / (height * width));

/** All kernels of one channel. @param {Float32Array} weight @param {number[]} shape @param {0 | 1} axis of the channel @param {number} channel @returns {Weights} */
function kernels(weight, [first, second], axis, channel) {
  const count = axis === 0 ? second : first;
  const values = new Float32Array(count * KERNEL);
  for (let k = 0; k < count; k++) {
    const at = (axis === 0 ? channel * second + k : k * second + channel) * KERNEL;
    values.set(weight.subarray(at, at + KERNEL), k * KERNEL);
  }
  return { values, shape: [count, 3, 3] };
}
