/** Paths between two codes, and how far a code is from real ones; as `aelib.latent.paths` has them. Pure functions. */

/** From t in [0, 1] to a code; 0 and 1 give the ends exactly. @typedef {(t: number) => Float32Array} Path */

/** sin θ between two directions below which the plane that holds them is rounding. */
const PARALLEL = 1e-6;

/** a + t (b − a). @param {Float32Array} a @param {Float32Array} b @returns {Path} */
export function linear(a, b) {
  return (t) => (t >= 1 ? b.slice() : a.map((from, j) => from + t * (b[j] - from)));
}

/**
 * (‖a‖ + t (‖b‖ − ‖a‖)) (sin((1 − t) θ) â + sin(t θ) b̂) / sin θ with θ the angle between a and b; the straight
 * line where no plane holds both: one of them is 0, they are parallel or opposite, or have one unit.
 * @param {Float32Array} a
 * @param {Float32Array} b
 * @returns {Path}
 */
export function spherical(a, b) {
  const [begin, end] = [Math.hypot(...a), Math.hypot(...b)];
  if (!begin || !end) return linear(a, b);
  const [u, v] = [Float64Array.from(a, (x) => x / begin), Float64Array.from(b, (x) => x / end)];
  const angle = 2 * Math.atan2(Math.hypot(...u.map((x, j) => x - v[j])), Math.hypot(...u.map((x, j) => x + v[j])));
  const sine = Math.sin(angle);
  if (sine < PARALLEL) return linear(a, b);
  return (t) => {
    if (t <= 0) return a.slice();
    if (t >= 1) return b.slice();
    const norm = (begin + t * (end - begin)) / sine;
    const [p, q] = [norm * Math.sin((1 - t) * angle), norm * Math.sin(t * angle)];
    return a.map((_, j) => p * u[j] + q * v[j]);
  };
}

/** Straight pieces from point to point, each in the same share of t. @param {Float32Array} points row by row @param {number} units @returns {Path} */
export function polyline(points, units) {
  const pieces = points.length / units - 1;
  return (t) => {
    const place = Math.max(0, Math.min(1, t)) * pieces;
    const at = Math.floor(place);
    const from = points.slice(at * units, (at + 1) * units);
    const share = place - at;
    return share === 0 ? from : from.map((value, j) => value + share * (points[(at + 1) * units + j] - value));
  };
}

/** Codes at `count` even t from 0 to 1. @param {Path} path @param {number} count @returns {Float32Array[]} */
export function sampled(path, count) {
  return Array.from({ length: count }, (_, i) => path(i / (count - 1)));
}

/**
 * The real code nearest to a code, and their distance ‖z − z_i‖; index −1 where there is none.
 * @param {Float32Array} codes row by row
 * @param {number} units
 * @param {Float32Array} code
 * @param {number[]} [without] examples that do not count
 * @returns {{index: number, distance: number}}
 */
export function nearestCode(codes, units, code, without = []) {
  let [index, least] = [-1, Infinity];
  for (let i = 0; i < codes.length / units; i++) {
    let sum = 0;
    for (let j = 0; j < units && sum < least; j++) sum += (codes[i * units + j] - code[j]) ** 2;
    if (sum < least && !without.includes(i)) [index, least] = [i, sum];
  }
  return { index, distance: Math.sqrt(least) };
}

/**
 * How far examples usually are from the next one in the code: the median over at most `sample` of them, 0 where
 * there is but one. A piece of work for each.
 * @param {Float32Array} codes
 * @param {number} units
 * @param {number} [sample]
 * @returns {Generator<undefined, number>}
 */
export function* usualDistance(codes, units, sample = 100) {
  const count = codes.length / units;
  const some = Math.min(count, sample);
  const found = [];
  for (let k = 0; k < some; k++) {
    const i = Math.floor((k * count) / some);
    found.push(nearestCode(codes, units, codes.subarray(i * units, (i + 1) * units), [i]).distance);
    yield;
  }
  const median = found.sort((p, q) => p - q)[Math.floor(some / 2)];
  return Number.isFinite(median) ? median : 0;
}
