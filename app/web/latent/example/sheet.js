/** A sheet to draw an example on: each of its pixels is a square of little ones, so that strokes have soft edges. */

import { fillPixels } from "../../base/picture.js";

/** Little pixels to a pixel of the example, each way, at most; and those of a sheet, so that strokes follow the hand. */
export const FINE = 8;
const LARGEST = 512;
/** Width of the soft edge of a stroke, in pixels of the example: at most, and as a share of the example's width. */
const EDGE = { most: 1, share: 1 / 16 };

/** Little pixels to a pixel of examples of a shape. @param {number[]} shape */
export const finenessOf = ([, height, width]) => Math.max(1, Math.min(FINE, Math.floor(LARGEST / Math.max(height, width))));

/** @typedef {[number, number]} Point x and y, in pixels of the example */

export class Sheet {
  /** @param {number[]} shape channels, height and width of an example */
  constructor([channels, height, width]) {
    this.shape = [channels, height, width];
    this.fine = finenessOf(this.shape);
    this.height = this.fine * height;
    this.width = this.fine * width;
    this.edge = Math.min(EDGE.most, EDGE.share * width);
    /** From 0, the least value of the data, to 1, the greatest; channel by channel. */
    this.values = new Float32Array(channels * this.height * this.width);
  }

  clear() {
    this.values.fill(0);
  }

  isBlank() {
    return this.values.every((value) => value === 0);
  }

  /**
   * Draw a line with a round brush, or rub it out. In grey nothing gets darker by drawing over it again; in colour the
   * ink covers what was there.
   * @param {Point} from
   * @param {Point} to
   * @param {number} radius in pixels of the example
   * @param {boolean} [erase]
   * @param {number[] | null} [ink] a share for each channel; without it white
   */
  stroke(from, to, radius, erase = false, ink = null) {
    const { width, height, values, edge, fine } = this;
    const area = width * height;
    const reach = radius + edge / 2;
    const first = (/** @type {number} */ k) => Math.max(0, Math.floor(fine * (Math.min(from[k], to[k]) - reach)));
    const last = (/** @type {number} */ k, /** @type {number} */ size) => Math.min(size - 1, Math.ceil(fine * (Math.max(from[k], to[k]) + reach)));
    for (let row = first(1); row <= last(1, height); row++) {
      for (let column = first(0); column <= last(0, width); column++) {
        const d = distance((column + 0.5) / fine, (row + 0.5) / fine, from, to);
        const cover = Math.max(0, Math.min(1, (radius - d) / edge + 0.5));
        for (let at = row * width + column, c = 0; at < values.length; at += area, c++) {
          if (ink && !erase) values[at] += cover * (ink[c] - values[at]);
          else values[at] = erase ? Math.min(values[at], 1 - cover) : Math.max(values[at], cover);
        }
      }
    }
  }

  /** Show an example. @param {ArrayLike<number>} shares of the range, one for each number of the example */
  show(shares) {
    const [, , columns] = this.shape;
    for (let at = 0; at < this.values.length; at++) {
      const row = Math.floor(at / (this.fine * this.width)); // counted through the channels
      this.values[at] = shares[row * columns + Math.floor((at % this.width) / this.fine)];
    }
  }

  /** The example: the mean of the little pixels of each of its pixels. @returns {Float32Array} shares of the range */
  example() {
    const [channels, rows, columns] = this.shape;
    const sums = new Float64Array(channels * rows * columns);
    for (let at = 0; at < this.values.length; at++) {
      sums[Math.floor(at / (this.fine * this.width)) * columns + Math.floor((at % this.width) / this.fine)] += this.values[at];
    }
    return Float32Array.from(sums, (sum) => sum / this.fine ** 2);
  }

  /** Grey or colour for a canvas. @param {Uint8ClampedArray} rgba four bytes for each little pixel */
  paintInto(rgba) {
    fillPixels(rgba, this.values, this.shape[0], 1);
  }
}

/** From a point to a segment. @param {number} x @param {number} y @param {Point} from @param {Point} to */
function distance(x, y, [ax, ay], [bx, by]) {
  const length = (bx - ax) ** 2 + (by - ay) ** 2;
  const share = length ? Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length)) : 0;
  return Math.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay));
}
