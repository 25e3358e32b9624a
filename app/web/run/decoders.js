/** The decoders that a run has: the newest, and those of moments that have passed, which the server keeps few of. */
import { makeDecoder } from "../decoder/decoder.js";

/** @typedef {import("../wire/wire.js").Message} Message */
/** @typedef {{step: number, decode: import("../decoder/decoder.js").Decode}} Decoder */

/** Bytes of weights of the past that are held here, at most; of one moment in any case. */
const MAX_BYTES = 24 * 2 ** 20;

/**
 * The step nearest to another one; of two as near, the earlier.
 * @param {number[]} steps that increase
 * @param {number} step
 * @returns {number | undefined} nothing of nothing
 */
export function nearestStep(steps, step) {
  const distance = (/** @type {number} */ s) => Math.abs(s - step);
  return steps.length ? steps.reduce((best, s) => (distance(s) < distance(best) ? s : best)) : undefined;
}

export class Decoders {
  /** @param {(step: number) => void} ask for the weights of a moment that has passed */
  constructor(ask) {
    this.ask = ask;
    /** @type {Decoder | undefined} */
    this.newest = undefined;
    /** The steps that can be asked for. @type {number[]} */
    this.kept = [];
    /** Those that are here, the one used last at the end. @type {Map<number, Decoder & {bytes: number}>} */
    this.here = new Map();
    /** The step whose weights are on their way. @type {number | undefined} */
    this.asked = undefined;
  }

  /** Nothing is known of the run: it is another one, or has begun again. */
  begin() {
    this.newest = undefined;
    this.forget();
  }

  /** Nothing is known of its past, and what was asked for will not come: the connection is another one. */
  forget() {
    this.kept = [];
    this.here.clear();
    this.asked = undefined;
  }

  /** Which moments the server keeps now. @param {number[]} steps */
  keep(steps) {
    this.kept = steps;
  }

  /** The server has not, or no longer, what it was asked for. @param {number} step */
  gone(step) {
    this.kept = this.kept.filter((s) => s !== step);
    if (this.asked === step) this.asked = undefined;
  }

  /** Weights have come, asked for or newer than the newest; an error when no decoder can be made of them. @param {Message} message */
  take(message) {
    const { step, kept } = message.meta;
    if (kept) {
      if (step !== this.asked) return; // of the run as it was before it began again
      this.asked = undefined;
    }
    let decode;
    try {
      decode = makeDecoder(message);
    } catch (error) {
      if (kept) this.gone(step);
      throw error;
    }
    if (kept) this.hold({ step, decode, bytes: message.bytes });
    else this.newest = { step, decode };
  }

  /** @param {Decoder & {bytes: number}} decoder */
  hold(decoder) {
    this.here.set(decoder.step, decoder);
    let bytes = 0;
    for (const held of this.here.values()) bytes += held.bytes;
    for (const [step, held] of this.here) {
      if (bytes <= MAX_BYTES || step === decoder.step) break;
      this.here.delete(step);
      bytes -= held.bytes;
    }
  }

  /**
   * The decoder for a moment that has passed: the one nearest to it of all that there are. While that is on its way,
   * the nearest of those that are here.
   * @param {number} step
   * @returns {Decoder | undefined}
   */
  at(step) {
    const here = [...this.here.keys(), ...(this.newest ? [this.newest.step] : [])];
    const best = nearestStep(inOrder([...this.kept, ...here]), step);
    if (best !== undefined && !here.includes(best) && this.asked === undefined) {
      this.asked = best;
      this.ask(best);
    }
    const nearest = nearestStep(inOrder(here), step);
    if (nearest === undefined || nearest === this.newest?.step) return this.newest;
    const held = /** @type {Decoder & {bytes: number}} */ (this.here.get(nearest));
    this.here.delete(nearest);
    this.here.set(nearest, held);
    return held;
  }

  /**
   * What to say of the weights that decode a moment that has passed.
   * @param {Decoder} decoder
   * @param {number} step
   * @returns {string}
   */
  told(decoder, step) {
    if (decoder.step === step) return "Decoded with the weights of this step.";
    const which = `step ${decoder.step.toLocaleString("en")}`;
    if (this.kept.length) return `Decoded with the weights of ${which}.`;
    return `Decoded with the newest weights, of ${which}: none of earlier steps are kept.`;
  }
}

/** @param {number[]} steps @returns {number[]} */
const inOrder = (steps) => steps.sort((a, b) => a - b);
