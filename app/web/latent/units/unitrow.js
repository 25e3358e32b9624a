/** One unit of the code: how much it carries, a slider for it, and what the decoder makes of it along its range. */
import { element } from "../../base/dom.js";
import { explained } from "../../base/explained.js";
import { paint } from "../../base/picture.js";
import { fixed } from "../../base/scale.js";
import { nearestStep, stepsOf } from "../../space/units.js";

export class UnitRow {
  /** @param {number} unit @param {(unit: number, value: number) => void} onMove @param {import("../../base/explained.js").Terms} terms */
  constructor(unit, onMove, terms) {
    this.unit = unit;
    this.terms = terms;
    const name = `unit ${unit + 1}`;
    this.slider = element("input", {
      type: "range", step: "any", "aria-label": name, "data-testid": `unit-${unit}`, oninput: () => onMove(unit, this.slider.valueAsNumber),
    });
    this.number = element("output", { class: "unit-value" });
    /** @type {number[]} */
    this.values = [];
    this.pictures = stepsOf([0, 1]).map(() => element("canvas", { role: "img" }));
    // The slider reaches the same values by keyboard: the pictures are no stops of their own.
    this.cells = this.pictures.map((picture, k) => element("button", {
      type: "button", class: "unit-cell", tabindex: -1, onclick: () => onMove(unit, this.values[k]),
    }, picture));
    this.flag = element("span", { class: "unit-flag" });
    this.amount = element("span", { class: "unit-amount" });
    this.bar = element("i");
    this.root = element("div", { class: "unit-row", "data-testid": "unit-row", "data-unit": unit },
      element("div", { class: "unit-head" },
        element("b", { text: name }), this.flag, this.amount, element("span", { class: "unit-bar" }, this.bar)),
      element("div", { class: "unit-slide" }, this.slider, this.number),
      element("div", { class: "unit-strip" }, ...this.cells));
  }

  /** How much the unit carries. @param {import("../../space/units.js").Rank} rank @param {string} said the amount with its unit */
  setRank({ share, state }, said) {
    this.root.dataset.state = state;
    if (this.flag.dataset.flag !== state) this.flag.replaceChildren(state && explained(this.terms, state, state));
    this.flag.dataset.flag = state;
    this.flag.hidden = !state;
    this.amount.textContent = said;
    this.bar.style.width = `${(100 * share).toFixed(1)}%`;
  }

  /**
   * The range of the slider, which always holds the value that the unit has, and of the strip.
   * @param {[number, number]} range
   * @param {number} value
   */
  setRange(range, value) {
    this.values = stepsOf(range);
    Object.assign(this.slider, { min: Math.min(range[0], value), max: Math.max(range[1], value) });
    this.cells.forEach((cell, k) => {
      cell.title = `unit ${this.unit + 1} = ${signed(this.values[k])}`;
      cell.setAttribute("aria-label", cell.title);
    });
    this.setValue(value);
  }

  /** @param {number} value */
  setValue(value) {
    this.slider.value = String(value);
    this.number.textContent = signed(value);
    this.slider.setAttribute("aria-valuetext", signed(value));
    const now = nearestStep(this.values, value);
    this.cells.forEach((cell, k) => cell.toggleAttribute("data-now", k === now));
  }

  /** Jobs that paint the strip, one for each picture. @param {(value: number) => Uint8ClampedArray} decodeAt @param {import("../../base/picture.js").Look} look */
  *painting(decodeAt, look) {
    for (let k = 0; k < this.pictures.length; k++) yield () => paint(this.pictures[k], decodeAt(this.values[k]), look);
  }
}

/** A value of a unit, for people. @param {number} value @returns {string} */
export function signed(value) {
  return fixed(value, 2).replace("-", "−");
}
