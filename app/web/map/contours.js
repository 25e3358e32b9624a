/** Where points lie densely: a smoothed density, and the lines that enclose a share of the points. Pure functions. */
import { cssColour } from "./colour.js";
import { fieldLines } from "./isolines.js";

/** @typedef {import("./isolines.js").Field} Field */

/** Nodes of the density's grid along each axis. */
const NODES = 128;
/** Bandwidths from the points to the border of the grid: there the density is zero, so that every line closes. */
const BORDER = 4;
/** The bandwidth as a share of what would suit one Gaussian: all points are many clusters, those of a class few. */
const MANY_CLUSTERS = 0.5;
const FEW_CLUSTERS = 0.85;
/** The bandwidth is at least this many steps of the grid. */
const LEAST_STEPS = 1.2;
/** Shares of the points that the lines enclose. */
export const SHARES = [0.25, 0.5, 0.75, 0.9, 0.95];

/**
 * Gaussian kernel density of points in the plane, by linear binning and a separable blur; it sums to 1 over the nodes.
 * The bandwidth along each axis is a share of σ n^(−1/6) (the rule of D. W. Scott, "Multivariate Density Estimation",
 * 1992), with σ the smaller of the standard deviation and the interquartile range over 1.34.
 * @param {Float32Array} points x and y in turn
 * @param {number} [sharpness] that share
 * @returns {Field}
 */
export function density(points, sharpness = MANY_CLUSTERS) {
  const count = points.length / 2;
  const axes = [0, 1].map((axis) => {
    const values = Float64Array.from({ length: count }, (_, i) => points[2 * i + axis]).sort();
    const mean = values.reduce((sum, v) => sum + v, 0) / count;
    const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / count);
    const range = (values[Math.floor(0.75 * (count - 1))] - values[Math.floor(0.25 * (count - 1))]) / 1.34;
    const [low, high] = [values[0], values[count - 1]];
    const wanted = sharpness * (range > 0 ? Math.min(deviation, range) : deviation) * count ** (-1 / 6);
    // The step solves (NODES − 1)·step = span + 2·BORDER·bandwidth, with the bandwidth at its least.
    const coarse = (high - low) / (NODES - 1 - 2 * BORDER * LEAST_STEPS);
    const bandwidth = Math.max(wanted, LEAST_STEPS * coarse) || 0.5;
    const step = (high - low + 2 * BORDER * bandwidth) / (NODES - 1);
    return { low: low - BORDER * bandwidth, step, sigma: bandwidth / step };
  });
  const [x, y] = axes;
  const counts = new Float64Array(NODES * NODES);
  for (let i = 0; i < count; i++) {
    const [u, v] = [(points[2 * i] - x.low) / x.step, (points[2 * i + 1] - y.low) / y.step];
    const [column, row] = [Math.floor(u), Math.floor(v)];
    const [p, q, node] = [u - column, v - row, row * NODES + column];
    counts[node] += (1 - p) * (1 - q);
    counts[node + 1] += p * (1 - q);
    counts[node + NODES] += (1 - p) * q;
    counts[node + NODES + 1] += p * q;
  }
  const across = blurred(counts, 1, NODES, x.sigma);
  const values = Float32Array.from(blurred(across, NODES, 1, y.sigma), (value) => value / count);
  const end = (/** @type {{low: number, step: number}} */ axis) => axis.low + (NODES - 1) * axis.step;
  return { values, rows: NODES, columns: NODES, low: [x.low, y.low], high: [end(x), end(y)] };
}

/** A Gaussian blur along one axis. @param {Float64Array} values @param {number} stride to the next node along it @param {number} other to the next line @param {number} sigma in nodes */
function blurred(values, stride, other, sigma) {
  const reach = Math.ceil(BORDER * sigma);
  const kernel = Array.from({ length: 2 * reach + 1 }, (_, k) => Math.exp(-0.5 * ((k - reach) / sigma) ** 2));
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  const made = new Float64Array(values.length);
  for (let line = 0; line < NODES; line++) {
    for (let from = 0; from < NODES; from++) {
      const value = values[line * other + from * stride] / total;
      if (!value) continue;
      for (let to = Math.max(0, from - reach); to <= Math.min(NODES - 1, from + reach); to++) {
        made[line * other + to * stride] += value * kernel[to - from + reach];
      }
    }
  }
  return made;
}

/** A field between its nodes, linear along both axes; NaN outside. @param {Field} field @param {number} x @param {number} y */
export function valueAt({ values, rows, columns, low, high }, x, y) {
  const u = ((x - low[0]) / (high[0] - low[0])) * (columns - 1);
  const v = ((y - low[1]) / (high[1] - low[1])) * (rows - 1);
  if (!(u >= 0 && v >= 0 && u <= columns - 1 && v <= rows - 1)) return NaN;
  const [column, row] = [Math.min(columns - 2, Math.floor(u)), Math.min(rows - 2, Math.floor(v))];
  const [p, q, node] = [u - column, v - row, row * columns + column];
  return (1 - q) * ((1 - p) * values[node] + p * values[node + 1]) + q * ((1 - p) * values[node + columns] + p * values[node + columns + 1]);
}

/**
 * The values of a density above which the given shares of the points lie: its quantiles over the points themselves.
 * @param {Field} field
 * @param {Float32Array} points
 * @param {number[]} shares in (0, 1]
 * @returns {number[]}
 */
export function levelsOf(field, points, shares) {
  const count = points.length / 2;
  const found = Float32Array.from({ length: count }, (_, i) => valueAt(field, points[2 * i], points[2 * i + 1])).sort();
  return shares.map((share) => found[Math.max(0, count - Math.ceil(share * count))]);
}

/**
 * Lines that enclose shares of the points, the widest first.
 * @param {Float32Array} points x and y in turn
 * @param {number[]} [shares]
 * @param {number} [sharpness]
 * @returns {{share: number, points: Float32Array, closed: boolean}[]} none for fewer than four points
 */
export function densityLines(points, shares = SHARES, sharpness = MANY_CLUSTERS) {
  if (points.length < 8) return [];
  const field = density(points, sharpness);
  const levels = levelsOf(field, points, shares);
  return shares
    .flatMap((share, k) => fieldLines(field, levels[k]).map((line) => ({ share, ...line })))
    .sort((a, b) => b.share - a.share);
}

/** More colours than this are a ramp and no classes. */
const MAX_COLOURS = 20;

/**
 * Contours of all points, or of the points of each colour.
 * @param {Float32Array} points x and y in turn
 * @param {Uint32Array | null} colours packed; null for all points together, as is a ramp of colours
 * @param {number[]} [shares]
 * @returns {{share: number, points: Float32Array, closed: boolean, colour: string | null}[]} null: of all points
 */
export function colourContours(points, colours, shares) {
  const found = colours ? [...new Set(colours)] : [];
  if (!colours || found.length > MAX_COLOURS) return densityLines(points, shares).map((line) => ({ ...line, colour: null }));
  return found.flatMap((colour) => {
    const members = points.filter((_, i) => colours[i >> 1] === colour);
    return densityLines(members, shares, FEW_CLUSTERS).map((line) => ({ ...line, colour: cssColour(colour) }));
  });
}
