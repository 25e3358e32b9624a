/** What mouse, fingers and keys do to a cloud: pan, zoom, turn, hover, click, select. */
import { arrow } from "../base/keys.js";
import { listenGestures } from "./gestures.js";
import { boxPolygon, enclosed, selectionMode } from "./lasso.js";
import { boundedFactor, panned, pinched, pixelMap, toData, zoomed } from "./view.js";

/** @typedef {"move" | "box" | "lasso"} Tool */

/** Pixels around the pointer in which a point counts as met. */
const REACH = 40;
/** Pixels of one press of an arrow key, and the factor of one press of plus. */
const KEY_STEP = 12;
const KEY_ZOOM = 1.18;
/** Milliseconds without turning, after which points in space can be met by the pointer again. */
const REST = 120;

const KEYS_PLANE = "Map of points. Arrow keys move the pointer, Shift with arrow keys moves the view, plus and minus zoom, 0 fits the view.";
const KEYS_SPACE = "Points in space. Arrow keys turn them, Shift with arrow keys moves the view, plus and minus zoom, 0 fits the view.";
const KEYS_BOX = "Arrow keys move the pointer, Enter sets a corner of the selection and Enter again the opposite one.";
const KEYS_CLICK = "Enter chooses the point at the pointer.";
const KEYS_CLEAR = "Escape clears the selection.";

export class Controls {
  /**
   * @param {import("./cloud.js").PointCloud} cloud
   * @param {AbortSignal} signal ends listening
   * @param {number} [reach]
   */
  constructor(cloud, signal, reach = REACH) {
    this.cloud = cloud;
    this.reach = reach;
    /** @type {Tool} */
    this.tool = "move";
    /** @type {{px: number, py: number, x: number, y: number, index: number} | null} */
    this.pointer = null;
    /** Whether keys have put the pointer where it is. */
    this.keyed = false;
    this.turning = false;
    /** @type {number[] | null} a selection that is being drawn, in pixels: two corners of a box, or a lasso */
    this.outline = null;
    signal.addEventListener("abort", () => clearTimeout(this.resting));
    listenGestures(cloud.canvas, {
      point: (px, py) => this.point(px, py, false),
      leave: () => this.leave(),
      drag: (from, to, event) => this.drag(from, to, event),
      drop: (event) => this.select(event),
      abandon: () => this.abandon(),
      click: (event) => this.click(event),
      pinch: (before, now) => this.pinch(before, now),
      zoom: (factor, px, py) => this.zoom(factor, px, py),
      fit: () => this.tool === "move" && this.fit(),
      key: (event) => this.key(event),
    }, signal);
  }

  /** @param {Tool} tool */
  setTool(tool) {
    this.tool = tool;
    this.describe();
    this.abandon();
  }

  /** Tell the keys, and show what dragging does. */
  describe() {
    const { canvas, scene, handlers } = this.cloud;
    canvas.style.cursor = this.tool === "move" ? "" : "crosshair";
    // A finger scrolls the page over a map that is still empty.
    canvas.style.touchAction = scene.count ? "none" : "";
    const keys = [scene.ball ? KEYS_SPACE : KEYS_PLANE];
    if (this.tool === "box") keys.push(KEYS_BOX);
    else if (handlers.onClick) keys.push(KEYS_CLICK);
    if (handlers.onClear) keys.push(KEYS_CLEAR);
    canvas.setAttribute("aria-label", keys.join(" "));
  }

  /** The outline in full, in pixels. @returns {number[]} */
  get corners() {
    /** @type {number[]} */
    const outline = this.outline ?? [];
    return this.tool === "box" && outline.length === 4 ? boxPolygon(outline[0], outline[1], outline[2], outline[3]) : outline;
  }

  /** The pointer stands at a pixel. @param {number} px @param {number} py @param {boolean} keyed */
  point(px, py, keyed) {
    this.pointer = this.met(px, py);
    this.keyed = keyed;
    if (keyed && this.tool === "box" && this.outline) this.outline = [this.outline[0], this.outline[1], px, py];
    this.cloud.handlers.onHover?.({ ...this.place(), index: this.pointer.index, px, py });
    this.cloud.schedule("overlay");
  }

  /** What lies under a pixel. @param {number} px @param {number} py */
  met(px, py) {
    const { box, size } = this.cloud;
    const [x, y] = toData(box, size, px, py);
    return { px, py, x, y, index: this.turning ? -1 : this.nearest(x, y) };
  }

  /** The point that counts as met at a place; −1 for none. @param {number} x @param {number} y @returns {number} */
  nearest(x, y) {
    const { scene, box, size } = this.cloud;
    const { ax, ay } = pixelMap(box, size);
    return scene.neighbours.nearest(x, y, ax, -ay, this.reach);
  }

  /** Other places have come under the pointer, since the user has changed the view. */
  again() {
    if (this.pointer) this.point(this.pointer.px, this.pointer.py, this.keyed);
  }

  /** Other points have come under the pointer; that is not told, as it was not moved. */
  renew() {
    if (this.pointer) this.pointer = this.met(this.pointer.px, this.pointer.py);
  }

  /** Where the pointer is in data; not known in space. @returns {{x: number, y: number}} */
  place() {
    const { x, y } = /** @type {{x: number, y: number}} */ (this.pointer);
    return this.cloud.scene.ball ? { x: NaN, y: NaN } : { x, y };
  }

  leave() {
    this.pointer = null;
    this.cloud.handlers.onLeave?.();
    this.cloud.schedule("overlay");
  }

  /** @param {PointerEvent | KeyboardEvent} event */
  click(event) {
    if (this.pointer) this.cloud.handlers.onClick?.(this.pointer.index, this.place(), event);
  }

  /** @param {[number, number]} from @param {[number, number]} to @param {PointerEvent} event */
  drag(from, to, event) {
    const { cloud, tool } = this;
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    if (tool === "box") this.outline = [...(this.outline?.slice(0, 2) ?? from), ...to];
    else if (tool === "lasso") this.outline = [...(this.outline ?? from), ...to];
    else if (cloud.scene.ball && !event.shiftKey) this.turn(dx, dy);
    // One finger moves the pointer over a plane, as its place is what a decoder is asked for; two fingers pan.
    else if (cloud.scene.ball || event.pointerType !== "touch") cloud.look(panned(cloud.box, cloud.size, dx, dy));
  }

  /** The drawn outline selects. @param {PointerEvent | KeyboardEvent} event */
  select(event) {
    const { corners } = this;
    this.abandon();
    if (corners.length < 6) return;
    this.cloud.handlers.onSelect?.(enclosed(this.cloud.scene.positions, corners), selectionMode(event));
  }

  abandon() {
    this.outline = null;
    this.cloud.schedule("overlay");
  }

  /** @param {number} dx @param {number} dy */
  turn(dx, dy) {
    this.cloud.scene.turn(dx, dy);
    this.turning = true;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      this.turning = false;
      this.again();
    }, REST);
    this.cloud.schedule();
  }

  /** @param {number} factor @param {number} px @param {number} py */
  zoom(factor, px, py) {
    const { cloud } = this;
    cloud.look(zoomed(cloud.box, cloud.size, boundedFactor(cloud.box, cloud.fitted, factor), px, py));
    this.again();
  }

  fit() {
    this.cloud.fit();
    this.again();
  }

  /** @param {[number, number][]} before @param {[number, number][]} now */
  pinch(before, now) {
    const { cloud } = this;
    const box = pinched(cloud.box, cloud.size, before, now);
    if (boundedFactor(box, cloud.fitted, 1) === 1) cloud.look(box);
    this.again();
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether the key was of use */
  key(event) {
    const { cloud } = this;
    const { width, height } = cloud.size;
    const way = arrow(event);
    if (way) this.arrow(way[0] * KEY_STEP, way[1] * KEY_STEP, event.shiftKey);
    else if (event.key === "+" || event.key === "=") this.zoom(1 / KEY_ZOOM, width / 2, height / 2);
    else if (event.key === "-") this.zoom(KEY_ZOOM, width / 2, height / 2);
    else if (event.key === "0") this.fit();
    else if (event.key === "Enter") this.enter(event);
    else if (event.key === "Escape") {
      this.abandon();
      cloud.handlers.onClear?.();
    } else return false;
    return true;
  }

  /** @param {number} dx @param {number} dy @param {boolean} shift */
  arrow(dx, dy, shift) {
    const { cloud } = this;
    const { width, height } = cloud.size;
    const pan = () => cloud.look(panned(cloud.box, cloud.size, -dx, -dy));
    if (shift) {
      pan();
      return this.again();
    }
    if (cloud.scene.ball && this.tool === "move") return this.turn(dx, dy);
    const at = this.pointer ?? { px: width / 2 - dx, py: height / 2 - dy };
    const [px, py] = [Math.max(0, Math.min(width, at.px + dx)), Math.max(0, Math.min(height, at.py + dy))];
    // At the border the view gives way.
    if (px !== at.px + dx || py !== at.py + dy) pan();
    this.point(px, py, true);
  }

  /** Enter chooses a point, or sets the corners of a box. @param {KeyboardEvent} event */
  enter(event) {
    if (!this.pointer) return;
    const { px, py } = this.pointer;
    if (this.tool !== "box") this.click(event);
    else if (this.outline) this.select(event);
    else this.outline = [px, py, px, py];
    this.cloud.schedule("overlay");
  }
}
