/** The latent map: codes of the probes as coloured points; zoom, pan, and a pointer that asks to be decoded. */
import { nearest } from "../map/placing.js";
import { element, sizedContext } from "../base/dom.js";
import { format, ticks } from "../base/scale.js";

/** @typedef {import("../wire/timeline.js").Box} Box */

/** Milliseconds in which points glide to their places in a new frame. */
const GLIDE = 90;
const RADIUS = 3.2;
/** Each notch of a wheel zooms by this factor. */
const ZOOM = 1.18;
/** Part of the view's width that one press of an arrow key moves the pointer. */
const KEY_STEP = 0.02;

/**
 * @typedef {object} Picture what the map shows
 * @property {Float32Array} points x and y in turn
 * @property {Box} box the view while the user has not chosen one
 * @property {string[]} colours
 * @property {{x: number, y: number, text: string}[]} names of the classes, at their centres
 * @property {[string, string]} axes
 * @property {boolean} rows whether the vertical axis is a row for each class and not a number
 */

export class LatentMap {
  /**
   * @param {object} handlers
   * @param {(x: number, y: number, index: number) => void} handlers.onHover
   * @param {() => void} handlers.onEnter
   * @param {() => void} handlers.onLeave
   */
  constructor(handlers) {
    this.handlers = handlers;
    /** @type {Picture | null} */
    this.picture = null;
    /** @type {Box | null} the user's own view */
    this.chosen = null;
    /** @type {{x: number, y: number, index: number} | null} */
    this.pointer = null;
    this.canvas = element("canvas", {
      class: "map-canvas",
      tabindex: 0,
      role: "img",
      "data-testid": "map",
      "aria-label": "Latent map. Arrow keys move the decoded point, plus and minus zoom, 0 fits the view.",
    });
    this.root = element("div", { class: "map" }, this.canvas);
    /** @type {Float32Array | null} where points stand while they glide */
    this.from = null;
    this.started = 0;
    this.listen();
    new ResizeObserver(() => this.schedule()).observe(this.root);
  }

  /** @param {import("../base/palette.js").Theme} theme */
  setTheme(theme) {
    this.theme = theme;
    this.schedule();
  }

  /** Show a frame. @param {Picture} picture @param {boolean} glide whether points move there smoothly */
  show(picture, glide) {
    const same = this.picture && this.picture.points.length === picture.points.length;
    this.from = glide && same ? this.standing() : null;
    this.started = performance.now();
    this.picture = picture;
    this.schedule();
  }

  /** Forget the user's own view. */
  fit() {
    this.chosen = null;
    this.schedule();
  }

  /** The view. @returns {Box} */
  get box() {
    return this.chosen ?? this.picture?.box ?? { low: [-1, -1], high: [1, 1] };
  }

  /** Where the points are drawn now, on their way or arrived. @returns {Float32Array} */
  standing() {
    const target = /** @type {Picture} */ (this.picture).points;
    const share = Math.min(1, (performance.now() - this.started) / GLIDE);
    const from = this.from;
    if (!from || share >= 1) return target;
    return target.map((value, i) => from[i] + share * (value - from[i]));
  }

  schedule() {
    this.request ??= requestAnimationFrame(() => {
      this.request = undefined;
      this.draw();
    });
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!this.picture || !this.theme || !width) return;
    const context = sizedContext(this.canvas, width, height);
    const { low, high } = this.box;
    const toX = (/** @type {number} */ x) => ((x - low[0]) / (high[0] - low[0])) * width;
    const toY = (/** @type {number} */ y) => height - ((y - low[1]) / (high[1] - low[1])) * height;
    this.drawAxes(context, width, height, toX, toY);
    const points = this.standing();
    context.globalAlpha = 0.85;
    for (const [colour, members] of groups(this.picture.colours)) {
      context.beginPath();
      for (const i of members) {
        const x = toX(points[2 * i]);
        const y = toY(points[2 * i + 1]);
        context.moveTo(x + RADIUS, y);
        context.arc(x, y, RADIUS, 0, 7);
      }
      context.fillStyle = colour;
      context.fill();
    }
    context.globalAlpha = 1;
    context.font = "600 14px sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineWidth = 3.5;
    context.lineJoin = "round";
    this.drawNames(context, toX, toY);
    if (this.pointer) this.drawPointer(context, toX(this.pointer.x), toY(this.pointer.y), points, toX, toY);
    if (points !== this.picture.points) this.schedule();
  }

  /** Names of classes, each unless it would cover one before it. @param {CanvasRenderingContext2D} context @param {(x: number) => number} toX @param {(y: number) => number} toY */
  drawNames(context, toX, toY) {
    const theme = /** @type {import("../base/palette.js").Theme} */ (this.theme);
    /** @type {{x: number, y: number, half: number}[]} */
    const drawn = [];
    for (const name of /** @type {Picture} */ (this.picture).names) {
      const [x, y, half] = [toX(name.x), toY(name.y), context.measureText(name.text).width / 2];
      if (drawn.some((other) => Math.abs(other.x - x) < other.half + half && Math.abs(other.y - y) < 12)) continue;
      drawn.push({ x, y, half });
      context.strokeStyle = theme.background;
      context.strokeText(name.text, x, y);
      context.fillStyle = theme.text;
      context.fillText(name.text, x, y);
    }
  }

  /** @param {CanvasRenderingContext2D} context @param {number} width @param {number} height @param {(x: number) => number} toX @param {(y: number) => number} toY */
  drawAxes(context, width, height, toX, toY) {
    const theme = /** @type {import("../base/palette.js").Theme} */ (this.theme);
    const { low, high } = this.box;
    context.font = "11px sans-serif";
    context.fillStyle = theme.faint;
    context.strokeStyle = theme.line;
    context.lineWidth = 1;
    context.beginPath();
    context.textAlign = "center";
    context.textBaseline = "bottom";
    for (const x of ticks(low[0], high[0], 6)) {
      context.moveTo(toX(x), 0);
      context.lineTo(toX(x), height);
      if (toX(x) > 40 && toX(x) < width - 60) context.fillText(format(x), toX(x), height - 3);
    }
    context.textAlign = "left";
    context.textBaseline = "middle";
    const { axes: [right, up], rows } = /** @type {Picture} */ (this.picture);
    for (const y of rows ? [] : ticks(low[1], high[1], 6)) {
      context.moveTo(0, toY(y));
      context.lineTo(width, toY(y));
      if (toY(y) > 24 && toY(y) < height - 24) context.fillText(format(y), 4, toY(y));
    }
    context.stroke();
    context.textAlign = "right";
    context.textBaseline = "bottom";
    context.fillText(right, width - 6, height - 3);
    context.textAlign = "left";
    context.textBaseline = "top";
    context.fillText(up, 4, 4);
  }

  /** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {Float32Array} points @param {(x: number) => number} toX @param {(y: number) => number} toY */
  drawPointer(context, x, y, points, toX, toY) {
    const theme = /** @type {import("../base/palette.js").Theme} */ (this.theme);
    const { index } = /** @type {{index: number}} */ (this.pointer);
    context.strokeStyle = theme.text;
    context.lineWidth = 1.5;
    context.beginPath();
    context.arc(x, y, 7, 0, 7);
    if (index >= 0) {
      context.moveTo(toX(points[2 * index]) + 6, toY(points[2 * index + 1]));
      context.arc(toX(points[2 * index]), toY(points[2 * index + 1]), 6, 0, 7);
    }
    context.stroke();
  }

  // --- pointer, wheel, keys, touch ---------------------------------------------------------------

  listen() {
    /** @type {Map<number, {x: number, y: number}>} */
    const held = new Map();
    const { canvas } = this;
    canvas.addEventListener("pointerenter", () => this.handlers.onEnter());
    canvas.addEventListener("pointerleave", (event) => {
      held.delete(event.pointerId);
      this.pointer = null;
      this.handlers.onLeave();
      this.schedule();
    });
    canvas.addEventListener("pointerdown", (event) => {
      held.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
      canvas.setPointerCapture(event.pointerId);
      this.point(event.offsetX, event.offsetY);
    });
    canvas.addEventListener("pointerup", (event) => held.delete(event.pointerId));
    canvas.addEventListener("pointercancel", (event) => held.delete(event.pointerId));
    canvas.addEventListener("pointermove", (event) => {
      const before = held.get(event.pointerId);
      const now = { x: event.offsetX, y: event.offsetY };
      const others = [...held].filter(([id]) => id !== event.pointerId);
      if (before && others.length === 1) this.pinch(before, now, others[0][1]);
      else if (before && event.pointerType === "mouse") this.pan(now.x - before.x, now.y - before.y);
      if (before) held.set(event.pointerId, now);
      this.point(now.x, now.y);
    });
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 1 / ZOOM : ZOOM, event.offsetX, event.offsetY);
    }, { passive: false });
    canvas.addEventListener("dblclick", () => this.fit());
    canvas.addEventListener("keydown", (event) => this.key(event));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (move) {
      const { low, high } = this.box;
      const at = this.pointer ?? { x: (low[0] + high[0]) / 2, y: (low[1] + high[1]) / 2 };
      const x = ((at.x - low[0]) / (high[0] - low[0])) * width + move[0] * KEY_STEP * width;
      const y = height - ((at.y - low[1]) / (high[1] - low[1])) * height + move[1] * KEY_STEP * height;
      if (!this.pointer) this.handlers.onEnter();
      this.point(x, y);
    } else if (event.key === "+" || event.key === "=") this.zoom(1 / ZOOM, width / 2, height / 2);
    else if (event.key === "-") this.zoom(ZOOM, width / 2, height / 2);
    else if (event.key === "0") this.fit();
    else return;
    event.preventDefault();
  }

  /** The pointer stands at a pixel. @param {number} px @param {number} py */
  point(px, py) {
    if (!this.picture) return;
    const { low, high } = this.box;
    const x = low[0] + (px / this.canvas.clientWidth) * (high[0] - low[0]);
    const y = high[1] - (py / this.canvas.clientHeight) * (high[1] - low[1]);
    const index = nearest(this.picture.points, x, y, this.box);
    this.pointer = { x, y, index };
    this.handlers.onHover(x, y, index);
    this.schedule();
  }

  /** @param {number} dx pixels @param {number} dy pixels */
  pan(dx, dy) {
    const { low, high } = this.box;
    const mx = (-dx / this.canvas.clientWidth) * (high[0] - low[0]);
    const my = (dy / this.canvas.clientHeight) * (high[1] - low[1]);
    this.chosen = { low: [low[0] + mx, low[1] + my], high: [high[0] + mx, high[1] + my] };
    this.schedule();
  }

  /** Zoom about a pixel. @param {number} factor @param {number} px @param {number} py */
  zoom(factor, px, py) {
    const { low, high } = this.box;
    const cx = low[0] + (px / this.canvas.clientWidth) * (high[0] - low[0]);
    const cy = high[1] - (py / this.canvas.clientHeight) * (high[1] - low[1]);
    this.chosen = {
      low: [cx + factor * (low[0] - cx), cy + factor * (low[1] - cy)],
      high: [cx + factor * (high[0] - cx), cy + factor * (high[1] - cy)],
    };
    this.schedule();
  }

  /** Two fingers: zoom by the change of their distance. @param {{x: number, y: number}} before @param {{x: number, y: number}} now @param {{x: number, y: number}} other */
  pinch(before, now, other) {
    const distance = (/** @type {{x: number, y: number}} */ p) => Math.max(1, Math.hypot(p.x - other.x, p.y - other.y));
    this.zoom(distance(before) / distance(now), (now.x + other.x) / 2, (now.y + other.y) / 2);
  }
}

/** Indices by colour, so that each colour is one path. @param {string[]} colours @returns {Map<string, number[]>} */
function groups(colours) {
  /** @type {Map<string, number[]>} */
  const found = new Map();
  colours.forEach((colour, i) => {
    const members = found.get(colour);
    if (members) members.push(i);
    else found.set(colour, [i]);
  });
  return found;
}

/**
 * Names of classes at the medians of their points.
 * @param {Float32Array} points
 * @param {ArrayLike<number>} labels
 * @param {string[]} classes
 */
export function classNames(points, labels, classes) {
  const median = (/** @type {number[]} */ values) => values.sort((a, b) => a - b)[values.length >> 1];
  return classes.flatMap((text, k) => {
    const members = Array.from(labels, (label, i) => (label === k ? i : -1)).filter((i) => i >= 0);
    if (!members.length) return [];
    return [{ text, x: median(members.map((i) => points[2 * i])), y: median(members.map((i) => points[2 * i + 1])) }];
  });
}
