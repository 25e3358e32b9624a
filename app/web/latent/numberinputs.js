/** An example that is no picture: a number for each of its features. */
import { element } from "../base/dom.js";
import { format } from "../base/scale.js";

/** Numbers that a question may carry, either way of 0. */
const MOST = 1e6;

/**
 * @typedef {object} Feature a number of an example
 * @property {string} name
 * @property {number} shift what is typed = number · scale + shift
 * @property {number} scale
 * @property {string} hint what may be typed
 */

/**
 * What each number of an example is called, and the unit that it is typed in: that of its column, where it has one.
 * @param {number} count
 * @param {[number, number]} range of the data
 * @param {import("../base/row.js").Row | null | undefined} row
 * @returns {Feature[]}
 */
export function featuresOf(count, [low, high], row) {
  const known = (row?.columns ?? []).flatMap(({ name, width, shift, scale, words }) => {
    if (!words) return [{ name, shift, scale, hint: `${format(low * scale + shift)} … ${format(high * scale + shift)}` }];
    if (width === 1) return [{ name, shift, scale, hint: `0: ${words[0]}, 1: ${words[1]}` }];
    return words.map((word) => ({ name: `${name}: ${word}`, shift: 0, scale: 1, hint: "0 or 1" }));
  });
  return Array.from({ length: count }, (_, k) => known[k] ?? { name: `feature ${k + 1}`, shift: 0, scale: 1, hint: `${format(low)} … ${format(high)}` });
}

/**
 * The numbers that were typed, as the network sees them, or a sentence on the first that is none.
 * @param {string[]} texts
 * @param {Feature[]} features
 * @returns {{values: Float32Array | null, complaint: string}}
 */
export function readNumbers(texts, features) {
  const values = new Float32Array(texts.length);
  for (const [k, text] of texts.entries()) {
    const { name, shift, scale } = features[k];
    const typed = Number(text);
    const value = (typed - shift) / scale;
    if (!text.trim() || !Number.isFinite(typed)) return { values: null, complaint: `“${name}” needs a number.` };
    if (Math.abs(value) > MOST) {
      const [least, most] = [-MOST, MOST].map((end) => format(end * scale + shift));
      return { values: null, complaint: `“${name}” is too far from all others: it may be from ${least} to ${most}.` };
    }
    values[k] = value;
  }
  return { values, complaint: "" };
}

export class NumberInputs {
  /** @param {number} count @param {[number, number]} range of the data @param {import("../base/row.js").Row | null | undefined} row @param {() => void} onChange */
  constructor(count, range, row, onChange) {
    this.features = featuresOf(count, range, row);
    this.inputs = this.features.map(({ hint }, k) => element("input", {
      type: "number", step: "any", "data-testid": `feature-${k + 1}`, placeholder: hint, oninput: onChange,
    }));
    this.root = element("div", { class: "feature-inputs" },
      ...this.inputs.map((input, k) => element("label", {}, element("span", { class: "hint", text: this.features[k].name }), input)));
  }

  isBlank() {
    return this.inputs.every((input) => !input.value && !input.validity.badInput);
  }

  read() {
    return readNumbers(this.inputs.map((input) => input.value), this.features);
  }

  /** @param {ArrayLike<number>} values */
  show(values) {
    this.inputs.forEach((input, k) => (input.value = String(Number((values[k] * this.features[k].scale + this.features[k].shift).toPrecision(7)))));
  }

  clear() {
    for (const input of this.inputs) input.value = "";
  }
}
