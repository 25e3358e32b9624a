/** One example on its way through a model, drawn: input → encoder → code → decoder → output. */
import { element } from "../base/dom.js";
import { explained } from "../base/explained.js";
import { paint, toBytes } from "../base/picture.js";

/** @typedef {import("../base/picture.js").Look} Look */

/** Codes of at most this many units have their numbers written beside the bars. */
const WRITTEN = 4;
/** Numbers of a longer code that are read out. */
const READ = 8;

/** A number of a code, for people. @param {number} value @returns {string} */
export function told(value) {
  return (Math.round(100 * value) / 100 || 0).toFixed(2).replace("-", "−");
}

/**
 * The bar of a unit, in percent of its track: from the middle to the left below 0, and to the right above.
 * @param {number} value
 * @param {number} reach the value at the end of the track
 * @returns {{left: number, width: number}}
 */
export function bar(value, reach) {
  const share = Math.max(-1, Math.min(1, value / (reach || 1)));
  return { left: 50 + 50 * Math.min(0, share), width: 50 * Math.abs(share) };
}

/** How many numbers there are. @param {number} count */
export const numbers = (count) => (count === 1 ? "1 number" : `${count.toLocaleString("en")} numbers`);

export class Passage {
  /** @param {import("../base/explained.js").Terms} terms */
  constructor(terms) {
    this.input = element("canvas", { role: "img", "aria-label": "Input", "data-testid": "front-input" });
    this.output = element("canvas", { role: "img", "aria-label": "Output", "data-testid": "front-output" });
    this.code = element("div", { class: "code", role: "img", "aria-label": "Code", "data-testid": "front-code" });
    this.amounts = [0, 1, 2].map(() => element("span", { class: "amount" }));
    this.root = element("div", { class: "passage", role: "group", "aria-label": "One example on its way through the model" },
      part("example", explained(terms, "input", "input"), this.input, this.amounts[0]),
      part("encoder", explained(terms, "encoder", "encoder"), element("div", { class: "network" })),
      part("codes", explained(terms, "code", "code"), this.code, this.amounts[1]),
      part("decoder", explained(terms, "decoder", "decoder"), element("div", { class: "network" })),
      part("example", explained(terms, "reconstruction", "output"), this.output, this.amounts[2]));
    /** @type {Look | undefined} of the output */
    this.look = undefined;
    /** @type {Look | undefined} of the input, which may be smaller */
    this.seen = undefined;
    /** The value at which a bar is full. */
    this.reach = 1;
    /** @type {HTMLElement[]} */
    this.bars = [];
    /** @type {HTMLElement[]} */
    this.texts = [];
  }

  /**
   * What all examples have in common.
   * @param {Look} look
   * @param {Look} seen
   * @param {number} units of the code
   * @param {number} reach
   */
  begin(look, seen, units, reach) {
    [this.look, this.seen, this.reach] = [look, seen, reach];
    const size = look.shape.reduce((a, b) => a * b, 1);
    [size, units, size].forEach((count, k) => (this.amounts[k].textContent = numbers(count)));
    this.bars = Array.from({ length: units }, () => element("i"));
    this.texts = units > WRITTEN ? [] : this.bars.map(() => element("span"));
    this.code.dataset.many = String(units > WRITTEN);
    this.code.replaceChildren(...this.bars.flatMap((each, k) => [element("div", { class: "track" }, each), this.texts[k] ?? null].filter((child) => child !== null)));
  }

  /**
   * @param {ArrayLike<number>} bytes the picture of the example
   * @param {Float32Array} code
   * @param {Float32Array | null} rebuilt what the decoder makes of the code; null while there is no decoder
   * @param {string} name of the example
   */
  show(bytes, code, rebuilt, name) {
    if (!this.look || !this.seen) return;
    paint(this.input, bytes, this.seen);
    this.input.setAttribute("aria-label", `Input: ${name}`);
    code.forEach((value, k) => {
      const { left, width } = bar(value, this.reach);
      Object.assign(this.bars[k].style, { left: `${left}%`, width: `${width}%` });
      if (this.texts[k]) this.texts[k].textContent = told(value);
    });
    this.code.setAttribute("aria-label", `Code: ${codeText(code)}`);
    if (!rebuilt) return;
    paint(this.output, toBytes(rebuilt, this.look.range), this.look);
    this.output.setAttribute("aria-label", "Output: the same example, rebuilt from its code alone");
  }
}

/** A code as text, its beginning where it is long. @param {Float32Array} code */
export function codeText(code) {
  return `${Array.from(code.slice(0, READ), told).join(", ")}${code.length > READ ? ", …" : ""}`;
}

/** @param {string} kind @param {HTMLElement} name @param {HTMLElement} shown @param {HTMLElement} [amount] */
function part(kind, name, shown, amount) {
  return element("figure", { class: kind }, shown, element("figcaption", {}, element("b", {}, name), amount ?? null));
}
