/** A code as bars, one for each unit, up or down from 0; a whisker is the deviation of the posterior. */
import { element } from "../../base/dom.js";
import { isPlain } from "../../base/keys.js";
import { format } from "../../base/scale.js";

/** Numbers below the bars, at most. */
const NUMBERED = 16;

/**
 * @typedef {object} CodeOf what is known of one code
 * @property {Float32Array} code
 * @property {Float32Array | null} deviation σ of the posterior
 * @property {Float32Array | null} unitKl in nats
 * @property {number[]} collapsed units that carry nothing
 */

/**
 * The least and the greatest value that bars and whiskers reach; 0 is among them.
 * @param {Float32Array} code
 * @param {Float32Array | null} deviation
 * @returns {[number, number]}
 */
export function reach(code, deviation) {
  let [low, high] = [0, 0];
  code.forEach((value, j) => {
    const spread = deviation ? deviation[j] : 0;
    low = Math.min(low, value - spread);
    high = Math.max(high, value + spread);
  });
  return low === high ? [-1, 1] : [low, high];
}

/** The unit farthest from 0. @param {Float32Array} code @returns {number} */
export function widest(code) {
  return code.reduce((found, value, j) => (Math.abs(value) > Math.abs(code[found]) ? j : found), 0);
}

/** One unit in words. @param {CodeOf} of @param {number} j @returns {string} */
export function spokenUnit({ code, deviation, unitKl, collapsed }, j) {
  const value = `unit ${j + 1}: z = ${format(code[j])}`;
  const spread = deviation ? `, σ = ${format(deviation[j])}` : "";
  const kl = unitKl ? `, KL = ${format(unitKl[j])} nats` : "";
  return `${value}${spread}${kl}${collapsed.includes(j) ? " (collapsed: it carries nothing)" : ""}`;
}

export class CodeBars {
  constructor() {
    this.cells = element("div", { class: "bar-cells" });
    this.high = element("span", { class: "bar-high" });
    this.zero = element("span", { class: "bar-zero", text: "0" });
    this.low = element("span", { class: "bar-low" });
    this.readout = element("div", { class: "hint bar-readout", "data-testid": "unit-readout", "aria-live": "polite" });
    this.chart = element("div", {
      class: "bar-chart", tabindex: 0, role: "group", "aria-label": "The code, unit by unit: arrow keys move between units",
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.step(event),
      onpointermove: (/** @type {PointerEvent} */ event) => this.pointed(event),
      onpointerdown: (/** @type {PointerEvent} */ event) => this.pointed(event),
    }, element("div", { class: "bar-scale", "aria-hidden": "true" }, this.high, this.zero, this.low), this.cells);
    this.root = element("div", { class: "code-bars" }, this.chart, this.readout);
    this.at = -1;
  }

  /** @param {CodeOf} of */
  show(of) {
    this.of = of;
    const { code, deviation, collapsed } = of;
    if (this.cells.childElementCount !== code.length) this.make(code.length);
    const [low, high] = reach(code, deviation);
    const share = (/** @type {number} */ value) => (high - value) / (high - low);
    this.chart.style.setProperty("--zero", String(share(0)));
    Object.assign(this.high, { textContent: high ? format(high) : "" });
    Object.assign(this.low, { textContent: low ? format(low) : "" });
    code.forEach((value, j) => {
      const cell = /** @type {HTMLElement} */ (this.cells.children[j]);
      cell.dataset.collapsed = String(collapsed.includes(j));
      place(cell.children[0], share(Math.max(0, value)), share(Math.min(0, value)));
      if (deviation) place(cell.children[1], share(value + deviation[j]), share(value - deviation[j]));
      /** @type {HTMLElement} */ (cell.children[1]).hidden = !deviation;
    });
    this.tell(this.at >= 0 && this.at < code.length ? this.at : widest(code));
  }

  /** @param {number} units */
  make(units) {
    const every = Math.ceil(units / NUMBERED);
    const numbered = (/** @type {number} */ j) => (units <= NUMBERED || (j + 1) % every === 0 ? String(j + 1) : "");
    this.cells.replaceChildren(...Array.from({ length: units }, (_, j) => element("span", { class: "bar-cell", "data-unit": j },
      element("i", { class: "bar" }), element("i", { class: "whisker" }), element("span", { class: "bar-number", text: numbered(j) }))));
    this.cells.style.setProperty("--units", String(units));
    this.cells.dataset.many = String(units > NUMBERED);
  }

  /** @param {PointerEvent} event */
  pointed(event) {
    const cell = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-unit]"));
    if (cell) this.tell(Number(cell.dataset.unit));
  }

  /** @param {KeyboardEvent} event */
  step(event) {
    const last = this.cells.childElementCount - 1;
    const to = { ArrowRight: this.at + 1, ArrowLeft: this.at - 1, Home: 0, End: last }[event.key];
    if (to === undefined || !isPlain(event)) return;
    this.tell(Math.max(0, Math.min(last, to)));
    event.preventDefault();
  }

  /** @param {number} j */
  tell(j) {
    if (!this.of) return;
    this.cells.querySelector("[data-current]")?.removeAttribute("data-current");
    this.cells.children[j]?.setAttribute("data-current", "");
    this.at = j;
    this.readout.textContent = spokenUnit(this.of, j);
  }
}

/** @param {Element} bar @param {number} top share of the height @param {number} bottom */
function place(bar, top, bottom) {
  const { style } = /** @type {HTMLElement} */ (bar);
  style.top = `${100 * top}%`;
  style.height = `${100 * (bottom - top)}%`;
}
