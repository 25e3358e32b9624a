/** One plane map laid onto another, as near as a change of position, size and orientation can bring it. Pure functions. */

/**
 * @typedef {object} Alignment y ↦ scale · y · rotation + shift, for rows y
 * @property {[number, number, number, number]} rotation by rows; it may reflect
 * @property {number} scale
 * @property {[number, number]} shift
 * @property {number} disparity what is left of the squared distances, from 0 for equal forms to 1
 */

/**
 * The similarity of `moving` with the least Σ_i ‖s y_i R + t − x_i‖² to `fixed` (Gower 1975); point i of both is the
 * same example. In the plane the singular values of M = YᵀX add up to the larger of |(M₁₁ + M₂₂, M₁₂ − M₂₁)|, the
 * best of all rotations, and |(M₁₁ − M₂₂, M₁₂ + M₂₁)|, the best of all reflections.
 * @param {ArrayLike<number>} moving x and y in turn
 * @param {ArrayLike<number>} fixed
 * @param {number} [count] points from the first on that both are compared by
 * @returns {Alignment | null} null where all points of a map are the same: it has no form
 */
export function procrustes(moving, fixed, count = Math.min(moving.length, fixed.length) >> 1) {
  const y = moments(moving, count);
  const x = moments(fixed, count);
  if (!y.size || !x.size) return null;
  const m = [0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const [a, b] = [moving[2 * i] - y.mean[0], moving[2 * i + 1] - y.mean[1]];
    const [c, d] = [fixed[2 * i] - x.mean[0], fixed[2 * i + 1] - x.mean[1]];
    m[0] += a * c;
    m[1] += a * d;
    m[2] += b * c;
    m[3] += b * d;
  }
  const turned = [m[0] + m[3], m[1] - m[2]];
  const mirrored = [m[0] - m[3], m[1] + m[2]];
  const reflects = Math.hypot(...mirrored) > Math.hypot(...turned);
  const [cosine, sine] = reflects ? mirrored : turned;
  const agreement = Math.hypot(cosine, sine);
  const [c, s] = agreement > 0 ? [cosine / agreement, sine / agreement] : [1, 0];
  /** @type {[number, number, number, number]} */
  const rotation = reflects ? [c, s, s, -c] : [c, s, -s, c];
  const scale = agreement / y.size;
  return {
    rotation,
    scale,
    shift: [
      x.mean[0] - scale * (y.mean[0] * rotation[0] + y.mean[1] * rotation[2]),
      x.mean[1] - scale * (y.mean[0] * rotation[1] + y.mean[1] * rotation[3]),
    ],
    disparity: Math.max(0, 1 - agreement ** 2 / (x.size * y.size)),
  };
}

/** Where an alignment takes points. @param {ArrayLike<number>} points @param {Alignment} alignment @returns {Float32Array} */
export function aligned(points, { rotation, scale, shift }) {
  const found = new Float32Array(points.length);
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = [points[i], points[i + 1]];
    found[i] = scale * (x * rotation[0] + y * rotation[2]) + shift[0];
    found[i + 1] = scale * (x * rotation[1] + y * rotation[3]) + shift[1];
  }
  return found;
}

/**
 * The mean of points, and the sum of their squared distances from it; 0 where all are the same, which rounding would hide.
 * @param {ArrayLike<number>} points @param {number} count
 */
function moments(points, count) {
  const mean = [0, 0];
  let size = 0;
  let differ = false;
  for (let i = 0; i < 2 * count; i++) {
    mean[i & 1] += points[i] / count;
    differ ||= points[i] !== points[i & 1];
  }
  for (let i = 0; differ && i < 2 * count; i++) size += (points[i] - mean[i & 1]) ** 2;
  return { mean, size };
}
