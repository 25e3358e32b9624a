/** Which units carry a direction: the cosine to the axis of each, as bars to both sides of zero. */
import { element } from "../../base/dom.js";
import { button } from "../../base/parts.js";
import { signed } from "./unitrow.js";

/** Bars shown before "show all" is pressed. */
const FIRST = 10;

export class UnitBars {
  constructor() {
    this.all = false;
    /** @type {number[]} */
    this.values = [];
    this.list = element("div", { class: "cosines", "data-testid": "cosines" });
    this.more = button("", "cosines-all", "", () => {
      this.all = !this.all;
      this.show(this.values);
    });
    this.root = element("div", { class: "cosines-part" },
      element("div", { class: "hint", text: "Cosine of the angle between v and the axis of each unit, largest first: ±1 is that unit alone." }), this.list, this.more);
  }

  /** @param {number[]} values one for each unit, from −1 to 1 */
  show(values) {
    this.values = values;
    const order = values.map((_, unit) => unit).sort((a, b) => Math.abs(values[b]) - Math.abs(values[a]) || a - b);
    this.list.replaceChildren(...order.slice(0, this.all ? undefined : FIRST).map((unit) => bar(unit, values[unit])));
    this.more.hidden = values.length <= FIRST;
    this.more.textContent = this.all ? `Show the first ${FIRST}` : `Show all ${values.length} units`;
  }
}

/** @param {number} unit @param {number} value */
function bar(unit, value) {
  const [left, width] = [50 + 50 * Math.min(0, value), 50 * Math.abs(value)];
  return element("div", { class: "cosine", "data-unit": unit },
    element("span", { text: `unit ${unit + 1}` }),
    element("span", { class: "cosine-track" }, element("i", { style: `left: ${left.toFixed(1)}%; width: ${width.toFixed(1)}%` })),
    element("span", { class: "cosine-value", text: signed(value) }));
}
