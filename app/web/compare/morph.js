/** One map that becomes another: every example glides from its place on the first to its place on the second. */
import { element } from "../base/dom.js";
import { extent } from "../map/placing.js";
import { ringAround } from "../map/annotations.js";
import { PointCloud } from "../map/cloud.js";
import { aligned, procrustes } from "./procrustes.js";

/** @typedef {import("./pane.js").Pane} Pane */

/** Seconds from one map to the other. */
const SECONDS = 2.5;

export class Morph {
  /** @param {Pane[]} panes @param {import("./focus.js").Focus} focus */
  constructor(panes, focus) {
    this.panes = panes;
    this.focus = focus;
    this.cloud = new PointCloud({
      onHover: ({ index }) => focus.hover(index), onLeave: () => focus.hover(-1), onClick: (index) => index >= 0 && focus.pin(index), onClear: () => focus.clear(),
    });
    this.cloud.canvas.dataset.testid = "morph-map";
    const choice = (/** @type {string} */ label, /** @type {number} */ at) => element("select", { "aria-label": label, onchange: () => this.refresh(true) },
      ...panes.map(({ about }, k) => element("option", { value: k, text: about.title, selected: k === at })));
    // From what goes without saying to the model: PCA is the last pane as a rule.
    this.first = choice("The map to begin with", panes.length - 1);
    this.second = choice("The map to end with", 0);
    this.slider = element("input", { type: "range", min: 0, max: 1, step: "any", value: 0, "aria-label": "From one map to the other", "data-testid": "morph", oninput: () => this.seek(this.slider.valueAsNumber) });
    this.button = element("button", { type: "button", class: "button wide", text: "Play", "data-testid": "morph-play", onclick: () => this.toggle() });
    this.note = element("span", { class: "hint", "data-testid": "morph-note" });
    this.root = element("div", { class: "panel morph", "data-testid": "morph-panel" },
      element("div", { class: "panel-head" }, element("h3", { text: "One map becomes another" }),
        element("span", { class: "hint", text: "the second map is turned, mirrored, moved and scaled to lie on the first as well as it can" })),
      element("div", { class: "morph-controls" }, this.first, element("span", { text: "→" }), this.second, this.button, this.slider, this.note),
      this.cloud.root);
    focus.listen(() => this.paint());
    this.at = 0;
  }

  close() {
    this.pause();
    this.cloud.destroy();
  }

  /** A map has changed. @param {boolean} [fit] */
  refresh(fit = false) {
    const [from, to] = [this.first, this.second].map((select) => this.panes[Number(select.value)]);
    const [x, y] = [from.points, to.points];
    this.from = this.to = null;
    if (x && y) {
      const count = Math.min(x.length, y.length) >> 1;
      const alignment = procrustes(y, x, count);
      this.note.textContent = alignment ? `disparity ${alignment.disparity.toFixed(3)}` : "one of these maps is a single point";
      if (alignment) {
        this.from = x.subarray(0, 2 * count);
        this.to = aligned(y.subarray(0, 2 * count), alignment);
        const both = new Float32Array(4 * count);
        both.set(this.from);
        both.set(this.to, 2 * count);
        if (fit || !this.cloud.chosen) this.cloud.look(extent(both));
      }
    }
    this.paint();
  }

  /** @param {number} at from 0 to 1 */
  seek(at) {
    this.at = at;
    this.slider.value = String(at);
    this.paint();
  }

  paint() {
    const { from, to, at } = this;
    if (!from || !to) return;
    // Slow at both ends, exact there.
    const share = at * at * (3 - 2 * at);
    const points = Float32Array.from(from, (value, i) => (1 - share) * value + share * to[i]);
    const { colours, names } = this.panes[Number(this.first.value)].looks(points);
    this.cloud.show({ points, dimensions: 2, colours, names, axisNames: null, equal: true, dimmed: this.panes[0].dimmed(points.length / 2) });
    this.cloud.setMarks(ringAround(points, this.focus.index, this.cloud.theme));
  }

  toggle() {
    if (this.playing) return this.pause();
    const start = performance.now();
    const begin = this.at < 1 ? this.at : 0;
    this.button.textContent = "Pause";
    const tick = (/** @type {number} */ now) => {
      const at = Math.min(1, begin + Math.max(0, now - start) / 1000 / SECONDS);
      this.seek(at);
      if (at < 1) this.playing = requestAnimationFrame(tick);
      else this.pause();
    };
    this.playing = requestAnimationFrame(tick);
  }

  pause() {
    if (this.playing) cancelAnimationFrame(this.playing);
    this.playing = undefined;
    this.button.textContent = "Play";
  }

  /** @param {import("../base/palette.js").Theme} theme */
  setTheme(theme) {
    this.cloud.setTheme(theme);
    this.paint();
  }
}
