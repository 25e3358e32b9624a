/** Live knobs: a slider and a number for each; a drag acts at once, its end is told to the page. */
import { element } from "../base/dom.js";
import { explained, withSentence } from "../base/explained.js";
import { format, toPosition, toValue } from "../base/scale.js";

/** @typedef {import("../base/scale.js").KnobSpec} KnobSpec */

/** At most one command in this many milliseconds while dragging. */
const EVERY = 30;
/** Frames may still carry the old value for this many milliseconds after a drag. */
const SETTLE = 600;
/** A complaint about a typed number stays for so many milliseconds. */
const SHOW_COMPLAINT = 3000;

/** @param {number} value @returns {string} */
const tidy = (value) => String(Number(value.toPrecision(6)));

/** What turning a knob does to a run in a state. @param {string} status @returns {string} */
export function knobHint(status) {
  if (status === "running") return "act while you drag";
  if (status === "finished") return "turn one, and training goes on";
  if (status === "diverged") return "turn them, then rewind";
  return status === "failed" ? "" : "act from the next step on";
}

export class Knobs {
  /**
   * @param {object} handlers
   * @param {(name: string, value: number) => void} handlers.onTurn while dragging
   * @param {(values: Record<string, number>) => void} handlers.onSettled at the end of a drag
   * @param {import("../base/explained.js").Terms} terms
   */
  constructor(handlers, terms) {
    this.handlers = handlers;
    this.terms = terms;
    this.root = element("div", { class: "knobs", "data-testid": "knobs" });
    /** @type {Record<string, {knob: KnobSpec, slider: HTMLInputElement, number: HTMLInputElement, touched: number, value: number}>} */
    this.controls = {};
    /** @type {number | undefined} until the value that waits is sent */
    this.timer = undefined;
  }

  /** @param {KnobSpec[]} knobs @param {boolean} enabled */
  begin(knobs, enabled) {
    this.controls = {};
    this.root.replaceChildren(...knobs.map((knob) => this.makeControl(knob, enabled)));
  }

  /** @param {KnobSpec} knob @param {boolean} enabled */
  makeControl(knob, enabled) {
    const slider = element("input", {
      type: "range", min: 0, max: 1, step: 0.001, disabled: !enabled,
      "aria-label": `${knob.label} (${knob.symbol})`, "data-knob": knob.name,
      oninput: () => this.turn(knob.name, toValue(knob, slider.valueAsNumber)),
      onchange: () => this.settle(),
    });
    const number = element("input", {
      type: "number", min: knob.low, max: knob.high, step: knob.integer ? 1 : "any", disabled: !enabled,
      "aria-label": `${knob.label}, exact value`,
      onchange: () => this.type(knob.name),
    });
    this.controls[knob.name] = { knob, slider, number, touched: 0, value: knob.low };
    const terms = withSentence(this.terms, knob.name, knob.label, knob.help);
    return element("div", { class: "knob" },
      element("span", { class: "knob-label" }, explained(terms, knob.name, knob.label)), element("span", { class: "knob-symbol", text: knob.symbol }), slider, number);
  }

  /** A number was typed: use it, or say what is allowed and go back. @param {string} name */
  type(name) {
    const { knob, number, value } = this.controls[name];
    const typed = number.valueAsNumber;
    const fits = typed >= knob.low && typed <= knob.high && (!knob.integer || Number.isInteger(typed));
    const kind = knob.integer ? "whole number" : "number";
    number.setCustomValidity(fits ? "" : `${knob.label} must be a ${kind} from ${knob.low} to ${knob.high}.`);
    if (fits) {
      this.turn(name, typed);
      this.settle();
    } else {
      number.reportValidity();
      number.value = tidy(value);
      setTimeout(() => number.setCustomValidity(""), SHOW_COMPLAINT);
    }
  }

  /** Values that a frame reports; a knob under the user's hand is left alone. @param {Record<string, [number, number]>} values */
  show(values) {
    for (const [name, [value]] of Object.entries(values)) {
      const control = this.controls[name];
      if (control && performance.now() - control.touched > SETTLE) this.set(name, value);
    }
  }

  /** @param {string} name @param {number} value */
  set(name, value) {
    const { knob, slider, number } = this.controls[name];
    this.controls[name].value = value;
    slider.value = String(toPosition(knob, value));
    if (this.root.getRootNode() instanceof ShadowRoot && /** @type {ShadowRoot} */ (this.root.getRootNode()).activeElement === number) return;
    number.value = tidy(value);
    slider.setAttribute("aria-valuetext", format(value));
  }

  /** @param {string} name @param {number} value */
  turn(name, value) {
    const control = this.controls[name];
    control.touched = performance.now();
    this.set(name, value);
    this.pending = { name, value };
    this.timer ??= setTimeout(() => this.flush(), Math.max(0, EVERY - (performance.now() - (this.sent ?? 0))));
  }

  flush() {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.pending) return;
    this.handlers.onTurn(this.pending.name, this.pending.value);
    this.sent = performance.now();
    this.pending = undefined;
  }

  settle() {
    this.flush();
    this.handlers.onSettled(Object.fromEntries(Object.entries(this.controls).map(([name, { value }]) => [name, value])));
  }
}
