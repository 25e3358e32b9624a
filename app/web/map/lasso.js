/** Which points a box or a drawn loop holds. Pure functions. */

/**
 * Whether a point lies in a polygon, by the even-odd rule (M. Shimrat, "Algorithm 112", CACM 1962).
 * @param {ArrayLike<number>} polygon x and y in turn; the last corner joins the first
 * @param {number} x
 * @param {number} y
 */
export function inPolygon(polygon, x, y) {
  let inside = false;
  const n = polygon.length;
  for (let i = 0, j = n - 2; i < n; j = i, i += 2) {
    const [ax, ay, bx, by] = [polygon[i], polygon[i + 1], polygon[j], polygon[j + 1]];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

/**
 * Indices of the positions in a polygon, ascending.
 * @param {Float32Array} positions x and y in turn
 * @param {ArrayLike<number>} polygon
 * @returns {Uint32Array}
 */
export function enclosed(positions, polygon) {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (let i = 0; i < polygon.length; i++) {
    low[i & 1] = Math.min(low[i & 1], polygon[i]);
    high[i & 1] = Math.max(high[i & 1], polygon[i]);
  }
  const found = [];
  for (let i = 0; i < positions.length / 2; i++) {
    const [x, y] = [positions[2 * i], positions[2 * i + 1]];
    if (x >= low[0] && x <= high[0] && y >= low[1] && y <= high[1] && inPolygon(polygon, x, y)) found.push(i);
  }
  return Uint32Array.from(found);
}

/** The polygon of the box between two corners. @param {number} ax @param {number} ay @param {number} bx @param {number} by @returns {number[]} */
export function boxPolygon(ax, ay, bx, by) {
  return [ax, ay, bx, ay, bx, by, ax, by];
}

/** What a selection does to the one before it, from the keys that are held. @param {{shiftKey: boolean, altKey: boolean}} keys @returns {"replace" | "add" | "subtract"} */
export function selectionMode({ shiftKey, altKey }) {
  if (altKey) return "subtract";
  return shiftKey ? "add" : "replace";
}
