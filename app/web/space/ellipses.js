/** The posterior of an example as ellipses on a linear map. Pure functions. */
import { projected } from "./places.js";

/**
 * @typedef {import("./space.js").Layout} Layout
 * @typedef {import("../map/annotations.js").Mark} Mark
 */

/** Mahalanobis distances at which ellipses are drawn. */
const SIGMAS = [1, 2];

/**
 * Ellipses at 1 σ and 2 σ of N(μ, diag σ²), as it falls on two units or on a principal plane; none on other maps.
 * @param {Layout} layout
 * @param {Float32Array} code μ
 * @param {Float32Array} deviation σ
 * @param {string} colour
 * @returns {Mark[]}
 */
export function posteriorEllipses(layout, code, deviation, colour) {
  const found = layout.dimensions === 2 ? shadow(layout, code, deviation) : null;
  if (!found) return [];
  return SIGMAS.map((times) => ({ ...found, rx: times * found.rx, ry: times * found.ry, shape: /** @type {const} */ ("ellipse"), colour }));
}

/** @param {Layout} layout @param {Float32Array} code @param {Float32Array} deviation */
function shadow({ method, units, components, mean }, code, deviation) {
  if (method === "axes") {
    if (units.length !== 2) return null;
    const [x, y] = units;
    return { x: code[x], y: code[y], rx: deviation[x], ry: deviation[y], angle: 0 };
  }
  if (!components || !mean) return null;
  const [x, y] = projected(components, mean, code);
  return { x, y, ...halfAxes(...projectedCovariance(components, deviation)) };
}

/** V diag(σ²) Vᵀ = [[p, q], [q, r]]. @param {Float32Array} components V, 2 × units @param {Float32Array} deviation σ @returns {[number, number, number]} */
export function projectedCovariance(components, deviation) {
  let [p, q, r] = [0, 0, 0];
  deviation.forEach((sigma, j) => {
    const [a, b] = [components[j] * sigma, components[deviation.length + j] * sigma];
    p += a * a;
    q += a * b;
    r += b * b;
  });
  return [p, q, r];
}

/** Of the ellipse xᵀ C⁻¹ x = 1: the roots of the eigenvalues, and the direction of the first. @param {number} p @param {number} q @param {number} r */
export function halfAxes(p, q, r) {
  const [middle, half] = [(p + r) / 2, Math.hypot((p - r) / 2, q)];
  return { rx: Math.sqrt(middle + half), ry: Math.sqrt(Math.max(0, middle - half)), angle: Math.atan2(2 * q, p - r) / 2 };
}
