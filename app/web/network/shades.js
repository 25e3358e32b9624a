/** Values around 0 as colours: 0 is the middle, equal distances from it equally strong. Pure functions. */
import { cellOf, extentOf } from "./grid.js";

/**
 * Where the scale of a layer ends: 1, 2 or 5 times a power of ten that none of its values exceeds; 1 where all are 0.
 * Values that change a little do not move it.
 * @param {ArrayLike<number>} values
 */
export function reachOf(values) {
  let most = 0;
  for (let i = 0; i < values.length; i++) if (Math.abs(values[i]) > most) most = Math.abs(values[i]);
  if (!Number.isFinite(most) || most === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return Number(((/** @type {number} */ ([1, 2, 5, 10].find((m) => m * power >= most * (1 - 1e-6)) ?? 10)) * power).toPrecision(1));
}

/** The colour of a value, nothing where it is no number. @param {number} value @param {number} reach @param {Uint32Array} table of 256 colours, the lowest first */
export function shade(value, reach, table) {
  if (Number.isNaN(value)) return 0;
  return table[Math.max(0, Math.min(255, Math.round(127.5 + (127.5 * value) / reach)))];
}

/**
 * The cells of a layer as pixels, one each; what is no unit is transparent.
 * @param {ArrayLike<number>} values
 * @param {import("./grid.js").Grid} grid
 * @param {number} reach
 * @param {Uint32Array} table
 * @returns {{pixels: Uint32Array<ArrayBuffer>, width: number, height: number}}
 */
export function shaded(values, grid, reach, table) {
  const [width, height] = extentOf(grid);
  const pixels = new Uint32Array(width * height);
  for (let unit = 0; unit < values.length; unit++) {
    const [column, row] = cellOf(grid, unit);
    pixels[row * width + column] = shade(values[unit], reach, table);
  }
  return { pixels, width, height };
}
