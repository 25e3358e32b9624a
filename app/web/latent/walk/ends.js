/** The two ends of a walk: an example, a picture of one's own, or a place of the map. Pure functions. */

/**
 * @typedef {{kind: "example", index: number}} Example
 * @typedef {{kind: "picture", name: string, values: Float32Array}} Picture values in the range of the data
 * @typedef {{kind: "place", code: Float32Array}} PlaceEnd
 * @typedef {Example | Picture | PlaceEnd} End
 */

/** Pixels within which a click on the map means the point. */
const REACH = 9;

/**
 * Two examples to begin with: the first one, and the next of another class; where there are no classes, the one whose
 * label differs most.
 * @param {ArrayLike<number>} labels
 * @param {boolean} classes whether labels are classes
 * @returns {[Example, Example]}
 */
export function usualEnds(labels, classes) {
  let other = 0;
  for (let i = 1; i < labels.length; i++) {
    const gap = Math.abs(labels[i] - labels[0]);
    if (classes && gap > 0) return [{ kind: "example", index: 0 }, { kind: "example", index: i }];
    if (gap > Math.abs(labels[other] - labels[0])) other = i;
  }
  return [{ kind: "example", index: 0 }, { kind: "example", index: other || Math.min(1, labels.length - 1) }];
}

/**
 * Whether a click meant the point nearest to it.
 * @param {{x: number, y: number}} place of the click; not a number in space, where only points can be met
 * @param {ArrayLike<number>} points of a plane
 * @param {number} index of the nearest, or −1
 * @param {{ax: number, ay: number}} scale pixels of a unit of data
 */
export function meantPoint({ x, y }, points, index, { ax, ay }) {
  if (index < 0 || Number.isNaN(x)) return index >= 0;
  return Math.hypot(ax * (points[2 * index] - x), ay * (points[2 * index + 1] - y)) <= REACH;
}
