/** Which noise is put on an example, and how much. */
import { element } from "../base/dom.js";

/** @typedef {{corruption: string, level: number, seed: number}} Noise */

const KINDS = [["masking", "masking"], ["gaussian", "Gaussian"], ["salt_and_pepper", "salt and pepper"]];

/** The level in words. @param {string} corruption @param {number} level @returns {string} */
export function spokenLevel(corruption, level) {
  return corruption === "gaussian" ? `σ = ${level.toFixed(2)}` : `${Math.round(100 * level)} %`;
}

export class NoiseControls {
  /** @param {() => void} onChange */
  constructor(onChange) {
    const changed = () => {
      this.tell();
      onChange();
    };
    this.seed = 0;
    this.kind = element("select", { "aria-label": "Kind of noise", "data-testid": "noise-kind", onchange: changed },
      ...KINDS.map(([value, text]) => element("option", { value, text })));
    this.level = element("input", { type: "range", min: 0, max: 1, step: 0.05, value: 0, "aria-label": "Amount of noise", "data-testid": "noise-level", oninput: changed });
    this.said = element("output", { class: "hint", "data-testid": "noise-said" });
    this.again = element("button", {
      type: "button", class: "button wide", text: "New noise", "data-testid": "noise-again",
      onclick: () => {
        this.seed++;
        onChange();
      },
    });
    this.root = element("div", { class: "noise" },
      element("label", { class: "labelled" }, element("span", { text: "noise" }), this.kind), this.level, this.said, this.again);
    this.tell();
  }

  /** @returns {Noise} */
  get values() {
    return { corruption: this.kind.value, level: Number(this.level.value), seed: this.seed };
  }

  tell() {
    const { corruption, level } = this.values;
    this.said.textContent = spokenLevel(corruption, level);
    this.again.disabled = level === 0;
  }
}
