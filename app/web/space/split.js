/** Which part of the data an example is from. Pure functions. */

/** Names of the parts, in the order of their numbers. */
export const SPLITS = ["held out", "trained on", "left out of training"];

/**
 * The number of its part: held-out examples come first; of the others a class may have been left out.
 * @param {number} index
 * @param {any} meta of the space
 * @param {ArrayLike<number>} labels
 * @returns {number}
 */
export function splitOf(index, meta, labels) {
  if (index < meta.held_out) return 0;
  return labels[index] === meta.experiment.left_out ? 2 : 1;
}
