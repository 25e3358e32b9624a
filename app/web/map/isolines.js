/** Lines of equal value through a field on a grid, by marching squares. Pure functions. */

/**
 * A field: `values[row·columns + column]`, the first row at low y and the first column at low x, the last ones at
 * high y and high x.
 * @typedef {object} Field
 * @property {Float32Array} values
 * @property {number} rows
 * @property {number} columns
 * @property {[number, number]} low
 * @property {[number, number]} high
 */

/** @typedef {{points: Float32Array, closed: boolean}} Isoline points: x and y in turn */

/**
 * Segments within a square by which of its corners are inside (bits: low left 1, low right 2, high right 4, high
 * left 8), as pairs of its sides (0 low, 1 right, 2 high, 3 left). The two saddles are those of an outside middle.
 */
const SEGMENTS = [
  [], [3, 0], [0, 1], [3, 1], [1, 2], [3, 0, 1, 2], [0, 2], [3, 2],
  [2, 3], [2, 0], [0, 1, 2, 3], [2, 1], [1, 3], [1, 0], [0, 3], [],
];
const INSIDE_SADDLES = { 5: [3, 2, 1, 0], 10: [0, 3, 2, 1] };

/**
 * Lines along which the field, linear along each side of a square, has the value `level`. A line is open where it
 * meets the border of the grid or a square with a corner that is not finite.
 * @param {Float32Array} values
 * @param {number} rows
 * @param {number} columns
 * @param {number} level
 * @returns {Isoline[]} x counts columns and y rows, from 0
 */
export function isolines(values, rows, columns, level) {
  // A side is known by the node at its low end: 2·node is the one to the right, 2·node + 1 the one upwards.
  const neighbours = new Int32Array(4 * rows * columns).fill(-1);
  /** @type {number[]} */
  const sides = [];
  const join = (/** @type {number} */ a, /** @type {number} */ b) => {
    for (const [from, to] of [[a, b], [b, a]]) {
      if (neighbours[2 * from] < 0) {
        neighbours[2 * from] = to;
        sides.push(from);
      } else neighbours[2 * from + 1] = to;
    }
  };
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const node = row * columns + column;
      const [a, b, c, d] = [values[node], values[node + 1], values[node + columns + 1], values[node + columns]];
      const kind = Number(a >= level) + 2 * Number(b >= level) + 4 * Number(c >= level) + 8 * Number(d >= level);
      if (kind === 0 || kind === 15 || !Number.isFinite(a + b + c + d)) continue;
      const side = [2 * node, 2 * (node + 1) + 1, 2 * (node + columns), 2 * node + 1];
      const saddle = (kind === 5 || kind === 10) && (a + b + c + d) / 4 >= level;
      const segments = saddle ? INSIDE_SADDLES[/** @type {5 | 10} */ (kind)] : SEGMENTS[kind];
      for (let k = 0; k < segments.length; k += 2) join(side[segments[k]], side[segments[k + 1]]);
    }
  }
  const crossing = (/** @type {number} */ side) => {
    const node = side >> 1;
    const [upwards, next] = side & 1 ? [1, node + columns] : [0, node + 1];
    const share = (level - values[node]) / (values[next] - values[node]);
    return [(node % columns) + (upwards ? 0 : share), Math.floor(node / columns) + (upwards ? share : 0)];
  };
  const seen = new Uint8Array(2 * rows * columns);
  /** @type {Isoline[]} */
  const lines = [];
  const trace = (/** @type {number} */ start) => {
    const points = [];
    let at = start;
    while (at >= 0 && !seen[at]) {
      seen[at] = 1;
      points.push(...crossing(at));
      const [first, second] = [neighbours[2 * at], neighbours[2 * at + 1]];
      at = first >= 0 && !seen[first] ? first : second;
    }
    lines.push({ points: Float32Array.from(points), closed: neighbours[2 * start + 1] >= 0 });
  };
  for (const side of sides) if (neighbours[2 * side + 1] < 0 && !seen[side]) trace(side);
  for (const side of sides) if (!seen[side]) trace(side);
  return lines;
}

/** The lines of a field in the coordinates of its data. @param {Field} field @param {number} level @returns {Isoline[]} */
export function fieldLines({ values, rows, columns, low, high }, level) {
  const step = [(high[0] - low[0]) / (columns - 1), (high[1] - low[1]) / (rows - 1)];
  return isolines(values, rows, columns, level).map(({ points, closed }) => ({
    points: points.map((value, i) => low[i & 1] + step[i & 1] * value),
    closed,
  }));
}
