/** A canvas to draw an example on, with mouse, pen, fingers or keys. */
import { element } from "../../base/dom.js";
import { arrow, isPlain } from "../../base/keys.js";
import { isHeld, isPress } from "../../base/pressing.js";
import { Sheet } from "./sheet.js";

/** @typedef {import("./sheet.js").Point} Point */

/** Diameters of the brush, in pixels of the example: a share of its width, at first and at most. */
const BRUSH = { share: 0.09, least: 1, mostShare: 0.3 };

export class Easel {
  /**
   * @param {number[]} shape of an example
   * @param {() => void} onChange at most once in a frame
   * @param {() => void} onHand it is drawn on or cleared by hand: it is no more what was put there
   */
  constructor(shape, onChange, onHand) {
    this.onChange = onChange;
    this.onHand = onHand;
    this.sheet = new Sheet(shape);
    const [, height, width] = shape;
    /** Where the keys are. @type {Point} */
    this.cursor = [width / 2, height / 2];
    /** @type {Map<number, Point>} where each pointer that draws was last */
    this.held = new Map();
    /** @type {number | undefined} the frame of the screen that paints what has changed */
    this.frame = undefined;
    this.canvas = element("canvas", {
      width: this.sheet.width, height: this.sheet.height, tabindex: 0, role: "application", "data-testid": "easel",
      "aria-label": "Drawing: arrow keys move the cursor, Space paints, Shift with arrow keys draws a line",
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event),
      onpointerdown: (/** @type {PointerEvent} */ event) => this.press(event),
      onpointermove: (/** @type {PointerEvent} */ event) => this.move(event),
      onpointerup: (/** @type {PointerEvent} */ event) => this.held.delete(event.pointerId),
      onpointercancel: (/** @type {PointerEvent} */ event) => this.held.delete(event.pointerId),
    });
    this.ring = element("i", { class: "easel-cursor", "aria-hidden": "true" });
    this.tools = [["draw", "Draw"], ["erase", "Erase"]].map(([tool, text]) => element("button", {
      type: "button", class: "tab", text, "aria-pressed": String(tool === "draw"), "data-tool": tool, onclick: () => this.use(tool),
    }));
    const least = BRUSH.least;
    const most = Math.max(2, Math.round(BRUSH.mostShare * width));
    this.brush = element("input", {
      type: "range", min: least, max: most, step: 0.25, value: Math.max(least, Math.round(4 * BRUSH.share * width) / 4), "aria-label": "Brush size", "data-testid": "brush",
      oninput: () => this.brushed(),
    });
    this.size = element("output", { class: "hint" });
    /** Of the brush, where examples are in colour. */
    this.ink = shape[0] === 3 ? element("input", { type: "color", value: "#ffffff", "data-testid": "ink" }) : null;
    this.root = element("div", { class: "easel" },
      element("div", { class: "easel-sheet" }, this.canvas, this.ring),
      element("div", { class: "easel-tools" },
        element("span", { class: "tools", role: "group", "aria-label": "Drawing tool" }, ...this.tools,
          element("button", { type: "button", class: "button wide", text: "Clear", "data-testid": "clear", onclick: () => this.clear() })),
        element("label", { class: "labelled" }, element("span", { text: "brush" }), this.brush, this.size),
        this.ink && element("label", { class: "labelled" }, element("span", { text: "colour" }), this.ink)));
    this.brushed();
    this.paint();
  }

  /** In pixels of the example. */
  get radius() {
    return Number(this.brush.value) / 2;
  }

  get erases() {
    return this.tools[1].getAttribute("aria-pressed") === "true";
  }

  /** @param {string} tool */
  use(tool) {
    for (const button of this.tools) button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
  }

  brushed() {
    this.size.textContent = `${2 * this.radius} px`;
    this.place();
  }

  /** @param {PointerEvent} event @returns {Point} */
  pointOf(event) {
    const [, height, width] = this.sheet.shape;
    const box = this.canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height];
  }

  /** @param {PointerEvent} event */
  press(event) {
    if (!isPress(event)) return;
    this.canvas.setPointerCapture(event.pointerId);
    const at = this.pointOf(event);
    this.held.set(event.pointerId, at);
    this.draw(at, at);
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (!isHeld(event)) this.held.delete(event.pointerId);
    if (!this.held.has(event.pointerId)) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const at of (passed.length ? passed : [event]).map((each) => this.pointOf(each))) {
      this.draw(/** @type {Point} */ (this.held.get(event.pointerId)), at);
      this.held.set(event.pointerId, at);
    }
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const way = arrow(event);
    if (!way && !isPlain(event, " ")) return;
    event.preventDefault();
    const [, height, width] = this.sheet.shape;
    const before = this.cursor;
    if (way) this.cursor = [inside(before[0] + way[0], width), inside(before[1] + way[1], height)];
    if (!way || event.shiftKey) this.draw(before, this.cursor);
    this.place();
  }

  /** @param {Point} from @param {Point} to */
  draw(from, to) {
    this.onHand();
    this.sheet.stroke(from, to, this.radius, this.erases, this.ink && sharesOf(this.ink.value));
    this.cursor = to;
    this.place();
    this.changed();
  }

  clear() {
    this.onHand();
    this.sheet.clear();
    this.changed();
  }

  /** Put an example on the sheet. @param {ArrayLike<number>} shares of the range */
  show(shares) {
    this.sheet.show(shares);
    this.changed();
  }

  /** Put a picture on the sheet. @param {Float32Array} values as fine as the sheet's */
  put(values) {
    this.sheet.values.set(values);
    this.changed();
  }

  changed() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.paint();
      this.onChange();
    });
  }

  paint() {
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    const pixels = context.createImageData(this.sheet.width, this.sheet.height);
    this.sheet.paintInto(pixels.data);
    context.putImageData(pixels, 0, 0);
  }

  /** The ring where the keys are. */
  place() {
    const [, height, width] = this.sheet.shape;
    Object.assign(this.ring.style, {
      left: `${(100 * this.cursor[0]) / width}%`, top: `${(100 * this.cursor[1]) / height}%`, width: `${(200 * this.radius) / width}%`,
    });
  }
}

/** A colour of the page, "#rrggbb", as shares. @param {string} colour */
const sharesOf = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);

/** @param {number} value @param {number} end */
function inside(value, end) {
  return Math.max(0, Math.min(end, value));
}
