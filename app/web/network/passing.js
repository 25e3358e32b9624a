/** What every layer of a model makes of an example: encoder, code and decoder, run in the browser. */
import { fillInput } from "../decoder/decoder.js";
import { isActivation, makeSteps, product, refuse } from "../decoder/layers.js";

/** @typedef {import("../wire/wire.js").Message} Message */
/** @typedef {import("../decoder/layers.js").Layer} Layer */

/**
 * A layer with its activation. `shape`: of what it makes, [units] or [channels, height, width]. `seen`: of what it is
 * given. `weights`: its operation that has some.
 * @typedef {{part: "encoder" | "decoder", shape: number[], seen: number[], weights: Layer, run: (x: Float32Array) => Float32Array}} Stage
 *
 * What the layers make of one example: `values[0]` is the example and `values[i]` what the layer i − 1 makes; that of
 * the encoder's last layer is the code. `deviation`: of the posterior, for each unit; null where a code is a point.
 * @typedef {{values: Float32Array[], deviation: Float32Array | null}} Pass
 *
 * `label`: the class that the decoder is told, −1 for none. `active`: how many of its largest units a code keeps.
 * @typedef {{label?: number, active?: number}} Told
 */

export class Network {
  /**
   * Whatever does not fit together is told here.
   * @param {Message} weights with those of the encoder
   */
  constructor({ meta, arrays }) {
    const { latent, classes, shape } = meta;
    const encoder = makeStages("encoder", meta.encoder, arrays, shape, product(shape));
    const statistics = product(encoder[encoder.length - 1].shape);
    if (statistics !== latent && statistics !== 2 * latent) refuse("encoder", `it makes ${statistics} numbers for a code of ${latent} units`);
    encoder[encoder.length - 1].shape = [latent];
    const decoder = makeStages("decoder", meta.layers, arrays, [latent + classes], latent + classes);
    const made = product(decoder[decoder.length - 1].shape);
    if (made !== product(shape)) refuse("decoder", `it makes ${made} numbers, an example has ${product(shape)}`);
    decoder[decoder.length - 1].shape = shape;
    /** @type {number} */
    this.step = meta.step;
    /** @type {number} */
    this.latent = latent;
    this.isVariational = statistics === 2 * latent;
    this.arrays = arrays;
    this.stages = [...encoder, ...decoder];
    /** Where the code is among the values of a pass. */
    this.codeAt = encoder.length;
    this.input = new Float32Array(latent + classes);
    /** Of all values of a pass. @type {number[][]} */
    this.shapes = [shape, ...this.stages.map((stage) => stage.shape)];
  }

  /** @param {Float32Array} x the example, flat @param {Told} [told] @returns {Pass} */
  pass(x, told) {
    return this.goOn({ values: [x], deviation: null }, told);
  }

  /**
   * Run the layers that are left, given the values up to some.
   * @param {Pass} begun
   * @param {Told} [told]
   * @returns {Pass}
   */
  goOn({ values, deviation }, { label = -1, active = this.latent } = {}) {
    const found = [...values];
    for (let i = found.length - 1; i < this.stages.length; i++) {
      if (i === this.codeAt) fillInput(this.input, found[i], label);
      const made = this.stages[i].run(i === this.codeAt ? this.input : found[i]);
      if (i + 1 !== this.codeAt) found.push(made);
      else {
        found.push(largest(made.subarray(0, this.latent), active));
        if (this.isVariational) deviation = made.slice(this.latent).map((logVariance) => Math.exp(0.5 * logVariance));
      }
    }
    return { values: found, deviation };
  }
}

/**
 * A code with all but its largest units set to 0; of equal ones the first stay. As `aelib.objectives.KSparse` has it.
 * @param {Float32Array} code
 * @param {number} active how many stay
 * @returns {Float32Array} of its own
 */
export function largest(code, active) {
  const kept = code.slice();
  if (active >= code.length) return kept;
  const order = Array.from(code.keys()).sort((a, b) => code[b] - code[a] || a - b);
  for (const unit of order.slice(active)) kept[unit] = 0;
  return kept;
}

/**
 * The layers of a chain, each with all that is done up to its activation.
 * @param {"encoder" | "decoder"} part
 * @param {Layer[]} layers
 * @param {Message["arrays"]} arrays
 * @param {number[]} shape of what it is given
 * @param {number} count of its numbers
 * @returns {Stage[]}
 */
function makeStages(part, layers, arrays, shape, count) {
  /** @type {Stage[]} */
  const stages = [];
  for (let begin = 0, end = 1; begin < layers.length; begin = end++) {
    while (end < layers.length && !isActivation(layers[end - 1])) end++;
    const mine = layers.slice(begin, end);
    const weights = mine.find((layer) => layer.weight);
    if (!weights) refuse(part, `its layer ${stages.length + 1} has no weights`);
    const given = mine.find((layer) => layer.input)?.input;
    const steps = makeSteps(mine, arrays, count, part);
    // A linear layer before a convolution makes the maps that this takes.
    if (given && stages.length) stages[stages.length - 1].shape = given;
    count = steps[steps.length - 1].count;
    const run = (/** @type {Float32Array} */ x) => steps.reduce((value, { step }) => step(value), x).slice();
    stages.push({ part, seen: given ?? shape, shape: weights.output ?? [count], weights, run });
    shape = stages[stages.length - 1].shape;
  }
  if (!stages.length) refuse(part, "it has no layers");
  return stages;
}
