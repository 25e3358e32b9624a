/** The small map of one card: codes of the held-out examples, which glide to where a new frame has them. */
import { extent, positions } from "../map/placing.js";
import { element } from "../base/dom.js";
import { makeStamp, paintPoints } from "../map/sprites.js";
import { codesOf } from "./sweepframe.js";

/** @typedef {import("../wire/timeline.js").Box} Box */

/** Radius of a point, in CSS pixels. */
const RADIUS = 1.9;
const OPACITY = 0.8;
/** A glide lasts as long as the frames are apart, and at most this long, in milliseconds. */
const LONGEST_GLIDE = 600;
/** Between two pictures of a glide: enough for the eye, and 64 cards do not occupy the page. */
const GLIDE_EVERY = 33;

/**
 * Points on their way, in place.
 * @param {Float32Array} from
 * @param {Float32Array} to
 * @param {number} share of the way, in [0, 1]
 * @returns {Float32Array}
 */
export function between(from, to, share) {
  return to.map((value, i) => from[i] + share * (value - from[i]));
}

/** A view on its way. @param {Box} from @param {Box} to @param {number} share @returns {Box} */
export function betweenBoxes(from, to, share) {
  const towards = (/** @type {number} */ a, /** @type {number} */ b) => a + Math.min(1, share) * (b - a);
  return {
    low: [towards(from.low[0], to.low[0]), towards(from.low[1], to.low[1])],
    high: [towards(from.high[0], to.high[0]), towards(from.high[1], to.high[1])],
  };
}

export class CardMap {
  constructor() {
    this.canvas = element("canvas", { class: "card-map", "aria-hidden": "true" });
    /** @type {Float32Array | null} */
    this.points = null;
    /** @type {Box | null} */
    this.box = null;
    /** @type {{points: Float32Array, box: Box} | null} where the points stood when the last frame came */
    this.from = null;
    /** @type {number[] | null} the units on show */
    this.shown = null;
    this.started = 0;
    this.lasts = 0;
    this.inView = true;
    new ResizeObserver(() => this.schedule()).observe(this.canvas);
    // What is scrolled away need not be painted.
    new IntersectionObserver(([entry]) => {
      this.inView = entry.isIntersecting;
      this.schedule();
    }).observe(this.canvas);
  }

  /** @param {ArrayLike<number>} labels of the points @param {Uint32Array} colours a pixel for each */
  begin(labels, colours) {
    this.labels = labels;
    this.colours = colours;
    this.order = Uint32Array.from(colours, (_, i) => i);
    this.points = this.from = this.box = null;
  }

  /**
   * @param {import("../wire/wire.js").Message} frame
   * @param {number} cell
   * @param {boolean} glide whether this is the newest moment; another one is simply jumped to
   */
  show(frame, cell, glide) {
    const { codes, units, axes } = codesOf(frame, cell);
    const points = positions(codes, axes, this.labels ?? []);
    const now = performance.now();
    const glides = glide && this.shown?.join() === units.join() && this.points?.length === points.length;
    this.from = glides ? this.standing() : null;
    this.lasts = Math.min(LONGEST_GLIDE, now - this.started);
    this.started = now;
    this.shown = units;
    this.points = points;
    this.box = extent(points);
    this.schedule();
  }

  /** Where the points are drawn now, and the view. @returns {{points: Float32Array, box: Box}} */
  standing() {
    const arrived = { points: /** @type {Float32Array} */ (this.points), box: /** @type {Box} */ (this.box) };
    const share = (performance.now() - this.started) / this.lasts;
    if (!this.from || !(share < 1)) return arrived;
    return { points: between(this.from.points, arrived.points, share), box: betweenBoxes(this.from.box, arrived.box, share) };
  }

  /** Which units it shows, counted from 1. */
  get unitsText() {
    return this.shown ? `unit ${this.shown.map((unit) => unit + 1).join(" · ")}` : "";
  }

  schedule() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.draw();
    });
  }

  draw() {
    const { clientWidth, clientHeight } = this.canvas;
    if (!this.points || !this.box || !this.colours || !clientWidth || !this.inView) return;
    const ratio = devicePixelRatio || 1;
    const [width, height] = [Math.round(clientWidth * ratio), Math.round(clientHeight * ratio)];
    if (this.canvas.width !== width || this.canvas.height !== height) [this.canvas.width, this.canvas.height] = [width, height];
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    if (this.image?.width !== width || this.image.height !== height) {
      this.image = context.createImageData(width, height);
      this.stamp = makeStamp(RADIUS * ratio, OPACITY, width);
    }
    const pixels = new Uint32Array(this.image.data.buffer);
    pixels.fill(0);
    const { points, box: { low, high } } = this.standing();
    const [sx, sy] = [width / (high[0] - low[0]), height / (high[1] - low[1])];
    const places = points.map((value, i) => (i & 1 ? (high[1] - value) * sy : (value - low[0]) * sx));
    paintPoints({ pixels, width, height }, places, 1, this.colours, [/** @type {any} */ (this.stamp)], null, /** @type {any} */ (this.order));
    context.putImageData(this.image, 0, 0);
    if (points !== this.points) setTimeout(() => this.schedule(), GLIDE_EVERY);
    else this.from = null;
  }
}
