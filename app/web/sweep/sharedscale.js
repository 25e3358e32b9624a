/** One scale for the maps of a sweep: what is larger in one cell than in another is seen to be. Pure functions. */

/** @typedef {import("../map/view.js").Box} Box */

/**
 * The smallest view that holds those of all cells.
 * @param {({box: Box, rows: boolean} | null)[]} wanted of each cell, null for one that is not to count; with `rows` its
 *   vertical axis is no unit of the code and does not count
 * @returns {Box | null} null without any
 */
export function sharedBox(wanted) {
  const all = wanted.filter((one) => one !== null);
  if (!all.length) return null;
  const upright = all.filter(({ rows }) => !rows);
  const span = (/** @type {typeof all} */ some, /** @type {0 | 1} */ k) =>
    [Math.min(...some.map(({ box }) => box.low[k])), Math.max(...some.map(({ box }) => box.high[k]))];
  const [[left, right], [bottom, top]] = [span(all, 0), span(upright.length ? upright : all, 1)];
  return { low: [left, bottom], high: [right, top] };
}
