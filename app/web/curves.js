/** The losses over the steps: training and held-out, their terms, and marks where a knob was turned. */
import { element, sizedContext } from "./dom.js";
import { format, ticks } from "./scale.js";

/** @typedef {import("./timeline.js").Timeline} Timeline */

/** Space around the plot, in pixels: left, right, top, bottom. */
const PAD = { left: 44, right: 10, top: 8, bottom: 20 };
/** What `aelib.evaluate` adds to the terms of the loss. */
const SUMMARIES = new Set(["loss", "squared_error", "rmse"]);
const COLOURS = { train: "#e76300", test: "#3f90da" };

export class Curves {
  /** @param {object} handlers @param {(step: number) => void} handlers.onSeek */
  constructor(handlers) {
    this.handlers = handlers;
    this.canvas = element("canvas", {
      class: "curves-canvas",
      role: "img",
      "data-testid": "curves",
      "aria-label": "Loss by step. Click to move the time machine there.",
      onpointerdown: (/** @type {PointerEvent} */ event) => this.seek(event),
      onpointermove: (/** @type {PointerEvent} */ event) => event.buttons && this.seek(event),
    });
    this.legend = element("div", { class: "legend" });
    this.root = element("div", { class: "curves" }, this.legend, element("div", { class: "plot" }, this.canvas));
    /** @type {Timeline | null} */
    this.timeline = null;
    this.range = [0, 1];
    new ResizeObserver(() => this.draw()).observe(this.root);
  }

  /** @param {import("./palette.js").Theme} theme */
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
    const share = (event.offsetX - PAD.left) / (this.canvas.clientWidth - PAD.left - PAD.right);
    this.handlers.onSeek(this.range[0] + Math.max(0, Math.min(1, share)) * (this.range[1] - this.range[0]));
  }

  /** The legend with the numbers of the frame on show. */
  describe() {
    const frame = this.timeline?.shown;
    if (!frame) return;
    const entry = (/** @type {string} */ key, /** @type {string} */ name, /** @type {number | null} */ value) =>
      element("span", { class: "legend-entry", "data-series": key },
        element("i", { class: `swatch ${key}` }),
        element("span", { text: `${name} ` }),
        element("b", { text: value === null ? "–" : format(value) }));
    const { train, test } = frame.meta;
    const terms = Object.keys(test).filter((name) => !SUMMARIES.has(name));
    const parts = terms.length > 1 ? terms.map((name) => `${TERMS[name] ?? name} ${format(test[name])}`).join(" + ") : "";
    this.legend.replaceChildren(
      entry("train", "training", train ? total(train) : null),
      entry("test", "held-out", test.loss),
      element("span", { class: "legend-parts", text: parts ? `= ${parts}` : "" }),
      element("span", { class: "legend-unit", text: `${unit(this.timeline)} · error ${format(test.squared_error)} / example` }),
    );
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const frames = this.timeline?.frames ?? [];
    if (!this.theme || !width || !frames.length) return;
    const context = sizedContext(this.canvas, width, height);
    const last = Math.max(1, frames[frames.length - 1].meta.step);
    this.range = [0, last];
    const series = {
      train: frames.filter((f) => f.meta.train).map((f) => [f.meta.step, total(f.meta.train)]),
      test: frames.map((f) => [f.meta.step, f.meta.test.loss]),
    };
    const axis = axisFor([...series.train, ...series.test].map(([, y]) => y));
    const toX = (/** @type {number} */ step) => PAD.left + (step / last) * (width - PAD.left - PAD.right);
    const toY = (/** @type {number} */ y) => PAD.top + (1 - axis.share(y)) * (height - PAD.top - PAD.bottom);
    this.drawGrid(context, width, height, toX, toY, last, axis.ticks);
    this.drawMarks(context, height, toX);
    context.lineWidth = 1.6;
    context.lineJoin = "round";
    context.save();
    context.beginPath();
    context.rect(PAD.left, PAD.top, width - PAD.left - PAD.right, height - PAD.top - PAD.bottom);
    context.clip();
    for (const name of /** @type {const} */ (["train", "test"])) {
      context.strokeStyle = COLOURS[name];
      context.beginPath();
      series[name].forEach(([step, y], i) => (i ? context.lineTo(toX(step), toY(y)) : context.moveTo(toX(step), toY(y))));
      context.stroke();
    }
    context.restore();
    const at = toX(/** @type {any} */ (this.timeline?.shown).meta.step);
    context.strokeStyle = this.theme.text;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(at, PAD.top);
    context.lineTo(at, height - PAD.bottom);
    context.stroke();
  }

  /** @param {CanvasRenderingContext2D} context @param {number} width @param {number} height @param {(s: number) => number} toX @param {(y: number) => number} toY @param {number} last @param {number[]} marks */
  drawGrid(context, width, height, toX, toY, last, marks) {
    const theme = /** @type {import("./palette.js").Theme} */ (this.theme);
    context.font = "11px sans-serif";
    context.fillStyle = theme.faint;
    context.strokeStyle = theme.line;
    context.lineWidth = 1;
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.beginPath();
    for (const y of marks) {
      context.moveTo(PAD.left, toY(y));
      context.lineTo(width - PAD.right, toY(y));
      context.fillText(format(y), PAD.left - 5, toY(y));
    }
    context.stroke();
    context.textBaseline = "bottom";
    context.textAlign = "center";
    for (const step of ticks(0, last, 4)) {
      if (toX(step) < width - PAD.right - 52) context.fillText(format(step), toX(step), height - 2);
    }
    context.textAlign = "right";
    context.fillText("step", width - PAD.right, height - 2);
  }

  /** @param {CanvasRenderingContext2D} context @param {number} height @param {(s: number) => number} toX */
  drawMarks(context, height, toX) {
    const theme = /** @type {import("./palette.js").Theme} */ (this.theme);
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

/** @type {Record<string, string>} */
const TERMS = { reconstruction: "reconstruction", sparsity: "λ·sparsity", contraction: "λ·‖J‖²", kl: "β·KL" };

/** @param {Timeline | null} timeline @returns {string} */
function unit(timeline) {
  const squared = timeline?.scene?.meta.experiment.objective.likelihood === "squared_error";
  return squared ? "squared error / example" : "nats / example";
}

/** @param {Record<string, number>} terms */
function total(terms) {
  return Object.values(terms).reduce((a, b) => a + b, 0);
}

/**
 * The axis for some values, with a little air: logarithmic, or linear where a value has no logarithm, as with
 * densities, whose negative logarithm may be negative.
 * @param {number[]} values
 * @returns {{share: (y: number) => number, ticks: number[]}} share of the height; round values to mark
 */
export function axisFor(values) {
  const logarithmic = values.length > 0 && values.every((v) => v > 0);
  const place = logarithmic ? Math.log : (/** @type {number} */ v) => v;
  const places = values.map(place);
  const [least, most] = values.length ? [Math.min(...places), Math.max(...places)] : [0, 1];
  const air = Math.max(0.02, 0.06 * (most - least));
  const [low, high] = [least - air, most + air];
  return {
    share: (y) => (place(y) - low) / (high - low),
    ticks: logarithmic ? logTicks(Math.exp(low), Math.exp(high)) : ticks(low, high, 4),
  };
}

/** Round values for a logarithmic axis. @param {number} low @param {number} high @returns {number[]} */
function logTicks(low, high) {
  if (high / low < 8) return ticks(low, high, 4).filter((v) => v > 0);
  const found = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    for (const m of high / low > 300 ? [1] : [1, 3]) {
      const value = m * 10 ** power;
      if (value >= low && value <= high) found.push(value);
    }
  }
  return found;
}
