/** The scale of a variational map: that of the prior, or as close as the codes allow. */
import { element } from "../base/dom.js";

/** @typedef {import("./prior.js").Scale} Scale */

/** @type {[Scale, string, string][]} */
const SCALES = [
  ["prior", "prior", "Three standard deviations of the prior N(0, I), and more where codes lie further out: a code that collapses is seen to"],
  ["fit", "fit", "As close as the codes allow: a code that collapses looks like any other"],
];

export class ScaleChoice {
  /** @param {() => void} onChange */
  constructor(onChange) {
    this.select = element("select", { "aria-label": "Scale of the map", "data-testid": "scale", onchange: onChange },
      ...SCALES.map(([value, text, title]) => element("option", { value, text, title })));
    this.root = element("label", { class: "labelled", hidden: true }, element("span", { text: "Scale" }), this.select);
  }

  get value() {
    return /** @type {Scale} */ (this.select.value);
  }
}
