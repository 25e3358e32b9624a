/** An example that is no picture: a number for each of its features. */
import { element } from "../base/dom.js";
import { format } from "../base/scale.js";

/** Numbers that a question may carry, either way of 0. */
const MOST = 1e6;

/**
 * The numbers that were typed, or a sentence on the first that is none.
 * @param {string[]} texts
 * @returns {{values: Float32Array | null, complaint: string}}
 */
export function readNumbers(texts) {
  for (const [k, text] of texts.entries()) {
    const value = Number(text);
    if (!text.trim() || !Number.isFinite(value)) return { values: null, complaint: `Feature ${k + 1} needs a number.` };
    if (Math.abs(value) > MOST) return { values: null, complaint: `Feature ${k + 1} is too large: it may be at most ${MOST.toLocaleString("en")} either way.` };
  }
  return { values: Float32Array.from(texts, Number), complaint: "" };
}

export class NumberInputs {
  /** @param {number} features @param {[number, number]} range of the data @param {() => void} onChange */
  constructor(features, [low, high], onChange) {
    this.inputs = Array.from({ length: features }, (_, k) => element("input", {
      type: "number", step: "any", "data-testid": `feature-${k + 1}`, placeholder: `${format(low)} … ${format(high)}`, oninput: onChange,
    }));
    this.root = element("div", { class: "feature-inputs" },
      ...this.inputs.map((input, k) => element("label", {}, element("span", { class: "hint", text: `feature ${k + 1}` }), input)));
  }

  isBlank() {
    return this.inputs.every((input) => !input.value && !input.validity.badInput);
  }

  read() {
    return readNumbers(this.inputs.map((input) => input.value));
  }

  /** @param {ArrayLike<number>} values */
  show(values) {
    this.inputs.forEach((input, k) => (input.value = String(Number(values[k].toPrecision(7)))));
  }

  clear() {
    for (const input of this.inputs) input.value = "";
  }
}
