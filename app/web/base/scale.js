/** Sliders and axes: from values to positions and back, and numbers for people. Pure functions. */

/**
 * @typedef {object} KnobSpec
 * @property {string} name
 * @property {string} label
 * @property {string} symbol
 * @property {number} low
 * @property {number} high
 * @property {string} help
 * @property {"linear" | "log"} scale
 * @property {number} floor where the decades of a logarithmic slider begin
 * @property {boolean} integer whether it takes whole numbers alone
 */

/** Units of a code that its text tells, at most. */
const UNITS_TOLD = 8;
/** Share of a logarithmic slider, at its left end, that stands for 0. */
const ZERO_SHARE = 0.03;

/**
 * Position in [0, 1] on the slider of a value.
 * @param {KnobSpec} knob
 * @param {number} value
 */
export function toPosition(knob, value) {
  if (knob.scale === "linear") return (value - knob.low) / (knob.high - knob.low || 1);
  if (value < knob.floor) return 0;
  return ZERO_SHARE + (1 - ZERO_SHARE) * (Math.log(value / knob.floor) / Math.log(knob.high / knob.floor));
}

/**
 * Value of a position on the slider, rounded to three significant digits, or to a whole number.
 * @param {KnobSpec} knob
 * @param {number} position
 */
export function toValue(knob, position) {
  if (knob.integer) return Math.round(knob.low + position * (knob.high - knob.low));
  if (knob.scale === "linear") return round(knob.low + position * (knob.high - knob.low));
  if (position < ZERO_SHARE / 2) return knob.low;
  const share = Math.max(0, (position - ZERO_SHARE) / (1 - ZERO_SHARE));
  return Math.min(knob.high, round(knob.floor * (knob.high / knob.floor) ** share));
}

/** @param {number} value */
function round(value) {
  return Number(value.toPrecision(3));
}

/** A number with at most three significant digits, for people. @param {number} value @returns {string} */
export function format(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return value.toExponential(1);
  if (size >= 100) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}

/** A number with so many decimals, without a sign where these are all 0. @param {number} value @param {number} decimals @returns {string} */
export function fixed(value, decimals) {
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace("-", "") : text;
}

/** The first units of a code, for people. @param {Float32Array} code @returns {string} */
export function spoken(code) {
  return `z = (${Array.from(code.slice(0, UNITS_TOLD), (value) => fixed(value, 2)).join(", ")}${code.length > UNITS_TOLD ? ", …" : ""})`;
}

/**
 * About `count` round values that cover [low, high].
 * @param {number} low
 * @param {number} high
 * @param {number} count
 * @returns {number[]}
 */
export function ticks(low, high, count) {
  const rough = (high - low) / count;
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const unit = [1, 2, 5, 10].find((m) => m * power >= rough) ?? 10;
  const step = unit * power;
  // Counted from the first, which may be too large for the next to differ from it.
  const first = Math.ceil(low / step);
  const found = Array.from({ length: Math.floor((high - first * step) / step + 1e-9) + 1 }, (_, k) => (first + k) * step);
  const round = new Set(found.map((value) => Number(value.toPrecision(12))));
  return round.size < found.length ? [low] : [...round];
}

/**
 * Round values for people: short where that tells them exactly, else with all their digits.
 * @param {number[]} values
 * @returns {string[]}
 */
export function exactTexts(values) {
  const short = values.map(format);
  const exact = short.every((text, i) => Number(text.replaceAll(",", "")) === values[i]);
  return exact ? short : values.map(String);
}
