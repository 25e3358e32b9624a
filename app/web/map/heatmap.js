/** A field of real values as colours beneath the points. */
import { pixelMap } from "./view.js";

/** @typedef {import("./isolines.js").Field} Field */

/**
 * The pixels of a field, the row of high y first; values that are not finite are transparent.
 * @param {Field} field
 * @param {Uint32Array} table packed colours of a ramp, the lowest value first
 * @param {[number, number]} range values at both ends of the ramp
 * @returns {Uint32Array}
 */
export function fieldPixels({ values, rows, columns }, table, [low, high]) {
  const last = table.length - 1;
  const scale = high > low ? last / (high - low) : 0;
  const pixels = new Uint32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = values[(rows - 1 - row) * columns + column];
      if (Number.isFinite(value)) pixels[row * columns + column] = table[Math.max(0, Math.min(last, Math.round((value - low) * scale)))];
    }
  }
  return pixels;
}

/** The least and the greatest finite value; [0, 1] without any. @param {Float32Array} values @returns {[number, number]} */
export function rangeOf(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : [0, 1];
}

/**
 * A canvas with a pixel for each node of a field.
 * @param {Field} field
 * @param {Uint32Array} table
 * @param {[number, number]} range
 * @returns {HTMLCanvasElement}
 */
export function fieldImage(field, table, range) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [field.columns, field.rows];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(field.columns, field.rows);
  new Uint32Array(image.data.buffer).set(fieldPixels(field, table, range));
  context.putImageData(image, 0, 0);
  return canvas;
}

/**
 * Draw the image of a field where it belongs, smooth between nodes. A node is the middle of its pixel.
 * @param {CanvasRenderingContext2D} context
 * @param {CanvasImageSource} image
 * @param {Field} field
 * @param {import("./view.js").Box} box
 * @param {import("./view.js").Size} size
 * @param {number} opacity
 */
export function drawField(context, image, { rows, columns, low, high }, box, size, opacity) {
  const { ax, bx, ay, by } = pixelMap(box, size);
  const half = [(high[0] - low[0]) / (columns - 1) / 2, (high[1] - low[1]) / (rows - 1) / 2];
  const [left, right] = [ax * (low[0] - half[0]) + bx, ax * (high[0] + half[0]) + bx];
  const [top, bottom] = [ay * (high[1] + half[1]) + by, ay * (low[1] - half[1]) + by];
  context.globalAlpha = opacity;
  context.imageSmoothingQuality = "high";
  context.drawImage(image, left, top, right - left, bottom - top);
  context.globalAlpha = 1;
}
