/** The scale of a variational map: that of the prior, or as close as the codes allow. */
import { element } from "../base/dom.js";
import { explained } from "../base/explained.js";

/** @typedef {import("./prior.js").Scale} Scale */

/** @type {Scale[]} */
const SCALES = ["prior", "fit"];

export class ScaleChoice {
  /** @param {() => void} onChange @param {import("../base/explained.js").Terms} terms */
  constructor(onChange, terms) {
    this.select = element("select", { "aria-label": "Scale of the map", "data-testid": "scale", onchange: onChange },
      ...SCALES.map((value) => element("option", { value, text: value })));
    this.root = element("div", { class: "labelled", hidden: true }, explained(terms, "scale", "Scale"), this.select);
  }

  get value() {
    return /** @type {Scale} */ (this.select.value);
  }
}
