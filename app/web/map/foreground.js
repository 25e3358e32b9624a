/** What is written over the points: contours, lines, marks, names, axes; and the lines of axes beneath them. */
import { contourShapes, lineShapes, markShapes, nameShapes } from "./annotations.js";
import { corners, planeGrid, planeNumbers, spaceBox } from "./grid.js";
import { colourContours } from "./contours.js";
import { ringShapes } from "./rings.js";
import { fontOf, joined } from "./shapes.js";
import { pixelMap } from "./view.js";

/**
 * @typedef {import("./view.js").Box} Box
 * @typedef {import("./view.js").Size} Size
 * @typedef {import("./shapes.js").Shapes} Shapes
 * @typedef {import("../base/palette.js").Theme} Theme
 * @typedef {{byColour: boolean, shares?: number[]}} Contours
 * @typedef {{box: Box, size: Size, theme: Theme}} View
 */

export class Foreground {
  /** @param {import("./scene.js").Scene} scene @param {CanvasRenderingContext2D} context measures text */
  constructor(scene, context) {
    this.scene = scene;
    this.context = context;
    /** @type {import("./annotations.js").Line[]} */
    this.lines = [];
    /** @type {import("./annotations.js").Mark[]} */
    this.marks = [];
    /** @type {Contours | null} */
    this.contours = null;
    /** @type {{wanted: Contours, points: Float32Array, colours: Uint32Array, lines: ReturnType<typeof colourContours>} | null} */
    this.cached = null;
  }

  /** Lines beneath the points. @param {View} view @returns {Shapes} */
  below(view) {
    const { axisNames, rows } = this.scene.layout;
    const axes = !axisNames ? joined() : this.scene.ball ? this.spaceAxes(view) : planeGrid(view.box, view.size, view.theme, axisNames, !rows);
    return { ...joined(axes, this.rings(view)), texts: [] };
  }

  /** @param {View} view @returns {Shapes} */
  rings({ box, size, theme }) {
    const { rings, rows } = this.scene.layout;
    return this.scene.ball || !rings ? joined() : ringShapes(rings, Boolean(rows), size, this.scene.toPixels(box, size), theme);
  }

  /** Everything over the points. @param {View} view @returns {Shapes} */
  above(view) {
    const { box, size, theme } = view;
    const { scene, context } = this;
    const toPixels = scene.toPixels(box, size);
    const widthOf = (/** @type {import("./shapes.js").Text} */ { text, size, weight }) => {
      context.font = fontOf(size, weight);
      return context.measureText(text).width;
    };
    const marks = markShapes(this.marks, toPixels, pixelMap(box, size), theme);
    const rings = { ...this.rings(view), strokes: [] };
    return joined(
      this.contours && !scene.ball ? contourShapes(this.contourLines(this.contours), toPixels, theme) : joined(),
      lineShapes(this.lines, toPixels, theme),
      marks,
      rings,
      this.numbers(view),
      nameShapes(scene.names(box, size), theme, widthOf, [...marks.texts, ...rings.texts]),
    );
  }

  /** @param {View} view @returns {Shapes} */
  numbers(view) {
    const { axisNames, rows } = this.scene.layout;
    if (!axisNames) return joined();
    return this.scene.ball ? { ...this.spaceAxes(view), strokes: [] } : planeNumbers(view.box, view.size, view.theme, axisNames, !rows);
  }

  /** @param {View} view @returns {Shapes} */
  spaceAxes({ box, size, theme }) {
    const ball = /** @type {import("./orbit.js").Ball} */ (this.scene.ball);
    return spaceBox(this.scene.toPixels(box, size)(corners(ball)), ball, size, theme, /** @type {string[]} */ (this.scene.layout.axisNames));
  }

  /** Contours of the layout, made once for each. @param {Contours} wanted */
  contourLines(wanted) {
    const { points, colours } = this.scene.layout;
    const cached = this.cached;
    if (cached?.wanted === wanted && cached.points === points && (cached.colours === colours || !wanted.byColour)) return cached.lines;
    const lines = colourContours(points, wanted.byColour ? colours : null, wanted.shares);
    this.cached = { wanted, points, colours, lines };
    return lines;
  }
}
