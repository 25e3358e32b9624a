/** A map of up to 100,000 points in the plane or in space: pan, zoom, turn, hover, click and select. */
import { element, sizedContext } from "../base/dom.js";
import { watchSize } from "../base/resizing.js";
import { Backdrop } from "./backdrop.js";
import { cssColour } from "./colour.js";
import { Controls } from "./controls.js";
import { Foreground } from "./foreground.js";
import { Painter } from "./painter.js";
import { Scene } from "./scene.js";
import { drawShapes } from "./shapes.js";
import { pngOf, svgOf } from "./snapshot.js";
import { Thumbnails } from "./thumbnails.js";
import { pixelMap, zoomed } from "./view.js";

/**
 * @typedef {import("./view.js").Box} Box
 * @typedef {import("./view.js").Size} Size
 * @typedef {import("./scene.js").Layout} Layout
 * @typedef {import("../base/palette.js").Theme} Theme
 *
 * @typedef {object} Handlers
 * @property {(at: {x: number, y: number, index: number, px: number, py: number}) => void} [onHover] x and y are data
 *   in a plane and NaN in space; the index is −1 where no point is near
 * @property {() => void} [onLeave]
 * @property {(index: number, at: {x: number, y: number}, event: PointerEvent | KeyboardEvent) => void} [onClick]
 * @property {(indices: Uint32Array, mode: "replace" | "add" | "subtract") => void} [onSelect]
 * @property {() => void} [onClear] Escape was pressed
 * @property {(box: Box) => void} [onView] the view has changed, by the user or by a new layout
 */

/**
 * @typedef {object} Habits
 * @property {number} [reach] pixels around the pointer in which a point counts as met; with Infinity the nearest one
 *   always does, and a ring shows the place of the pointer, as that point may be far from it
 * @property {import("./scene.js").Glide} [glide] how points come to their new places
 */

/** Pixels around what the pointer means. */
const RING = 7;
const PLACE = "position:absolute;inset:0;width:100%;height:100%";

export class PointCloud {
  /** @param {Handlers} [handlers] @param {Habits} [habits] */
  constructor(handlers = {}, { reach, glide } = {}) {
    this.handlers = handlers;
    this.scene = new Scene(glide);
    this.backdrop = new Backdrop();
    /** @type {Theme | null} */
    this.theme = null;
    /** @type {Box | null} the user's own view */
    this.chosen = null;
    /** @type {number | undefined} the frame of the screen that draws what has changed */
    this.request = undefined;
    /** @type {string | undefined} the view that was told last */
    this.told = undefined;
    /** @type {Thumbnails | null} */
    this.thumbnails = null;
    // From below: what lies beneath the points; the sheet with the points and what is written over them; the pointer.
    this.base = element("canvas", { style: PLACE });
    this.canvas = element("canvas", { class: "cloud-canvas", style: PLACE, tabindex: 0, role: "application", "data-testid": "cloud" });
    this.overlay = element("canvas", { style: `${PLACE};pointer-events:none` });
    this.root = element("div", { class: "cloud", style: "position:relative" }, this.base, this.canvas, this.overlay);
    this.painter = new Painter(this.canvas);
    this.foreground = new Foreground(this.scene, this.painter.context);
    this.changed = { base: false, sheet: false };
    this.ending = new AbortController();
    this.controls = new Controls(this, this.ending.signal, reach);
    this.controls.setTool("move");
    this.unwatch = watchSize(this.root, () => this.schedule());
  }

  /** Stop listening and drawing. */
  destroy() {
    this.ending.abort();
    this.unwatch();
    if (this.request !== undefined) cancelAnimationFrame(this.request);
    this.theme = null;
    this.root.remove();
  }

  /** @param {Theme} theme */
  setTheme(theme) {
    this.theme = theme;
    this.backdrop.setTheme(theme);
    this.schedule();
  }

  /**
   * Show points. If asked to, as many points as before glide to their new places. The user's own view of a plane
   * stays; where it means nothing for the new points, call `fit` first.
   * @param {Layout} layout
   * @param {boolean} [glide]
   */
  show(layout, glide = false) {
    const { dimensions } = this.scene.layout;
    this.scene.set(layout, glide && !matchMedia("(prefers-reduced-motion: reduce)").matches, performance.now());
    if (dimensions !== layout.dimensions) this.chosen = null;
    this.controls.describe();
    this.controls.renew();
    this.schedule();
  }

  /** Forget the user's own view. */
  fit() {
    this.scene.turnBack();
    this.chosen = null;
    this.schedule();
  }

  /** Set the view. @param {Box} box */
  look(box) {
    this.chosen = box;
    this.schedule();
  }

  /** What dragging does. @param {import("./controls.js").Tool} tool */
  setTool(tool) {
    this.controls.setTool(tool);
  }

  /** Lines over the points, in coordinates of the layout. @param {import("./annotations.js").Line[]} lines */
  setLines(lines) {
    this.foreground.lines = lines;
    this.schedule("sheet");
  }

  /** Marks over the points. @param {import("./annotations.js").Mark[]} marks */
  setMarks(marks) {
    this.foreground.marks = marks;
    this.schedule("sheet");
  }

  /**
   * Lines around shares of the points of a plane: of all of them, or of each colour.
   * @param {import("./foreground.js").Contours | null} contours
   */
  setContours(contours) {
    this.foreground.contours = contours;
    this.schedule("sheet");
  }

  /** Values over a plane, as colours beneath the points. @param {(import("./isolines.js").Field & import("./backdrop.js").FieldLook) | null} field */
  setField(field) {
    this.backdrop.setField(field);
    this.schedule("base");
  }

  /** Pictures of a decoder over a plane, beneath the points. @param {import("./backdrop.js").Decoding | null} decoding */
  setManifold(decoding) {
    this.backdrop.setManifold(decoding);
    this.schedule("base");
  }

  /**
   * Pictures in place of points where few are in view.
   * @param {{pictureOf: (index: number) => HTMLCanvasElement | null, onWanted?: (indices: number[]) => void} | null} source
   *   `pictureOf` gives null while there is no picture; call `refresh` when there is
   */
  setThumbnails(source) {
    this.thumbnails = source && new Thumbnails(source.pictureOf, source.onWanted);
    this.schedule("sheet");
  }

  /** Draw the pictures in place of points again. */
  refresh() {
    this.schedule("sheet");
  }

  /** What is on the screen, as a PNG. @returns {Promise<Blob>} */
  toBlob() {
    return pngOf(this);
  }

  /** What is on the screen, as an SVG document. @returns {string} */
  toSvg() {
    return svgOf(this);
  }

  /** @returns {Size} */
  get size() {
    return { width: this.canvas.clientWidth || 1, height: this.canvas.clientHeight || 1 };
  }

  /** The view when the user has not chosen one. @returns {Box} */
  get fitted() {
    return this.scene.fitted(this.size);
  }

  /** The view. @returns {Box} */
  get box() {
    return this.chosen ? this.scene.suited(this.chosen, this.size) : this.fitted;
  }

  // --- drawing -------------------------------------------------------------------------------------

  /** Draw with the next frame: everything, or a part; the overlay always. @param {"all" | "base" | "sheet" | "overlay"} [part] */
  schedule(part = "all") {
    if (part === "all" || part === "base") this.changed.base = true;
    if (part === "all" || part === "sheet") this.changed.sheet = true;
    this.request ??= requestAnimationFrame(() => {
      this.request = undefined;
      this.draw();
    });
  }

  draw() {
    const { size, theme, scene } = this;
    if (!theme || size.width < 2) return;
    const { base, sheet } = this.changed;
    this.changed = { base: false, sheet: false };
    if (base) this.drawBase(theme);
    if (sheet) this.drawSheet(theme);
    this.drawOverlay(theme);
    if (scene.from) this.schedule("sheet");
    this.tellView();
  }

  /** Tell a view that has changed. */
  tellView() {
    const { box } = this;
    const key = [...box.low, ...box.high].join(" ");
    if (key !== this.told) this.handlers.onView?.(box);
    this.told = key;
  }

  /** @param {Theme} theme */
  drawBase(theme) {
    const { size, box } = this;
    const context = sizedContext(this.base, size.width, size.height);
    if (!this.scene.ball && !this.backdrop.draw(context, box, size)) this.schedule("base");
    drawShapes(context, this.foreground.below({ box, size, theme }), theme.background);
  }

  /** @param {Theme} theme */
  drawSheet(theme) {
    const { scene, size, box, painter } = this;
    scene.place(box, size, performance.now());
    painter.paint(scene, box, size, devicePixelRatio || 1);
    if (this.thumbnails && scene.count) this.drawThumbnails(this.thumbnails, painter.context);
    drawShapes(painter.context, this.foreground.above({ box, size, theme }), theme.background);
  }

  /** @param {Thumbnails} thumbnails @param {CanvasRenderingContext2D} context */
  drawThumbnails(thumbnails, context) {
    const { scene, size, box } = this;
    const { layout, positions } = scene;
    if (!this.controls.turning) {
      // Half a view more on each side: pictures that come into view while one pans have been chosen before.
      const around = zoomed(box, size, 2, size.width / 2, size.height / 2);
      const visible = scene.neighbours.within(box).length;
      thumbnails.update(scene.neighbours.within(around), visible, positions, pixelMap(box, size).ax);
    }
    thumbnails.draw(context, positions, size, (i) => cssColour(layout.colours[i]), (i) => Boolean(layout.dimmed?.[i]));
  }

  /** A ring around the point that the pointer meets, one where the pointer is unless that is seen anyway, and an outline. @param {Theme} theme */
  drawOverlay(theme) {
    const { size, scene, controls } = this;
    const context = sizedContext(this.overlay, size.width, size.height);
    if (controls.outline) drawOutline(context, controls.corners, theme.accent);
    const { pointer } = controls;
    if (!pointer) return;
    const { px, py, index } = pointer;
    const ring = (/** @type {number} */ cx, /** @type {number} */ cy, /** @type {number} */ r) =>
      ({ cx, cy, rx: r, ry: r, angle: 0, colour: theme.text, filled: false });
    const ellipses = controls.reach === Infinity ? [ring(px, py, RING)] : controls.keyed ? [ring(px, py, 3)] : [];
    if (index >= 0 && index < scene.count) ellipses.push(ring(scene.positions[2 * index], scene.positions[2 * index + 1], RING));
    drawShapes(context, { strokes: [], ellipses, texts: [] }, theme.background);
  }
}

/** A selection that is being drawn. @param {CanvasRenderingContext2D} context @param {number[]} points @param {string} colour */
function drawOutline(context, points, colour) {
  context.beginPath();
  for (let i = 0; i < points.length; i += 2) context.lineTo(points[i], points[i + 1]);
  context.fillStyle = colour;
  context.globalAlpha = 0.12;
  context.fill();
  context.globalAlpha = 1;
  drawShapes(context, { strokes: [{ points, colour, width: 1.5, dash: [5, 4], closed: true }], ellipses: [], texts: [] }, colour);
}
