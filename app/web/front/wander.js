/** The point that wanders over a map until somebody takes the lead: from class to class, and round again. Pure. */
import { classNames } from "../map/placing.js";
import { PointGrid } from "../map/neighbours.js";

/** Milliseconds at a stop, and on the way to the next one. */
const STAY = 1400;
const WAY = 2600;
/** Stops where there are no classes. */
const STOPS = 10;
/** What passes between two frames of the screen, at most: after a pause the point goes on from where it was. */
const LONGEST = 100;

/**
 * The examples to stop at: of each class the one in the middle of its points; without classes some of all.
 * @param {Float32Array} points x and y in turn
 * @param {ArrayLike<number>} labels
 * @param {string[]} classes
 * @returns {number[]}
 */
export function stopsOf(points, labels, classes) {
  const found = classes.flatMap((name, k) => {
    const members = Array.from(labels, (label, i) => (label === k ? i : -1)).filter((i) => i >= 0);
    const own = Float32Array.from(members.flatMap((i) => [points[2 * i], points[2 * i + 1]]));
    return classNames(own, members.map(() => 0), [name]).map(({ x, y }) => members[new PointGrid(own).nearest(x, y, 1, 1)]);
  });
  if (found.length) return found;
  const count = points.length / 2;
  const stops = Math.min(STOPS, count);
  return Array.from({ length: stops }, (_, k) => Math.floor((k * count) / stops));
}

/**
 * Where the point is after a time: always on the straight line between two stops.
 * @param {Float32Array} points
 * @param {number[]} stops at least one
 * @param {number} time milliseconds
 * @returns {[number, number]}
 */
export function placeAt(points, stops, time) {
  const leg = Math.floor(time / (STAY + WAY));
  const share = Math.max(0, time - leg * (STAY + WAY) - STAY) / WAY;
  const gone = share * share * (3 - 2 * share);
  const [from, to] = [stops[leg % stops.length], stops[(leg + 1) % stops.length]];
  const between = (/** @type {0 | 1} */ axis) => points[2 * from + axis] + gone * (points[2 * to + axis] - points[2 * from + axis]);
  return [between(0), between(1)];
}

/** The time that a point has wandered: it passes between `go` and `stop` alone. */
export class Wandering {
  /** @param {boolean} moves whether it sets out by itself */
  constructor(moves) {
    this.moves = moves;
    this.time = 0;
    /** @type {number | undefined} */
    this.last = undefined;
  }

  go() {
    this.moves = true;
  }

  stop() {
    this.moves = false;
    this.last = undefined;
  }

  /** A frame of the screen. @param {number} now milliseconds @returns {number} the time that it has wandered */
  advance(now) {
    if (!this.moves) return this.time;
    this.time += Math.max(0, Math.min(LONGEST, now - (this.last ?? now)));
    this.last = now;
    return this.time;
  }
}
