/** What the points can be coloured by, and the colours. Pure functions. */
import { CLASS_COLOURS, rampColour } from "../base/palette.js";
import { format } from "../base/scale.js";
import { packColour, packPalette } from "../map/colour.js";
import { SPLITS, splitOf } from "./split.js";

/** Steps of the ramp. */
const STEPS = 64;
/** Shares of the values beyond which the ramp does not change: outliers would take it all. */
const TAILS = [0.01, 0.99];

/**
 * @typedef {{key: string, label: string}} Choice
 * @typedef {{colours: Uint32Array, names: string[] | null, ends: [string, string] | null}} Colouring `names`: of the
 *   classes, in the order of their colours; `ends`: what the ends of the ramp mean
 */

/** Whether anything is known of the examples; of what version 0.1.0 wrote, always. @param {any} meta of the space */
export function isLabelled(meta) {
  return meta.labelled !== false;
}

/**
 * @param {any} meta of the space
 * @param {Record<string, any>} arrays
 * @returns {Choice[]}
 */
export function colourChoices(meta, arrays) {
  const units = Array.from({ length: meta.latent }, (_, j) => ({ key: `unit ${j}`, label: `unit ${j + 1}` }));
  return [
    { key: "label", label: !isLabelled(meta) ? "nothing" : meta.classes.length ? "class" : "position" },
    { key: "errors", label: "reconstruction error" },
    ...(arrays.kl ? [{ key: "kl", label: "KL to the prior" }] : []),
    ...(meta.held_out < meta.count ? [{ key: "split", label: "held out or trained on" }] : []),
    ...meta.factors.map((/** @type {string} */ name, /** @type {number} */ k) => ({ key: `factor ${k}`, label: `factor: ${name}` })),
    ...units,
  ];
}

/**
 * A colour for each example.
 * @param {string} key of a choice
 * @param {any} meta
 * @param {Record<string, any>} arrays
 * @returns {Colouring}
 */
export function colouring(key, meta, arrays) {
  if (key === "label" && !isLabelled(meta)) return byClass(arrays.labels.data, null); // all in one colour
  if (key === "label" && meta.classes.length) return byClass(arrays.labels.data, meta.classes);
  if (key === "split") {
    const parts = Array.from({ length: meta.count }, (_, i) => splitOf(i, meta, arrays.labels.data));
    return byClass(parts, SPLITS.slice(0, meta.experiment.left_out === null ? 2 : 3));
  }
  return byValue(valuesOf(key, meta, arrays), key === "kl" ? " nats" : "");
}

/** @param {string} key @param {any} meta @param {Record<string, any>} arrays @returns {ArrayLike<number>} */
export function valuesOf(key, meta, arrays) {
  const [kind, which] = key.split(" ");
  if (kind === "label") return arrays.labels.data;
  if (kind === "unit") return column(arrays.codes.data, meta.latent, Number(which));
  if (kind === "factor") return column(arrays.factors.data, meta.factors.length, Number(which));
  return arrays[kind].data;
}

/** @param {ArrayLike<number>} data @param {number} width @param {number} which @returns {Float32Array} */
function column(data, width, which) {
  return Float32Array.from({ length: data.length / width }, (_, i) => data[i * width + which]);
}

/** @param {ArrayLike<number>} labels @param {string[] | null} names @returns {Colouring} */
function byClass(labels, names) {
  return { colours: packPalette(labels, CLASS_COLOURS), names, ends: null };
}

/** @param {ArrayLike<number>} values @param {string} unit @returns {Colouring} */
function byValue(values, unit) {
  const sorted = Float32Array.from(values).sort();
  const [low, high] = TAILS.map((share) => sorted[Math.round(share * (sorted.length - 1))]);
  const ramp = Uint32Array.from({ length: STEPS }, (_, k) => packColour(rampColour(k / (STEPS - 1))));
  const span = high - low || 1;
  const step = (/** @type {number} */ value) => Math.max(0, Math.min(STEPS - 1, Math.round(((value - low) / span) * (STEPS - 1))));
  return { colours: Uint32Array.from(values, (value) => ramp[step(value)]), names: null, ends: [format(low) + unit, format(high) + unit] };
}
