/** The small map of one card: codes of the held-out examples, which glide to where a new frame has them. */
import { positions } from "../map/placing.js";
import { ringShapes } from "../map/rings.js";
import { drawShapes } from "../map/shapes.js";
import { element } from "../base/dom.js";
import { watchSize } from "../base/resizing.js";
import { Painter } from "../map/painter.js";
import { Scene, steadyGlide } from "../map/scene.js";
import { priorBox, priorRings } from "../space/prior.js";
import { codesOf, inUseOf } from "./sweepframe.js";

/** Points of a small map are small. */
const LOOK = { radius: 1.9, opacity: 0.8 };
/** A glide lasts as long as the frames are apart, and at most this long, in milliseconds. */
const LONGEST_GLIDE = 600;
/** Between two pictures of a glide: enough for the eye, and 64 cards do not occupy the page. */
const GLIDE_EVERY = 33;

export class CardMap {
  constructor() {
    this.canvas = element("canvas", { class: "card-map", "aria-hidden": "true" });
    this.scene = new Scene();
    this.painter = new Painter(this.canvas, LOOK);
    /** @type {number[] | null} the units on show */
    this.shown = null;
    this.inView = true;
    /** @type {import("../map/view.js").Box | null} that all cards share; null for one of its own */
    this.box = null;
    /** @type {import("../base/palette.js").Theme | null} */
    this.theme = null;
    watchSize(this.canvas, () => this.schedule());
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
    this.shown = null;
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
    this.scene.glide = steadyGlide(Math.min(LONGEST_GLIDE, now - this.scene.started));
    const rows = codes.shape[1] === 1;
    // Only a code with a posterior has a prior.
    const variational = inUseOf(frame, cell) !== undefined;
    this.scene.set({
      points, dimensions: 2, colours: this.colours ?? new Uint32Array(0), rows, equal: variational,
      box: variational ? priorBox(points, rows) : null, rings: variational ? priorRings() : [],
    }, glide && this.inView && this.shown?.join() === units.join(), now);
    this.shown = units;
    this.schedule();
  }

  /** Which units it shows, counted from 1. */
  get unitsText() {
    return this.shown ? `unit ${this.shown.map((unit) => unit + 1).join(" · ")}` : "";
  }

  /** The view that shows all of it, if there is anything: see `sharedBox`. */
  get wanted() {
    const { layout, extent, count } = this.scene;
    return count ? { box: layout.box ?? extent, rows: Boolean(layout.rows) } : null;
  }

  /** @param {import("../map/view.js").Box | null} box that all cards share */
  share(box) {
    if (JSON.stringify(box) === JSON.stringify(this.box)) return;
    this.box = box;
    this.schedule();
  }

  /** @param {import("../base/palette.js").Theme} theme */
  setTheme(theme) {
    this.theme = theme;
    this.schedule();
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
    const { scene } = this;
    const size = { width: this.canvas.clientWidth, height: this.canvas.clientHeight };
    if (!scene.count || !size.width || !this.inView) return;
    const box = this.view(size);
    scene.place(box, size, performance.now());
    this.painter.paint(scene, box, size, devicePixelRatio || 1);
    this.drawRings(box, size);
    if (scene.from) setTimeout(() => this.schedule(), GLIDE_EVERY);
  }

  /** The shared view; a code of one unit has rows of its own along the vertical axis. @param {import("../map/view.js").Size} size */
  view(size) {
    const { scene, box } = this;
    if (!box) return scene.fitted(size);
    const { extent, layout } = scene;
    return scene.suited(layout.rows ? { low: [box.low[0], extent.low[1]], high: [box.high[0], extent.high[1]] } : box, size);
  }

  /** Beneath the points, which are there already; without names, as a card is small. @param {import("../map/view.js").Box} box @param {import("../map/view.js").Size} size */
  drawRings(box, size) {
    const { scene, theme, painter } = this;
    const { rings, rows } = scene.layout;
    if (!rings?.length || !theme) return;
    painter.context.globalCompositeOperation = "destination-over";
    const { strokes } = ringShapes(rings, Boolean(rows), size, scene.toPixels(box, size), theme);
    drawShapes(painter.context, { strokes, ellipses: [], texts: [] }, theme.background);
    painter.context.globalCompositeOperation = "source-over";
  }
}
