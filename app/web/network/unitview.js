/** The unit that was chosen: what it sees, what it writes, and what the output would be without it. */
import { element } from "../base/dom.js";
import { format } from "../base/scale.js";
import { paintWeights } from "./drawing.js";
import { gridOf } from "./grid.js";
import { reachOf } from "./shades.js";
import { effectOf, seenBy, writtenBy } from "./unit.js";

export class UnitView {
  /** @param {() => void} onClose */
  constructor(onClose) {
    this.title = element("h4", {});
    this.sees = new WeightsFigure("sees", "network-sees");
    this.writes = new WeightsFigure("writes", "network-writes");
    this.effect = new WeightsFigure("its part in the output", "network-effect");
    this.figures = element("div", { class: "unit-figures" }, this.sees.root, this.writes.root, this.effect.root);
    this.root = element("section", { class: "unit-view", hidden: true, "data-testid": "network-unit", "aria-label": "The chosen unit" },
      element("div", { class: "unit-head" }, this.title, element("button", { type: "button", class: "button wide", text: "Close", onclick: onClose })),
      this.figures);
  }

  /**
   * @param {string} title
   * @param {import("./passing.js").Network} network
   * @param {import("./passing.js").Pass} pass
   * @param {{layer: number, unit: number}} chosen
   * @param {import("./passing.js").Told} told
   * @param {string[]} names of the layers
   * @param {Uint32Array} table
   */
  show(title, network, pass, { layer, unit }, told, names, table) {
    this.root.hidden = false;
    this.title.textContent = title;
    this.sees.show(seenBy(network, layer, unit), `weights from ${names[layer - 1]}`, table);
    this.writes.show(writtenBy(network, layer, unit), `weights to ${names[layer + 1]}`, table);
    const effect = effectOf(network, pass, layer, unit, told);
    this.effect.show(effect && { values: effect, shape: network.shapes[0] }, "output, less the output with this unit at 0", table);
  }

  hide() {
    this.root.hidden = true;
  }
}

/** Weights as a picture, with their scale. */
class WeightsFigure {
  /** @param {string} title @param {string} name its test id */
  constructor(title, name) {
    this.name = title;
    this.canvas = element("canvas", { role: "img", "data-testid": name });
    this.caption = element("span", { class: "hint" });
    this.root = element("figure", {}, element("b", { text: title }), this.canvas, element("figcaption", {}, this.caption));
  }

  /** @param {import("./unit.js").Weights | null} weights @param {string} caption @param {Uint32Array} table */
  show(weights, caption, table) {
    this.root.hidden = !weights;
    if (!weights) return;
    const reach = reachOf(weights.values);
    paintWeights(this.canvas, weights.values, gridOf(weights.shape), reach, table);
    const most = weights.values.reduce((found, value) => Math.max(found, Math.abs(value)), 0);
    this.caption.textContent = most ? `${caption}, ±${format(reach)}` : `${caption}: 0 throughout`;
    this.canvas.setAttribute("aria-label", `${this.name}: ${caption}, at most ${format(most)}`);
  }
}
