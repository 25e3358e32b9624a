/** A pane: the map of one model, and what it makes of the example that all panes look at. */
import { CollapseBadge } from "../base/collapse.js";
import { element } from "../base/dom.js";
import { explained } from "../base/explained.js";
import { ringAround } from "../map/annotations.js";
import { PointCloud } from "../map/cloud.js";
import { colouring } from "../space/colouring.js";
import { wasCancelled } from "../space/layouts.js";
import { outside } from "../space/selection.js";
import { classNames } from "../map/placing.js";
import { format } from "../base/scale.js";
import { Model } from "./model.js";
import { aligned } from "./procrustes.js";
import { Rebuilt } from "./rebuilt.js";
import { Strip } from "./strip.js";

/** @typedef {import("./model.js").About} About @typedef {import("./model.js").Method} Method */
/** @typedef {import("./procrustes.js").Alignment} Alignment */

/** @type {[Method, string][]} */
const METHODS = [["axes", "code axes"], ["pca", "PCA of the code"], ["umap", "UMAP of the code"]];

export class Pane {
  /**
   * @param {import("../wire/host.js").Connect} connect
   * @param {About} about
   * @param {number} limit
   * @param {import("./focus.js").Focus} focus
   * @param {object} handlers
   * @param {() => void} handlers.onOpen codes are here, for the first time or again
   * @param {() => void} handlers.onPoints the points stand elsewhere
   * @param {() => void} handlers.onMoment there is a new frame, or word of the run
   * @param {() => void} handlers.onPictures pictures of examples have come
   * @param {import("../base/explained.js").Terms} terms
   */
  constructor(connect, about, limit, focus, handlers, terms) {
    this.about = about;
    this.focus = focus;
    this.handlers = handlers;
    /** Where the examples stand on the map of this model alone, x and y in turn. @type {Float32Array | null} */
    this.points = null;
    /** @type {Alignment | null} */
    this.alignment = null;
    this.colour = "label";
    /** @type {number | undefined} the frame of the screen that shows this moment */
    this.request = undefined;
    this.cloud = new PointCloud({
      onHover: ({ index }) => focus.hover(index),
      onLeave: () => focus.hover(-1),
      onClick: (index) => index >= 0 && focus.pin(index),
      onSelect: (indices, mode) => focus.select(indices, mode),
      onClear: () => focus.clear(),
    });
    this.cloud.canvas.dataset.testid = "pane-map";
    this.method = element("select", { "aria-label": `Map of ${about.title}`, "data-testid": "pane-method", onchange: () => this.layOut() },
      ...METHODS.map(([value, text]) => element("option", { value, text, selected: value === about.method })));
    /** Facts in their order, each beside what it is. */
    this.fact = { step: element("span"), error: element("span"), disparity: element("span"), still: element("span") };
    this.disparity = element("span", { hidden: true }, " · ", explained(terms, "disparity", "disparity"), " ", this.fact.disparity);
    this.facts = element("span", { class: "hint pane-facts", "data-testid": "pane-facts", hidden: true },
      this.fact.step, explained(terms, "squared_error", "error"), " ", this.fact.error, this.disparity, this.fact.still);
    this.badge = new CollapseBadge(terms);
    this.message = element("div", { class: "message", role: "status", "data-testid": "pane-message", text: "Opening …" });
    this.model = new Model(connect, about, limit, {
      onSay: (text) => this.say(text),
      onSpace: () => this.opened(),
      onMoment: (glide) => {
        this.schedule(glide);
        handlers.onMoment();
      },
      onPictures: handlers.onPictures,
    });
    this.rebuilt = new Rebuilt(this.model, focus);
    this.strip = new Strip(this.model);
    this.root = element("section", { class: "panel pane", "data-testid": "pane", "data-key": about.key, "aria-label": about.title },
      element("div", { class: "pane-head" },
        element("h3", { text: about.title, title: about.title }), element("span", { class: "hint pane-line", text: about.line, title: about.line })),
      element("div", { class: "pane-controls" }, this.method, this.badge.root, this.facts),
      this.message, this.cloud.root, this.rebuilt.root,
      element("div", { class: "hint" }, explained(terms, "held_out", "Held-out examples"), ", ", explained(terms, "reconstruction", "rebuilt")), this.strip.root);
    focus.listen((change) => (change === "set" ? this.paint(false) : this.mark()));
  }

  close() {
    this.model.close();
    this.cloud.destroy();
  }

  /** @param {string} text */
  say(text) {
    this.message.textContent = text;
    this.message.hidden = !text;
  }

  /** Codes are here, for the first time or again. */
  opened() {
    this.handlers.onOpen();
    if (this.model.layouts.question) this.again = true; // it is finished first, or none ever would be
    else this.layOut();
  }

  /** Lay out as the user wishes; of the layouts that were asked for only the last one is shown. */
  async layOut() {
    const method = /** @type {Method} */ (this.method.value);
    const wish = { method };
    this.wish = wish;
    this.again = false;
    // A map that only follows its run needs no word.
    const waits = this.layout?.method !== method;
    if (waits && method === "umap") this.say("UMAP is on its way …");
    try {
      const layout = await this.model.layOut(method, (share, text) => {
        if (waits && this.wish === wish) this.say(`${text} … ${Math.round(100 * share)} %`);
      });
      if (this.wish !== wish) return;
      this.say(this.model.standing);
      if (this.layout?.method !== layout.method) this.cloud.fit();
      this.layout = layout;
      this.schedule(true);
    } catch (error) {
      if (this.wish === wish && !wasCancelled(error)) this.say(/** @type {Error} */ (error).message);
    }
    if (this.wish === wish && this.again) this.layOut();
  }

  /** Show this moment with the next frame of the screen. @param {boolean} glide */
  schedule(glide) {
    this.glide = glide;
    this.request ??= requestAnimationFrame(() => {
      this.request = undefined;
      this.refresh();
    });
  }

  /** What the model shows now: the newest codes, or those of a frame. */
  refresh() {
    const { layout, model } = this;
    if (!layout) return;
    const { frame } = model;
    const moved = frame && model.pointsOf(layout, frame);
    this.still = Boolean(frame) && !moved;
    this.points = moved || layout.points;
    this.strip.show();
    this.handlers.onPoints(); // which calls `show`
  }

  /** Step, error and how far the map is from the one it is aligned to. */
  tellFacts() {
    const { model, alignment } = this;
    const { frame, step } = model;
    const { meta, arrays } = model.space.ready();
    this.badge.show(model.inUse);
    const error = frame ? frame.meta.test.squared_error : mean(arrays.errors.data.subarray(0, meta.held_out));
    this.fact.step.textContent = step ? `step ${step.toLocaleString("en")} · ` : "";
    this.fact.error.textContent = format(error);
    this.fact.disparity.textContent = alignment ? alignment.disparity.toFixed(3) : "";
    this.fact.still.textContent = this.still ? " · the newest map: this projection keeps no others" : "";
    this.disparity.hidden = !alignment;
    this.facts.hidden = false;
    Object.assign(this.root.dataset, { step, error, count: (this.points?.length ?? 0) / 2, disparity: alignment?.disparity ?? "" });
  }

  /** Paint the map, laid onto another one or not. @param {Alignment | null} alignment */
  show(alignment) {
    if (Boolean(alignment) !== Boolean(this.alignment)) this.cloud.fit();
    this.alignment = alignment;
    if (!this.points) return;
    this.tellFacts();
    this.placed = alignment ? aligned(this.points, alignment) : this.points;
    this.paint(this.glide ?? false);
    this.mark();
  }

  /** @param {boolean} glide */
  paint(glide) {
    const { layout, placed } = this;
    if (!layout || !placed) return;
    const rows = layout.method === "axes" && layout.units.length === 1;
    const { colours, names } = this.looks(placed);
    this.cloud.show({
      points: placed, dimensions: 2, colours, names: rows ? [] : names, axisNames: this.alignment ? null : layout.axisNames,
      dimmed: this.dimmed(placed.length / 2), rows, equal: Boolean(this.alignment) || layout.method !== "axes",
    }, glide);
  }

  /** Colours of the first examples, and the names of classes where those are the colours. @param {Float32Array} points */
  looks(points) {
    const { meta, arrays, labels } = this.model.space.ready();
    const count = points.length / 2;
    const { colours } = colouring(this.colour, meta, arrays);
    const names = this.colour === "label" ? classNames(points, labels.subarray(0, count), meta.classes) : [];
    return { colours: colours.subarray(0, count), names };
  }

  /** @param {number} count */
  dimmed(count) {
    return outside(this.focus.set, count);
  }

  /** Ring the example on show. */
  mark() {
    const { index } = this.focus;
    const rings = ringAround(this.placed ?? [], index, this.cloud.theme);
    this.cloud.setMarks(rings);
    this.root.dataset.marked = rings.length ? String(index) : "";
    this.rebuilt.show();
  }

  /** @param {string} colour */
  colourBy(colour) {
    this.colour = colour;
    this.paint(false);
  }

  /** @param {import("../base/palette.js").Theme} theme */
  setTheme(theme) {
    this.cloud.setTheme(theme);
    this.mark();
  }
}

/** @param {ArrayLike<number>} values @returns {number} */
function mean(values) {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
