/**
 * Moments of a sweep in one form, whoever trained it. A stacked sweep sends the figures of all its cells in one frame;
 * a cell that is a run of its own sends an ordinary frame, which is made into that of a sweep of one cell. Pure functions.
 */
import { widestAxes } from "../map/placing.js";
import { inUse } from "../run/readouts.js";

/** @typedef {import("../wire/wire.js").Message} Message */
/** @typedef {import("../wire/wire.js").NdArray} NdArray */

/**
 * The frame of a run as that of a sweep of one cell: the two widest units of its codes, and its strip.
 * @param {Message} frame
 * @returns {Message}
 */
export function fromRun({ meta, arrays, bytes }) {
  const [count, units] = arrays.codes.shape;
  const pair = units === 1 ? [0] : widestAxes(arrays.unit_variance.data);
  const data = new Float32Array(count * pair.length);
  for (let i = 0; i < count; i++) pair.forEach((unit, d) => (data[i * pair.length + d] = arrays.codes.data[i * units + unit]));
  const strip = arrays.reconstruction;
  const each = (/** @type {Record<string, number>} */ terms) =>
    Object.fromEntries(Object.entries(terms ?? {}).map(([name, value]) => [name, [value]]));
  return {
    meta: {
      ...meta,
      kind: "sweepframe",
      train: each(meta.train),
      test: each(meta.test),
      trade: meta.trade === undefined ? null : [meta.trade],
      diverged: [meta.status === "diverged" ? meta.step : 0],
      units: [pair],
      in_use: inUse(meta) === undefined ? null : [inUse(meta)],
    },
    arrays: {
      codes: { data, shape: [1, count, pair.length] },
      // A copy, so that what the frame holds besides can be forgotten.
      strip: { data: strip.data.slice(), shape: [1, ...strip.shape] },
    },
    bytes: Math.min(bytes, data.byteLength + strip.data.byteLength),
  };
}

/**
 * The codes of one cell, their units in rising order, so that a map does not turn over when two change ranks.
 * @param {Message} frame
 * @param {number} cell
 * @returns {{codes: NdArray, units: number[], axes: [number, number]}} axes: which column is drawn to the right, and up
 */
export function codesOf(frame, cell) {
  const [, count, width] = frame.arrays.codes.shape;
  /** @type {number[]} */
  const units = frame.meta.units[cell];
  const data = frame.arrays.codes.data.subarray(cell * count * width, (cell + 1) * count * width);
  const turned = units.length > 1 && units[0] > units[1];
  return {
    codes: { data, shape: [count, width] },
    units: turned ? [units[1], units[0]] : units,
    axes: width === 1 ? [0, 0] : turned ? [1, 0] : [0, 1],
  };
}

/** One cell's reconstruction of one example of the strip. @param {Message} frame @param {number} cell @param {number} example */
export function pictureOf(frame, cell, example) {
  const [, count, size] = frame.arrays.strip.shape;
  const at = (cell * count + example) * size;
  return frame.arrays.strip.data.subarray(at, at + size);
}

/** Units in use of one cell; null where that is no number, undefined where its code has no posterior. @param {Message} frame @param {number} cell @returns {number | null | undefined} */
export function inUseOf({ meta }, cell) {
  return meta.in_use?.[cell];
}

/** What can be drawn over the steps. @typedef {"loss" | "squared_error" | "train"} Figure */

/**
 * A figure of one cell; null where it is no number, or was not measured.
 * @param {Message} frame
 * @param {number} cell
 * @param {Figure} name
 * @returns {number | null}
 */
export function figureOf({ meta }, cell, name) {
  if (name !== "train") return meta.test[name]?.[cell] ?? null;
  /** @type {(number | null)[][]} */
  const terms = Object.values(meta.train);
  if (!terms.length || terms.some((values) => values[cell] === null)) return null;
  return terms.reduce((sum, values) => sum + /** @type {number} */ (values[cell]), 0);
}
