/** The order in which points of a plane are painted. Pure functions. */

/** Tiles along each side of the box: the pixels of one fit into a processor's cache, which halves the time of painting. */
const TILES = 16;

/**
 * Indices of all points, the dimmed ones first; tile by tile, and within each in a fixed shuffle, so that no class lies
 * above another as a whole.
 * @param {Float32Array} points x and y in turn
 * @param {import("./view.js").Box} box around them
 * @param {Uint8Array | null} dimmed
 * @returns {Uint32Array}
 */
export function paintOrder(points, { low, high }, dimmed) {
  const count = points.length / 2;
  const tile = (/** @type {number} */ value, /** @type {number} */ k) =>
    Math.max(0, Math.min(TILES - 1, Math.floor((TILES * (value - low[k])) / (high[k] - low[k])) || 0));
  const bins = new Uint16Array(count);
  const starts = new Uint32Array(2 * TILES * TILES + 1);
  for (let i = 0; i < count; i++) {
    const bright = dimmed && !dimmed[i] ? TILES * TILES : 0;
    bins[i] = bright + tile(points[2 * i + 1], 1) * TILES + tile(points[2 * i], 0);
    starts[bins[i] + 1]++;
  }
  for (let b = 0; b + 1 < starts.length; b++) starts[b + 1] += starts[b];
  const order = new Uint32Array(count);
  for (const i of shuffled(count)) order[starts[bins[i]]++] = i;
  return order;
}

/** @type {Uint32Array} the shuffle that was made last: frames of a run, and cards of a sweep, have equally many points */
let made = new Uint32Array(0);

/** 0 … count − 1 in an order that is the same every time. @param {number} count @returns {Uint32Array} not to be changed */
function shuffled(count) {
  if (made.length !== count) made = shuffle(count);
  return made;
}

/** @param {number} count @returns {Uint32Array} */
function shuffle(count) {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  let state = 1;
  for (let i = count - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = Math.floor((state / 2 ** 32) * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
