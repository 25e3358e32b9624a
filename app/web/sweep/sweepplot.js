/** What the plots of a sweep have in common: a canvas, a picture to draw on it, and a cell that stands out. */
import { element } from "../base/dom.js";
import { watchSize } from "../base/resizing.js";

/** @template Picture */
export class SweepPlot {
  /** @param {Record<string, any>} properties of the canvas */
  constructor(properties) {
    this.canvas = element("canvas", { class: "sweep-canvas", role: "img", ...properties });
    this.root = element("div", { class: "sweep-plot" }, this.canvas);
    /** @type {Picture | null} */
    this.picture = null;
    /** The cell that stands out. @type {number | null} */
    this.on = null;
    watchSize(this.root, () => this.draw());
  }

  /** @param {import("../base/palette.js").Theme} theme */
  setTheme(theme) {
    this.theme = theme;
    this.draw();
  }

  /** @param {Picture} picture */
  show(picture) {
    this.picture = picture;
    this.draw();
  }

  /** @param {number | null} k */
  highlight(k) {
    if (this.on === k) return;
    this.on = k;
    this.draw();
  }

  /** Each plot draws in its own way, as far as it knows picture and theme. */
  draw() {}
}
