/** From a place on the map to a code: exactly where the map is linear, blended from what is near where it is not. */

/** Points that are blended at a place of a map that cannot be inverted. */
const BLENDED = 5;

/**
 * @typedef {import("./space.js").Layout} Layout
 * @typedef {{code: Float32Array, how: "exact" | "nearest" | "blend"}} Place `nearest`: the units that are not axes
 *   are those of the nearest example
 */

/**
 * The code of a place on a plane map. Of raw axes: these two units there, the others as in the nearest example
 * (or 0 without one). Of a principal plane: mean + Σ p_i v_i, exactly on the plane. Of others: the codes of the
 * nearest points, weighed by their inverse distance on the map.
 * @param {Layout} layout
 * @param {Float32Array} codes
 * @param {number} units
 * @param {number} x
 * @param {number} y
 * @param {number} nearest index of the example nearest on the map, or −1
 * @returns {Place}
 */
export function codeAt(layout, codes, units, x, y, nearest) {
  if (layout.method === "axes") {
    const code = nearest < 0 ? new Float32Array(units) : codes.slice(nearest * units, (nearest + 1) * units);
    const [across, up] = layout.units;
    if (up !== undefined) code[up] = y;
    code[across] = x;
    return { code, how: units > 2 ? "nearest" : "exact" };
  }
  if (layout.components && layout.mean) {
    return { code: inverted(layout.components, layout.mean, [x, y]), how: "exact" };
  }
  return { code: blended(layout.points, codes, units, x, y), how: "blend" };
}

/** @param {Float32Array} components @param {Float32Array} mean @param {number[]} point @returns {Float32Array} */
export function inverted(components, mean, point) {
  const code = mean.slice();
  point.forEach((value, k) => {
    for (let j = 0; j < code.length; j++) code[j] += value * components[k * code.length + j];
  });
  return code;
}

/** The place of a code on a linear map: v_i · (z − mean). @param {Float32Array} components @param {Float32Array} mean @param {Float32Array} code @returns {number[]} */
export function projected(components, mean, code) {
  const rows = components.length / mean.length;
  return Array.from({ length: rows }, (_, k) => {
    let sum = 0;
    for (let j = 0; j < code.length; j++) sum += components[k * code.length + j] * (code[j] - mean[j]);
    return sum;
  });
}

/** @param {Float32Array} points @param {Float32Array} codes @param {number} units @param {number} x @param {number} y @returns {Float32Array} */
function blended(points, codes, units, x, y) {
  /** @type {{d: number, i: number}[]} the nearest so far, in order */
  const near = [];
  for (let i = 0; i < points.length / 2; i++) {
    const d = (points[2 * i] - x) ** 2 + (points[2 * i + 1] - y) ** 2;
    if (near.length === BLENDED && d >= near[BLENDED - 1].d) continue;
    let at = near.length;
    while (at > 0 && near[at - 1].d > d) at--;
    near.splice(at, 0, { d, i });
    if (near.length > BLENDED) near.pop();
  }
  const code = new Float32Array(units);
  const weights = near.map(({ d }) => 1 / (Math.sqrt(d) + 1e-9));
  const total = weights.reduce((a, b) => a + b, 0);
  near.forEach(({ i }, k) => {
    for (let j = 0; j < units; j++) code[j] += (weights[k] / total) * codes[i * units + j];
  });
  return code;
}
