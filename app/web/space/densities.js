/** Densities of units as outlines, and how they differ from the prior in words. Pure functions. */

/** Nats below which a density is as good as the prior. */
const EQUAL = 0.01;
/** Deviations, and a distance from 0, beyond which a density is called narrower, wider or shifted. */
const NARROW = 0.8;
const WIDE = 1.25;
const SHIFTED = 0.3;

/** @typedef {{width: number, height: number}} Size */
/** @typedef {{low: number, high: number, peak: number}} Frame what the size shows: values across, densities from 0 up */

/** The density of the prior N(0, 1). @param {number} z @returns {number} */
export function priorDensity(z) {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
}

/**
 * The frame that holds a density and, if it is to be shown, the prior.
 * @param {ArrayLike<number>} grid rising, evenly
 * @param {ArrayLike<number>} density
 * @param {boolean} withPrior
 * @returns {Frame}
 */
export function frameOf(grid, density, withPrior) {
  const half = (grid[1] - grid[0]) / 2;
  const peak = Array.from(density).reduce((a, b) => Math.max(a, b), withPrior ? priorDensity(0) : 0);
  return { low: grid[0] - half, high: grid[grid.length - 1] + half, peak: peak || 1 };
}

/**
 * An SVG path along values over a grid.
 * @param {ArrayLike<number>} grid
 * @param {ArrayLike<number>} values
 * @param {Frame} frame
 * @param {Size} size
 * @param {boolean} closed down to 0 at both ends
 * @returns {string}
 */
export function outline(grid, values, frame, size, closed) {
  const x = (/** @type {number} */ value) => tenth((size.width * (value - frame.low)) / (frame.high - frame.low));
  const y = (/** @type {number} */ value) => tenth(size.height * (1 - value / frame.peak));
  const points = Array.from(grid, (value, k) => `${x(value)} ${y(values[k])}`);
  if (!closed) return `M${points.join("L")}`;
  return `M${x(grid[0])} ${size.height}L${points.join("L")}L${x(grid[grid.length - 1])} ${size.height}Z`;
}

/** @param {number} value */
function tenth(value) {
  return Math.round(10 * value) / 10;
}

/**
 * Mean and standard deviation of a density on an even grid.
 * @param {ArrayLike<number>} grid
 * @param {ArrayLike<number>} density
 */
export function moments(grid, density) {
  let [mass, first, second] = [0, 0, 0];
  for (let k = 0; k < grid.length; k++) {
    mass += density[k];
    first += density[k] * grid[k];
    second += density[k] * grid[k] ** 2;
  }
  const mean = first / mass;
  return { mean, deviation: Math.sqrt(Math.max(0, second / mass - mean ** 2)) };
}

/**
 * How a unit differs from the prior, in words.
 * @param {number} kl of its aggregated posterior to the prior, in nats
 * @param {{mean: number, deviation: number}} moments
 * @returns {string}
 */
export function mismatch(kl, { mean, deviation }) {
  if (kl < EQUAL) return "as the prior";
  const words = [
    ...(deviation < NARROW ? ["narrower"] : []),
    ...(deviation > WIDE ? ["wider"] : []),
    ...(Math.abs(mean) > SHIFTED ? ["shifted"] : []),
  ];
  return words.length ? words.join(", ") : "of another shape";
}
