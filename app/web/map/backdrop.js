/** What lies beneath the points: pictures of the decoder over the plane, and a field of values. */
import { isDark } from "../base/palette.js";
import { paint } from "../base/picture.js";
import { drawField, fieldImage, rangeOf } from "./heatmap.js";
import { boxOf, Manifold } from "./manifold.js";
import { rampTable } from "./ramp.js";
import { plainColour } from "./snapshot.js";
import { pixelMap } from "./view.js";

/**
 * @typedef {import("./view.js").Box} Box
 * @typedef {import("./view.js").Size} Size
 *
 * @typedef {object} FieldLook
 * @property {import("./ramp.js").RampName} [ramp]
 * @property {[number, number]} [range] values at both ends of the ramp; the least and the greatest by default
 * @property {number} [opacity]
 *
 * @typedef {object} Decoding
 * @property {(x: number, y: number) => ArrayLike<number>} decodeAt bytes of a picture, flat
 * @property {import("../base/picture.js").Look} look
 * @property {number} [opacity]
 */

export class Backdrop {
  constructor() {
    /** @type {(import("./isolines.js").Field & FieldLook) | null} */
    this.field = null;
    /** @type {HTMLCanvasElement | null} of the field, for the theme of that time */
    this.image = null;
    this.dark = false;
    /** @type {Manifold<HTMLCanvasElement> | null} */
    this.manifold = null;
    this.opacity = 1;
  }

  /** @param {(import("./isolines.js").Field & FieldLook) | null} field */
  setField(field) {
    this.field = field;
    this.image = null;
  }

  /** @param {Decoding | null} decoding */
  setManifold(decoding) {
    this.manifold = decoding && new Manifold((x, y) => {
      const canvas = document.createElement("canvas");
      paint(canvas, decoding.decodeAt(x, y), decoding.look);
      return canvas;
    });
    this.opacity = decoding?.opacity ?? 1;
  }

  /** Whether there is anything to draw. */
  get empty() {
    return !this.field && !this.manifold;
  }

  /** @param {import("../base/palette.js").Theme} theme */
  setTheme(theme) {
    const dark = isDark(plainColour(theme.background).colour);
    if (dark !== this.dark) this.image = null;
    this.dark = dark;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Box} box
   * @param {Size} size
   * @returns {boolean} whether all is there: otherwise it is to be drawn again
   */
  draw(context, box, size) {
    const done = !this.manifold || this.drawManifold(context, this.manifold, box, size);
    const { field } = this;
    if (field) {
      this.image ??= fieldImage(field, rampTable(field.ramp ?? "tint", this.dark), field.range ?? rangeOf(field.values));
      drawField(context, this.image, field, box, size, field.opacity ?? 1);
    }
    return done;
  }

  /** @param {CanvasRenderingContext2D} context @param {Manifold<HTMLCanvasElement>} manifold @param {Box} box @param {Size} size */
  drawManifold(context, manifold, box, size) {
    const { ax, bx, ay, by } = pixelMap(box, size);
    const { drawn, done } = manifold.cells(box, size);
    context.globalAlpha = this.opacity;
    context.imageSmoothingEnabled = false;
    for (const { cell, picture } of drawn) {
      const { low, high } = boxOf(cell);
      // Whole pixels, so that no seams show between cells.
      const [left, right] = [Math.round(ax * low[0] + bx), Math.round(ax * high[0] + bx)];
      const [top, bottom] = [Math.round(ay * high[1] + by), Math.round(ay * low[1] + by)];
      if (this.opacity < 1) context.clearRect(left, top, right - left, bottom - top);
      context.drawImage(picture, left, top, right - left, bottom - top);
    }
    context.globalAlpha = 1;
    context.imageSmoothingEnabled = true;
    return done;
  }
}
