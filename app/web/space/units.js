/** The units of a code: their order, the range that each is moved over, and the codes along it. Pure functions. */

/** Pictures along a unit. */
const STEPS = 9;
/** A variational model's units are moved over so many deviations of the prior. */
const DEVIATIONS = 3;
/** Shares of the codes between which the units of other models are moved, and how far beyond, as a share of that range. */
const TAILS = [0.01, 0.99];
const WIDENED = 0.1;
/** Percentiles are taken of so many examples, evenly spread: sorting 70,000 values of each unit would halt the page. */
const SORTED = 10000;
/** What a unit behind an activation can be, where that is bounded. @type {Record<string, [number, number]>} */
const REACH = { relu: [0, Infinity], softplus: [0, Infinity], sigmoid: [0, 1], tanh: [-1, 1], elu: [-1, Infinity] };

/**
 * @typedef {"" | "collapsed" | "constant"} State `collapsed`: its posterior is the prior, whatever the example;
 *   `constant`: the same for all examples
 * @typedef {{unit: number, amount: number, share: number, state: State}} Rank `amount`: mean KL in nats, or the
 *   variance over the examples; `share`: of the greatest amount
 */

/**
 * The units by how much they carry, those that carry nothing last.
 * @param {number[]} order
 * @param {number[]} collapsed
 * @param {ArrayLike<number> | null} kl mean over the examples, in nats
 * @param {ArrayLike<number>} variance
 * @returns {Rank[]}
 */
export function ranking(order, collapsed, kl, variance) {
  const amounts = kl ?? variance;
  const top = Math.max(...Array.from(amounts)) || 1;
  const ranks = order.map((unit) => ({
    unit, amount: amounts[unit], share: amounts[unit] / top, state: stateOf(collapsed.includes(unit), variance[unit]),
  }));
  return [...ranks.filter(({ state }) => !state), ...ranks.filter(({ state }) => state)];
}

/** @param {boolean} collapsed @param {number} variance @returns {State} */
function stateOf(collapsed, variance) {
  if (collapsed) return "collapsed";
  return variance === 0 ? "constant" : "";
}

/**
 * The range that a unit is moved over: ±3 deviations of the prior, or the 1st to the 99th percentile of its values,
 * a tenth wider on both sides and within what the activation of the code can reach. Where that is a single value:
 * all values, then 1 to both sides.
 * @param {ArrayLike<number>} codes
 * @param {number} units
 * @param {number} unit
 * @param {boolean} variational
 * @param {string} activation of the code
 * @returns {[number, number]}
 */
export function rangeOf(codes, units, unit, variational, activation) {
  if (variational) return [-DEVIATIONS, DEVIATIONS];
  const values = column(codes, units, unit).sort();
  let [low, high] = TAILS.map((share) => percentile(values, share));
  if (!(high > low)) [low, high] = [values[0], values[values.length - 1]];
  const air = high > low ? WIDENED * (high - low) : 1;
  const [least, most] = REACH[activation] ?? [-Infinity, Infinity];
  return [Math.max(least, low - air), Math.min(most, high + air)];
}

/**
 * Between the values that stand at both sides of the share, linearly, as numpy.percentile does by default.
 * @param {ArrayLike<number>} sorted rising
 * @param {number} share in [0, 1]
 * @returns {number}
 */
export function percentile(sorted, share) {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

/** @param {ArrayLike<number>} codes @param {number} units @param {number} unit @returns {Float32Array} */
function column(codes, units, unit) {
  const count = codes.length / units;
  const stride = Math.max(1, Math.ceil(count / SORTED));
  return Float32Array.from({ length: Math.ceil(count / stride) }, (_, i) => codes[i * stride * units + unit]);
}

/** Evenly spread values from end to end. @param {[number, number]} range @param {number} [count] @returns {number[]} */
export function stepsOf([low, high], count = STEPS) {
  return Array.from({ length: count }, (_, k) => low + ((high - low) * k) / (count - 1));
}

/** Which of the values is nearest. @param {number[]} values @param {number} value @returns {number} */
export function nearestStep(values, value) {
  let best = 0;
  for (let k = 1; k < values.length; k++) if (Math.abs(values[k] - value) < Math.abs(values[best] - value)) best = k;
  return best;
}

/** A code with some of its units set. @param {Float32Array} base @param {Iterable<[number, number]>} units each with its value @returns {Float32Array} */
export function withUnits(base, units) {
  const code = base.slice();
  for (const [unit, value] of units) code[unit] = value;
  return code;
}
