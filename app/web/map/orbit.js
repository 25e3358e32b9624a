/** Turning points in space about their centre, and where that puts them on the canvas. Pure functions. */

/**
 * @typedef {number[]} Rotation a matrix of 3 × 3, row by row: to the right, upwards, towards the viewer
 * @typedef {{centre: number[], radius: number, low: number[], high: number[]}} Ball around points, and the box within
 */

/** How strongly distance shrinks: 0 would be a parallel projection. */
const PERSPECTIVE = 0.22;
/** Radians per pixel of a drag. */
const TURN = 0.008;

/** The third axis upwards, seen a little from the side and from above, so that all three can be told apart. @returns {Rotation} */
export function firstRotation() {
  return turned([1, 0, 0, 0, 0, 1, 0, -1, 0], 60, 45);
}

/** The rotation after a drag over (dx, dy) pixels: about the screen's upright and level axes. @param {Rotation} rotation @param {number} dx @param {number} dy @returns {Rotation} */
export function turned(rotation, dx, dy) {
  const [c, s] = [Math.cos(TURN * dx), Math.sin(TURN * dx)];
  const [d, t] = [Math.cos(TURN * dy), Math.sin(TURN * dy)];
  return product([1, 0, 0, 0, d, -t, 0, t, d], product([c, 0, s, 0, 1, 0, -s, 0, c], rotation));
}

/** @param {Rotation} a @param {Rotation} b @returns {Rotation} */
function product(a, b) {
  return Array.from({ length: 9 }, (_, k) => {
    const [i, j] = [Math.floor(k / 3), k % 3];
    return a[3 * i] * b[j] + a[3 * i + 1] * b[3 + j] + a[3 * i + 2] * b[6 + j];
  });
}

/**
 * The smallest ball around points in space whose centre is that of their box; it is never empty.
 * @param {Float32Array} points x, y and z in turn
 * @returns {Ball}
 */
export function ballAround(points) {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i++) {
    low[i % 3] = Math.min(low[i % 3], points[i]);
    high[i % 3] = Math.max(high[i % 3], points[i]);
  }
  if (!points.length) return { centre: [0, 0, 0], radius: 1, low: [-1, -1, -1], high: [1, 1, 1] };
  const centre = low.map((value, k) => (value + high[k]) / 2);
  let squared = 0;
  for (let i = 0; i < points.length; i += 3) {
    squared = Math.max(squared, (points[i] - centre[0]) ** 2 + (points[i + 1] - centre[1]) ** 2 + (points[i + 2] - centre[2]) ** 2);
  }
  return { centre, radius: Math.sqrt(squared) || 1, low, high };
}

/**
 * Points on the plane of the canvas, x to the right and y upwards, the ball within about [−1, 1]; and how near each
 * is: −1 at the back of the ball, 1 at the front. A point at depth d appears 1/(1 − d·PERSPECTIVE) times as large.
 * @param {Float32Array} points x, y and z in turn
 * @param {Ball} ball
 * @param {Rotation} r
 * @param {Float32Array} plane receives x and y in turn
 * @param {Float32Array} near
 */
export function project(points, { centre, radius }, r, plane, near) {
  const scale = 1 / radius;
  for (let i = 0; i < near.length; i++) {
    const x = (points[3 * i] - centre[0]) * scale;
    const y = (points[3 * i + 1] - centre[1]) * scale;
    const z = (points[3 * i + 2] - centre[2]) * scale;
    const depth = r[6] * x + r[7] * y + r[8] * z;
    const size = 1 / (1 - PERSPECTIVE * depth);
    plane[2 * i] = size * (r[0] * x + r[1] * y + r[2] * z);
    plane[2 * i + 1] = size * (r[3] * x + r[4] * y + r[5] * z);
    near[i] = depth;
  }
}

/**
 * Order from the back to the front and a level of nearness for each point, by counting.
 * @param {Float32Array} near in [−1, 1]
 * @param {number} levels
 * @param {Uint8Array} level receives 0 … levels − 1, the back first
 * @returns {Uint32Array}
 */
export function backToFront(near, levels, level) {
  const bins = 1024;
  const bin = new Uint16Array(near.length);
  const starts = new Uint32Array(bins + 1);
  for (let i = 0; i < near.length; i++) {
    const share = Math.max(0, Math.min(1, (near[i] + 1) / 2));
    bin[i] = Math.min(bins - 1, share * bins);
    level[i] = Math.min(levels - 1, share * levels);
    starts[bin[i] + 1]++;
  }
  for (let b = 0; b < bins; b++) starts[b + 1] += starts[b];
  const order = new Uint32Array(near.length);
  for (let i = 0; i < near.length; i++) order[starts[bin[i]]++] = i;
  return order;
}
