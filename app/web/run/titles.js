/** Titles of sheets and readouts: those of today, also where a log of before has others. Pure functions. */

/** @type {Record<string, string>} */
const RENAMED = { foreign: "Out of distribution", foreign_rmse: "RMSE, out of distribution" };

/** @param {{name: string}} named @param {string} written in the log @returns {string} */
export function titleOf({ name }, written) {
  return RENAMED[name] ?? written;
}
