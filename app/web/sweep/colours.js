/** Colours of a sweep: of examples as on every other map, of cells along a ramp in the order of their values. Pure functions. */
import { packColour, packRgb } from "../map/colour.js";
import { labelColours, rampColour } from "../base/palette.js";

/**
 * A pixel for each label.
 * @param {ArrayLike<number>} labels
 * @param {string[]} classes
 * @returns {Uint32Array}
 */
export function pointColours(labels, classes) {
  return Uint32Array.from(labelColours(labels, classes), (colour) => {
    if (colour.startsWith("#")) return packColour(colour);
    const [r, g, b] = /** @type {string[]} */ (colour.match(/\d+/g)).map(Number);
    return packRgb(r, g, b);
  });
}

/** @param {number} k @param {number} cells @returns {string} */
export function cellColour(k, cells) {
  return rampColour(cells > 1 ? k / (cells - 1) : 0);
}
