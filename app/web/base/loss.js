/** The terms of a loss among what a model is evaluated by. Pure functions. */

/** What `aelib.evaluate` adds to them. */
const SUMMARIES = new Set(["loss", "squared_error", "rmse"]);

/** @param {Record<string, number>} test figures of a frame @returns {string[]} */
export function partsOf(test) {
  return Object.keys(test).filter((name) => !SUMMARIES.has(name));
}

/**
 * The terms of a loss and what they are called.
 * @param {any} meta of a scene
 * @param {Record<string, number>} test figures of a frame
 * @returns {[string, string][]}
 */
export function termsOf(meta, test) {
  return Object.entries(meta.terms ?? Object.fromEntries(partsOf(test).map((name) => [name, name]))); // a log of version 0.1.0 has no names
}
