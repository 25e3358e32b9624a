/** Which units of the code the map shows, the box that holds them, and where the names of classes stand. Pure functions. */

/** @typedef {import("../wire/timeline.js").Box} Box */

/** Air around the points, as a share of their extent. */
const MARGIN = 0.07;
/** Share of the way that the view moves to a new extent with each frame, so that it does not twitch. */
const FOLLOW = 0.25;

/** Another pair of units must have this many times the variance of the current one to replace it. */
const STICKY = 1.5;

/**
 * The two units of greatest variance, the greatest first; [0, 0] for a code of one unit.
 * @param {ArrayLike<number>} variance one number for each unit
 * @param {[number, number] | null} [current] kept unless another pair is clearly wider
 * @returns {[number, number]}
 */
export function widestAxes(variance, current = null) {
  if (variance.length === 1) return [0, 0];
  // Two units keep their order, so that unit 1 lies to the right as in a textbook.
  if (variance.length === 2) return [0, 1];
  const order = Array.from(variance, (v, i) => ({ v, i })).sort((a, b) => b.v - a.v || a.i - b.i);
  const widest = order[0].v + order[1].v;
  if (current && STICKY * (variance[current[0]] + variance[current[1]]) >= widest) return current;
  return [order[0].i, order[1].i];
}

/**
 * The axes when the user has chosen some: each choice stands, and a free axis shows the wider of what is left.
 * @param {[number, number]} widest
 * @param {[number | null, number | null]} chosen
 * @returns {[number, number]}
 */
export function withChoice(widest, chosen) {
  const [x, y] = chosen;
  const free = (/** @type {number} */ taken) => widest.find((unit) => unit !== taken) ?? widest[0];
  if (x !== null) return [x, y ?? free(x)];
  return y === null ? widest : [free(y), y];
}

/**
 * Positions on the map: two units of each code, or for one unit the unit and a row for each label.
 * @param {{data: ArrayLike<number>, shape: number[]}} codes
 * @param {[number, number]} axes
 * @param {ArrayLike<number>} labels
 * @returns {Float32Array} x and y in turn
 */
export function positions(codes, axes, labels) {
  const [count, units] = codes.shape;
  const points = new Float32Array(2 * count);
  const highest = Math.max(1, ...Array.from(labels));
  for (let i = 0; i < count; i++) {
    points[2 * i] = codes.data[i * units + axes[0]];
    points[2 * i + 1] = units === 1 ? labels[i] / highest - 0.5 : codes.data[i * units + axes[1]];
  }
  return points;
}

/**
 * The box around points, with a margin; never empty.
 * @param {Float32Array} points
 * @returns {Box}
 */
export function extent(points) {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (let i = 0; i < points.length; i++) {
    low[i & 1] = Math.min(low[i & 1], points[i]);
    high[i & 1] = Math.max(high[i & 1], points[i]);
  }
  for (const k of [0, 1]) {
    const air = MARGIN * (high[k] - low[k]) || 0.5;
    low[k] -= air;
    high[k] += air;
  }
  return { low: [low[0], low[1]], high: [high[0], high[1]] };
}

/**
 * The view for the next frame: it grows at once, and shrinks gently.
 * @param {Box | null} previous
 * @param {Box} wanted
 * @returns {Box}
 */
export function follow(previous, wanted) {
  if (!previous) return wanted;
  const towards = (/** @type {number} */ a, /** @type {number} */ b) => a + FOLLOW * (b - a);
  return {
    low: [Math.min(wanted.low[0], towards(previous.low[0], wanted.low[0])), Math.min(wanted.low[1], towards(previous.low[1], wanted.low[1]))],
    high: [Math.max(wanted.high[0], towards(previous.high[0], wanted.high[0])), Math.max(wanted.high[1], towards(previous.high[1], wanted.high[1]))],
  };
}

/**
 * Names of classes at the medians of their points.
 * @param {Float32Array} points
 * @param {ArrayLike<number>} labels
 * @param {string[]} classes
 */
export function classNames(points, labels, classes) {
  const median = (/** @type {number[]} */ values) => values.sort((a, b) => a - b)[values.length >> 1];
  return classes.flatMap((text, k) => {
    const members = Array.from(labels, (label, i) => (label === k ? i : -1)).filter((i) => i >= 0);
    if (!members.length) return [];
    return [{ text, x: median(members.map((i) => points[2 * i])), y: median(members.map((i) => points[2 * i + 1])) }];
  });
}
