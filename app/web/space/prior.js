/** The prior N(0, I) of a variational code, as every map shows it. Pure functions. */
import { extent } from "../map/placing.js";

/**
 * @typedef {import("../map/view.js").Box} Box
 * @typedef {"prior" | "fit"} Scale of a map: all of the prior, however small the codes are; or as close as the codes allow
 */

/** Standard deviations from the middle that the scale of the prior shows at least: 98.9 % of a plane lie within. */
const SHOWN = 3;

/**
 * The prior's rings of one and two standard deviations: 39 % and 86 % of it lie within, in a plane.
 * @param {[number, number]} [centre] of the prior on the map
 * @returns {import("../map/rings.js").Ring[]}
 */
export function priorRings(centre = [0, 0]) {
  return [{ centre, radius: 1, name: "1σ" }, { centre, radius: 2, name: "2σ of the prior" }];
}

/**
 * The view in the scale of the prior: three standard deviations, and more where points lie further out.
 * @param {Float32Array} points x and y in turn
 * @param {boolean} rows whether the vertical axis has a row for each label, and is no unit of the code
 * @param {[number, number]} [centre] of the prior on the map
 * @returns {Box}
 */
export function priorBox(points, rows, centre = [0, 0]) {
  const { low, high } = extent(points);
  const bound = (/** @type {0 | 1} */ k, /** @type {-1 | 1} */ sign) => {
    const reach = centre[k] + sign * SHOWN;
    const end = sign < 0 ? low[k] : high[k];
    if (rows && k) return end;
    return sign < 0 ? Math.min(end, reach) : Math.max(end, reach);
  };
  return { low: [bound(0, -1), bound(1, -1)], high: [bound(0, 1), bound(1, 1)] };
}
