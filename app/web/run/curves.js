/** The losses over the steps: training and held-out, their terms, and marks where a knob was turned. */
import { element, sizedContext } from "../base/dom.js";
import { explained } from "../base/explained.js";
import { partsOf } from "../base/loss.js";
import { pressed } from "../base/pressing.js";
import { watchSize } from "../base/resizing.js";
import { axisFor, clipped, drawGrid, drawMoment, PAD, placesOf, shareUnder, stepAxis } from "./plot.js";
import { format } from "../base/scale.js";

/** @typedef {import("../wire/timeline.js").Timeline} Timeline */

const COLOURS = { train: "#e76300", test: "#3f90da" };

export class Curves {
  /** @param {object} handlers @param {(step: number) => void} handlers.onSeek @param {import("../base/explained.js").Terms} terms */
  constructor(handlers, terms) {
    this.handlers = handlers;
    this.terms = terms;
    /** The numbers of the legend. @type {Record<string, HTMLElement>} */
    this.numbers = {};
    /** What the legend was made for. */
    this.named = "";
    this.canvas = element("canvas", {
      class: "curves-canvas",
      role: "img",
      "data-testid": "curves",
      "aria-label": "Loss by step. Click to move the time machine there.",
      ...pressed((event) => this.seek(event)),
    });
    this.legend = element("div", { class: "legend" });
    this.root = element("div", { class: "curves" }, this.legend, element("div", { class: "plot" }, this.canvas));
    /** @type {Timeline | null} */
    this.timeline = null;
    this.last = 1;
    watchSize(this.root, () => this.draw());
  }

  /** @param {import("../base/palette.js").Theme} theme */
  setTheme(theme) {
    this.theme = theme;
    this.draw();
  }

  /** @param {Timeline} timeline */
  show(timeline) {
    this.timeline = timeline;
    this.draw();
    this.describe();
  }

  /** @param {PointerEvent} event */
  seek(event) {
    this.handlers.onSeek(shareUnder(event) * this.last);
  }

  /** The numbers of the frame on show, beside what they are. */
  describe() {
    const frame = this.timeline?.shown;
    if (!frame) return;
    const { train, test } = frame.meta;
    const parts = partsOf(test);
    this.name(parts.length > 1 ? parts : []);
    const values = { ...test, train: train ? total(train) : null, test: test.loss };
    for (const [name, number] of Object.entries(this.numbers)) number.textContent = values[name] === null ? "–" : format(values[name]);
  }

  /** The legend: it stays while a run goes on, as somebody may be reading what a word means. @param {string[]} parts of the loss */
  name(parts) {
    const labels = this.timeline?.scene?.meta.terms ?? {}; // a log of version 0.1.0 has none
    const unit = unitOf(this.timeline);
    const named = JSON.stringify([parts, labels, unit]);
    if (named === this.named) return;
    this.named = named;
    const made = (/** @type {string} */ name, /** @type {"b" | "span"} */ tag) => (this.numbers[name] = element(tag));
    const entry = (/** @type {"train" | "test"} */ key, /** @type {string} */ text) =>
      element("span", { class: "legend-entry", "data-series": key },
        element("i", { class: `swatch ${key}` }), explained(this.terms, key, text), " ", made(key, "b"));
    this.numbers = {};
    this.legend.replaceChildren(
      entry("train", "training"),
      entry("test", "held-out"),
      element("span", { class: "legend-parts" },
        ...parts.flatMap((name, k) => [k ? " + " : "= ", explained(this.terms, name, labels[name] ?? name), " ", made(name, "span")])),
      element("span", { class: "legend-unit" },
        explained(this.terms, unit === "nats" ? "nats" : "squared_error", unit), " / example · ",
        explained(this.terms, "squared_error", "error"), " ", made("squared_error", "span"), " / example"),
    );
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const frames = this.timeline?.frames ?? [];
    const shown = this.timeline?.shown;
    if (!this.theme || !width || !shown) return;
    const context = sizedContext(this.canvas, width, height);
    this.last = Math.max(1, frames[frames.length - 1].meta.step);
    const series = {
      train: frames.filter((f) => f.meta.train).map((f) => [f.meta.step, total(f.meta.train)]),
      test: frames.map((f) => [f.meta.step, f.meta.test.loss]),
    };
    const [x, y] = [stepAxis(this.last), axisFor([...series.train, ...series.test].map(([, value]) => value))];
    const { toX, toY } = placesOf(width, height, x, y);
    drawGrid(context, this.theme, width, height, x, y, "step");
    this.drawMarks(context, height, toX);
    context.lineWidth = 1.6;
    context.lineJoin = "round";
    clipped(context, width, height, () => {
      for (const name of /** @type {const} */ (["train", "test"])) {
        context.strokeStyle = COLOURS[name];
        context.beginPath();
        series[name].forEach(([step, value], i) => (i ? context.lineTo(toX(step), toY(value)) : context.moveTo(toX(step), toY(value))));
        context.stroke();
      }
    });
    drawMoment(context, height, toX(shown.meta.step), this.theme.text);
  }

  /** @param {CanvasRenderingContext2D} context @param {number} height @param {(s: number) => number} toX */
  drawMarks(context, height, toX) {
    const theme = /** @type {import("../base/palette.js").Theme} */ (this.theme);
    const timeline = /** @type {Timeline} */ (this.timeline);
    const symbols = Object.fromEntries(timeline.scene?.meta.knobs.map((/** @type {any} */ k) => [k.name, k.symbol]) ?? []);
    const changes = timeline.knobChanges();
    this.canvas.dataset.marks = String(changes.length);
    context.strokeStyle = theme.accent;
    context.fillStyle = theme.accent;
    context.font = "11px sans-serif";
    context.textBaseline = "top";
    context.textAlign = "left";
    context.lineWidth = 1;
    context.setLineDash([3, 3]);
    let free = -Infinity;
    changes.forEach((change, i) => {
      const x = toX(change.step);
      context.beginPath();
      context.moveTo(x, PAD.top);
      context.lineTo(x, height - PAD.bottom);
      context.stroke();
      const isLastOfDrag = changes[i + 1]?.name !== change.name || toX(changes[i + 1].step) - x > 60;
      const text = `${symbols[change.name]} ${format(change.to)}`;
      if (isLastOfDrag && x > free) {
        context.fillText(text, x + 3, PAD.top);
        free = x + context.measureText(text).width + 8;
      }
    });
    context.setLineDash([]);
  }
}

/** @param {Timeline | null} timeline @returns {string} */
function unitOf(timeline) {
  return timeline?.scene?.meta.experiment.objective.likelihood === "squared_error" ? "squared error" : "nats";
}

/** @param {Record<string, number>} terms */
function total(terms) {
  return Object.values(terms).reduce((a, b) => a + b, 0);
}
