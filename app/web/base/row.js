/** A row of a table in the table's own units, from the numbers that a network sees. Pure functions. */

/**
 * @typedef {object} Column as `shown_columns` of the library describes it
 * @property {string} name
 * @property {number} at the place of its first number
 * @property {number} width numbers of it
 * @property {number} shift value = x · scale + shift
 * @property {number} scale
 * @property {string[] | null} words of truth values those of 0 and 1, of a category one for each of its numbers
 *
 * @typedef {{columns: Column[], numbers: number, total: number}} Row the columns on show, their numbers, and how many columns there are
 */

/** Digits that are told of a value of a table. */
const DIGITS = 5;
/** Beyond these a number is written with an exponent. */
const SMALLEST = 1e-4;
const LARGEST = 1e9;

/** A number of a table, with up to five digits or all of those before the point. @param {number} value @returns {string} */
export function told(value) {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < SMALLEST || size >= LARGEST) return value.toExponential(2);
  return String(size >= 10 ** (DIGITS - 1) ? Math.round(value) : Number(value.toPrecision(DIGITS))).replace("-", "−");
}

/** The place among its words that a column has. @param {Column} column @param {ArrayLike<number>} x @returns {number} */
function wordAt({ at, width }, x) {
  if (width === 1) return Math.max(0, Math.min(1, Math.round(x[at])));
  let best = 0;
  for (let k = 1; k < width; k++) if (x[at + k] > x[at + best]) best = k;
  return best;
}

/** The value of a column, for people. @param {Column} column @param {ArrayLike<number>} x numbers of an example @returns {string} */
export function valueOf(column, x) {
  const { at, shift, scale, words } = column;
  return words ? words[wordAt(column, x)] : told(x[at] * scale + shift);
}

/** A standard deviation, which has no zero point; nothing for words. @param {Column} column @param {ArrayLike<number>} x @returns {string} */
export function spreadOf({ at, scale, words }, x) {
  return words ? "" : told(Math.abs(x[at] * scale));
}

/** How far a column is from what it should be: rebuilt − value, or whether it is another word. @param {Column} column @param {ArrayLike<number>} x @param {ArrayLike<number>} rebuilt @returns {string} */
export function errorOf(column, x, rebuilt) {
  if (column.words) return wordAt(column, x) === wordAt(column, rebuilt) ? "same" : "another";
  const error = (rebuilt[column.at] - x[column.at]) * column.scale;
  return `${error > 0 ? "+" : ""}${told(Number(error.toPrecision(3)))}`;
}

/**
 * The share that each column has of the squared error of all of them, as the network sees them: comparable between units.
 * @param {Column[]} columns
 * @param {ArrayLike<number>} x
 * @param {ArrayLike<number>} rebuilt
 * @returns {number[]} all 0 where there is no error
 */
export function errorShares(columns, x, rebuilt) {
  const squares = columns.map(({ at, width }) => {
    let sum = 0;
    for (let k = at; k < at + width; k++) sum += (rebuilt[k] - x[k]) ** 2;
    return sum;
  });
  const total = squares.reduce((a, b) => a + b, 0);
  return squares.map((square) => (total > 0 ? square / total : 0));
}
