/** Numbers of an example as shades: squared errors from black to white, directions around a middle grey. Pure functions. */

/**
 * @typedef {import("../../base/picture.js").Look} Look
 * @typedef {{bytes: Uint8ClampedArray, look: Look}} Shades for `paint`
 */

/**
 * Squared errors: the channels of a pixel together, white where the error is greatest.
 * @param {ArrayLike<number>} squares
 * @param {number[]} shape of the example
 * @returns {Shades & {greatest: number}}
 */
export function errorShades(squares, shape) {
  const area = shape.length === 3 ? shape[1] * shape[2] : squares.length;
  const sums = new Float32Array(area);
  for (let i = 0; i < squares.length; i++) sums[i % area] += squares[i];
  const greatest = sums.reduce((most, sum) => Math.max(most, sum), 0);
  const bytes = Uint8ClampedArray.from(sums, (sum) => (greatest ? (255 * sum) / greatest : 0));
  return { bytes, greatest, look: { shape: shape.length === 3 ? [1, shape[1], shape[2]] : shape, range: [0, greatest || 1] } };
}

/**
 * A direction: 0 is the middle grey, its largest entry black or white.
 * @param {ArrayLike<number>} direction
 * @param {number[]} shape of the example
 * @returns {Shades}
 */
export function signedShades(direction, shape) {
  const values = Float32Array.from(direction);
  const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1;
  return { bytes: Uint8ClampedArray.from(values, (value) => 127.5 + (127.5 * value) / most), look: { shape, range: [-1, 1] } };
}
