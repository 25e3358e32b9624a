/** Directions in a space of codes: from the mean of some examples to that of others, and analogies. Pure functions. */

/**
 * The mean code of some examples; sums are made in double precision.
 * @param {Float32Array} codes
 * @param {number} units
 * @param {ArrayLike<number>} indices at least one
 * @returns {Float32Array}
 */
export function meanCode(codes, units, indices) {
  const sums = new Float64Array(units);
  for (let i = 0; i < indices.length; i++) {
    for (let j = 0, at = indices[i] * units; j < units; j++) sums[j] += codes[at + j];
  }
  return Float32Array.from(sums, (sum) => sum / indices.length);
}

/** a − b. @param {Float32Array} a @param {Float32Array} b @returns {Float32Array} */
export function difference(a, b) {
  return a.map((value, j) => value - b[j]);
}

/** z + s v. @param {Float32Array} code @param {Float32Array} vector @param {number} strength @returns {Float32Array} */
export function along(code, vector, strength) {
  return code.map((value, j) => value + strength * vector[j]);
}

/** ‖v‖. @param {ArrayLike<number>} vector @returns {number} */
export function norm(vector) {
  return Math.hypot(...Array.from(vector));
}

/** The cosine of the angle to the axis of each unit: v_j / ‖v‖; 0 for a vector of no length. @param {Float32Array} vector @returns {number[]} */
export function cosines(vector) {
  const length = norm(vector) || 1;
  return Array.from(vector, (value) => value / length);
}

/** v · z of some examples. @param {Float32Array} codes @param {ArrayLike<number>} indices @param {Float32Array} vector @returns {Float64Array} */
export function projections(codes, indices, vector) {
  const units = vector.length;
  return Float64Array.from(indices, (index) => {
    let sum = 0;
    for (let j = 0; j < units; j++) sum += vector[j] * codes[index * units + j];
    return sum;
  });
}

/**
 * The area under the ROC curve: the probability that a positive scores higher than a negative, ties counting half
 * (Mann and Whitney 1947).
 * @param {ArrayLike<number>} positives at least one
 * @param {ArrayLike<number>} negatives at least one
 * @returns {number}
 */
export function areaUnderCurve(positives, negatives) {
  const losers = Float64Array.from(negatives).sort();
  let [wins, below, upTo] = [0, 0, 0]; // negatives lower than a positive, and no higher
  for (const score of Float64Array.from(positives).sort()) {
    while (losers[below] < score) below++;
    while (losers[upTo] <= score) upTo++;
    wins += (below + upTo) / 2;
  }
  return wins / (positives.length * losers.length);
}

/**
 * How well the direction from the mean of B to that of A tells them apart.
 * @param {Float32Array} codes
 * @param {number} units
 * @param {Uint32Array} a
 * @param {Uint32Array} b
 * @returns {{same: number, others: number | null}} areas under the ROC curve: `same` on the examples that made the
 *   vector; `others` the mean of two, each on the half of both sets that did not make its vector, null where a set
 *   has fewer than two examples
 */
export function separation(codes, units, a, b) {
  const area = (/** @type {Uint32Array[]} */ [madeA, madeB], /** @type {Uint32Array[]} */ [testA, testB]) => {
    const vector = difference(meanCode(codes, units, madeA), meanCode(codes, units, madeB));
    return areaUnderCurve(projections(codes, testA, vector), projections(codes, testB, vector));
  };
  const same = area([a, b], [a, b]);
  if (a.length < 2 || b.length < 2) return { same, others: null };
  const half = (/** @type {number} */ parity) => [a, b].map((set) => set.filter((_, k) => k % 2 === parity));
  return { same, others: (area(half(0), half(1)) + area(half(1), half(0))) / 2 };
}

/** Those that are not among the examples. @param {Uint32Array} indices @param {number} count of all @returns {Uint32Array} */
export function complement(indices, count) {
  const inside = new Uint8Array(count);
  for (const index of indices) inside[index] = 1;
  const rest = new Uint32Array(count - inside.reduce((sum, one) => sum + one, 0));
  for (let index = 0, k = 0; index < count; index++) if (!inside[index]) rest[k++] = index;
  return rest;
}

/** How many examples are in both sets. @param {Uint32Array} a @param {Uint32Array} b @returns {number} */
export function shared(a, b) {
  const inside = new Set(a);
  return b.reduce((sum, index) => sum + Number(inside.has(index)), 0);
}

/** a − b + c. @param {Float32Array} a @param {Float32Array} b @param {Float32Array} c @returns {Float32Array} */
export function analogy(a, b, c) {
  return a.map((value, j) => value - b[j] + c[j]);
}
