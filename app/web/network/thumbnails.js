/** Weights as pictures, of the units that have most to say of an example: what they look for, and what they write. Pure functions. */
import { extentOf, gridOf, isPicture } from "./grid.js";
import { mostActive, mostActiveMaps, seenBy, writtenBy } from "./unit.js";

/**
 * @typedef {{layer: number, unit: number, values: Float32Array, grid: import("./grid.js").Grid, box: {x: number, y: number, width: number, height: number}}} Thumbnail
 * @typedef {{caption: string, x: number, y: number, thumbnails: Thumbnail[]}} Row `y`: of the caption's baseline
 */

const SIDE = 40;
const SPACE = 6;
const MOST = 8;
/** Pixels for a row and its caption, below which that is short. */
const SHORT = 260;
/** Between a caption and its pictures. */
const BELOW = 7;
/** Of a row with its caption. */
export const ROW_HEIGHT = SIDE + 30;

/**
 * The rows below a drawing: one for the first layer and one for the last, where examples are pictures.
 * @param {import("./passing.js").Network} network
 * @param {import("./passing.js").Pass} pass
 * @param {string[]} names of the layers
 * @param {number} width of the drawing
 * @param {number} top
 * @returns {Row[]}
 */
export function weightRows(network, pass, names, width, top) {
  if (!isPicture(network.shapes[0])) return [];
  const room = width / 2 - SPACE;
  const count = Math.min(MOST, Math.floor(room / (SIDE + SPACE)));
  const last = network.stages.length - 1;
  const [sees, writes] = room < SHORT ? [" looks for", " writes"] : [": the most active look for", ": the most active write"];
  return [
    row(network, pass, 1, seenBy, names[1] + sees, 0, top, count),
    row(network, pass, last, writtenBy, names[last] + writes, width / 2 + SPACE, top, count),
  ];
}

/**
 * @param {import("./passing.js").Network} network
 * @param {import("./passing.js").Pass} pass
 * @param {number} layer
 * @param {typeof seenBy} weightsOf
 * @param {string} caption
 * @param {number} x
 * @param {number} top
 * @param {number} count
 * @returns {Row}
 */
function row(network, pass, layer, weightsOf, caption, x, top, count) {
  const shape = network.shapes[layer];
  const values = pass.values[layer];
  const units = shape.length === 3 ? mostActiveMaps(values, shape, count) : mostActive(values, count);
  const thumbnails = units.map((unit, k) => {
    const weights = /** @type {import("./unit.js").Weights} */ (weightsOf(network, layer, unit));
    const grid = gridOf(weights.shape);
    const [columns, rows] = extentOf(grid);
    const cell = SIDE / Math.max(columns, rows);
    const box = { x: x + 1 + k * (SIDE + SPACE), y: top + 14 + BELOW, width: columns * cell, height: rows * cell };
    return { layer, unit, values: weights.values, grid, box };
  });
  return { caption, x, y: top + 14, thumbnails };
}

/** The unit whose picture is there. @param {Row[]} rows @param {number} px @param {number} py @returns {{layer: number, unit: number} | null} */
export function thumbnailUnder(rows, px, py) {
  const within = (/** @type {Thumbnail} */ { box: { x, y, width, height } }) => px >= x && px < x + width && py >= y && py < y + height;
  const found = rows.flatMap(({ thumbnails }) => thumbnails).find(within);
  return found ? { layer: found.layer, unit: found.unit } : null;
}
