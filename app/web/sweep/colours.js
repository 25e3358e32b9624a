/** Colours of a sweep's cells, along a ramp in the order of their values. Pure functions. */
import { rampColour } from "../base/palette.js";

/** @param {number} k @param {number} cells @returns {string} */
export function cellColour(k, cells) {
  return rampColour(cells > 1 ? k / (cells - 1) : 0);
}
