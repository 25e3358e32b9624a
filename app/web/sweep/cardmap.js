/** The small map of one card: codes of the held-out examples, which glide to where a new frame has them. */
import { positions } from "../map/placing.js";
import { element } from "../base/dom.js";
import { watchSize } from "../base/resizing.js";
import { Painter } from "../map/painter.js";
import { Scene, steadyGlide } from "../map/scene.js";
import { codesOf } from "./sweepframe.js";

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
    this.scene.set({ points, dimensions: 2, colours: this.colours ?? new Uint32Array(0) }, glide && this.inView && this.shown?.join() === units.join(), now);
    this.shown = units;
    this.schedule();
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
    const { scene } = this;
    const size = { width: this.canvas.clientWidth, height: this.canvas.clientHeight };
    if (!scene.count || !size.width || !this.inView) return;
    const box = scene.fitted(size);
    scene.place(box, size, performance.now());
    this.painter.paint(scene, box, size, devicePixelRatio || 1);
    if (scene.from) setTimeout(() => this.schedule(), GLIDE_EVERY);
  }
}
