/** Draws a network with what its layers make of an example, into one canvas. */
import { sizedContext } from "../base/dom.js";
import { toBytes, fillPixels } from "../base/picture.js";
import { fixed } from "../base/scale.js";
import { isPicture } from "./grid.js";
import { placeOf, ROWS } from "./layout.js";
import { reachOf, shaded } from "./shades.js";

/** @typedef {import("./layout.js").Box} Box */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./passing.js").Pass} Pass */

/**
 * All that is drawn. `clean`: the example before its corruption. `names`: of the layers.
 * `marks`: numbered places where something acts.
 * @typedef {object} Drawn
 * @property {Layout} layout
 * @property {Pass} pass
 * @property {Float32Array} clean
 * @property {string[]} names
 * @property {number[]} shape
 * @property {[number, number]} range
 * @property {{x: number, number: number}[]} marks
 * @property {import("./thumbnails.js").Row[]} rows of weights as pictures
 * @property {{layer: number, unit: number}[]} chosen outlined
 */

const FONT = "11px sans-serif";
/** Standard deviations of the prior that a row of the code shows at least. */
const PRIOR_SHOWN = 3;
/** Of the number beside a row. */
const NUMBER = 38;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{width: number, height: number}} size
 * @param {Drawn} drawn
 * @param {import("../base/palette.js").Theme} theme
 * @param {Uint32Array} table of colours around 0
 */
export function draw(canvas, { width, height }, drawn, theme, table) {
  const context = sizedContext(canvas, width, height);
  context.font = FONT;
  const { layout, pass, names } = drawn;
  drawBands(context, layout, theme);
  for (const box of layout.boxes) {
    const values = box.layer < 0 ? drawn.clean : pass.values[box.layer];
    const lines = box.kind === "code" && box.grid.count <= ROWS;
    if (box.kind === "example" && isPicture(drawn.shape)) paintExample(context, box, values, drawn);
    else if (lines) paintLines(context, box, values, pass.deviation, theme, table);
    else blit(context, box, shaded(values, box.grid, reachOf(values), table));
    context.strokeStyle = theme.faint;
    context.lineWidth = 0.5;
    if (!lines) context.strokeRect(box.x - 0.5, box.y - 0.5, box.width + 1, box.height + 1);
    context.textAlign = "center";
    const room = box.width + layout.gap;
    const write = (/** @type {string} */ text, /** @type {number} */ y, /** @type {string} */ colour) => {
      if (context.measureText(text).width > room) return;
      context.fillStyle = colour;
      context.fillText(text, box.x + box.width / 2, y);
    };
    write(box.layer < 0 ? "example" : names[box.layer], box.y - 7, theme.text);
    write(shapeText(box, drawn.shape), box.y + box.height + 14, theme.faint);
    if (box.kind === "layer" || (box.kind === "code" && !lines)) write(`±${Number(reachOf(values).toPrecision(1))}`, box.y + box.height + 27, theme.faint);
  }
  for (const { x, number } of drawn.marks) drawMark(context, x, number, theme);
  for (const row of drawn.rows) drawThumbnails(context, row, theme, table);
  context.strokeStyle = theme.accent;
  context.lineWidth = 2;
  for (const { layer, unit } of drawn.chosen) {
    const [x, y, w, h] = placeOf(layout, layer, unit);
    context.strokeRect(x - 1.5, y - 1.5, w + 3, h + 3);
  }
}

/** @param {Box} box @param {number[]} shape of an example */
function shapeText({ grid, kind }, shape) {
  const { maps, width, height, count, overlaid } = grid;
  if (kind === "example" && isPicture(shape)) return (shape[0] === 1 ? shape.slice(1) : shape).join("×");
  if (kind === "code") return count === 1 ? "1 unit" : `${count} units`;
  const channels = overlaid ? 3 : Math.round(count / (width * height));
  if (overlaid || (grid.gap && maps[0] * maps[1] > 1)) return `${channels}×${height}×${width}`;
  return String(count);
}

/** From layer to layer the whole height of one leads to that of the next. @param {CanvasRenderingContext2D} context @param {Layout} layout @param {import("../base/palette.js").Theme} theme */
function drawBands(context, { boxes }, theme) {
  context.fillStyle = theme.line;
  for (let k = 0; k + 1 < boxes.length; k++) {
    const [from, to] = [boxes[k], boxes[k + 1]];
    if (from.layer < 0) continue; // noise is between them, no weights
    context.beginPath();
    context.moveTo(from.x + from.width + 1, from.y);
    context.lineTo(to.x - 1, to.y);
    context.lineTo(to.x - 1, to.y + to.height);
    context.lineTo(from.x + from.width + 1, from.y + from.height);
    context.fill();
  }
}

/** @param {CanvasRenderingContext2D} context @param {{x: number, y: number, width: number, height: number}} box @param {{pixels: Uint32Array<ArrayBuffer>, width: number, height: number}} cells */
function blit(context, box, { pixels, width, height }) {
  const canvas = new OffscreenCanvas(width, height);
  const inner = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  inner.putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), width, height), 0, 0);
  context.imageSmoothingEnabled = box.width < width;
  context.drawImage(canvas, box.x, box.y, box.width, box.height);
}

/** As examples look everywhere. @param {CanvasRenderingContext2D} context @param {Box} box @param {Float32Array} values @param {Drawn} drawn */
function paintExample(context, box, values, { shape: [channels, height, width], range }) {
  const pixels = new Uint32Array(width * height);
  fillPixels(new Uint8ClampedArray(pixels.buffer), toBytes(values, range), channels);
  blit(context, box, { pixels, width, height });
}

/**
 * A code of few units: for each its value on a line, the cloud of its posterior around it, one standard deviation to
 * either side, and faint the same of the prior.
 * @param {CanvasRenderingContext2D} context
 * @param {Box} box
 * @param {Float32Array} values
 * @param {Float32Array | null} deviation
 * @param {import("../base/palette.js").Theme} theme
 * @param {Uint32Array} table
 */
function paintLines(context, box, values, deviation, theme, table) {
  const number = box.width > 2 * NUMBER ? NUMBER : 0;
  const half = (box.width - number) / 2 - 2;
  const middle = box.x + half + 2;
  const ends = Array.from(values, (value, k) => Math.abs(value) + (deviation?.[k] ?? 0));
  const reach = Math.max(reachOf(ends), deviation ? PRIOR_SHOWN : 0);
  const at = (/** @type {number} */ value) => middle + (half * Math.max(-reach, Math.min(reach, value))) / reach;
  values.forEach((value, k) => {
    const [y, h] = [box.y + k * box.cell[1] + 1, box.cell[1] - 2];
    context.fillStyle = theme.background;
    context.fillRect(middle - half, y, 2 * half, h);
    context.strokeStyle = theme.faint;
    context.lineWidth = 0.5;
    context.strokeRect(middle - half, y, 2 * half, h);
    if (deviation) {
      context.fillStyle = theme.line;
      context.fillRect(at(-1), y, at(1) - at(-1), h);
      context.globalAlpha = 0.35;
      context.fillStyle = theme.accent;
      context.fillRect(at(value - deviation[k]), y + 1, Math.max(1, at(value + deviation[k]) - at(value - deviation[k])), h - 2);
      context.globalAlpha = 1;
    } else {
      const pixel = table[value < 0 ? 0 : 255];
      context.fillStyle = `rgb(${pixel & 255},${(pixel >>> 8) & 255},${(pixel >>> 16) & 255})`;
      context.fillRect(Math.min(at(0), at(value)), y + 1, Math.abs(at(value) - at(0)), h - 2);
    }
    context.fillStyle = theme.faint;
    context.fillRect(at(0) - 0.5, y, 1, h);
    context.fillStyle = theme.text;
    context.fillRect(at(value) - 1, y, 2, h);
    if (!number) return;
    context.textAlign = "right";
    context.fillText(fixed(value, 2).replace("-", "−"), box.x + box.width, y + h / 2 + 4);
  });
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} number @param {import("../base/palette.js").Theme} theme */
function drawMark(context, x, number, theme) {
  context.fillStyle = theme.accent;
  context.beginPath();
  context.arc(x, 9, 8, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = "#fff";
  context.textAlign = "center";
  context.fillText(String(number), x, 13);
}

/** @param {CanvasRenderingContext2D} context @param {import("./thumbnails.js").Row} row @param {import("../base/palette.js").Theme} theme @param {Uint32Array} table */
function drawThumbnails(context, { caption, x, y, thumbnails }, theme, table) {
  context.textAlign = "left";
  context.fillStyle = theme.text;
  context.fillText(caption, x, y);
  for (const { values, grid, box } of thumbnails) {
    blit(context, box, shaded(values, grid, reachOf(values), table));
    context.strokeStyle = theme.faint;
    context.lineWidth = 0.5;
    context.strokeRect(box.x - 0.5, box.y - 0.5, box.width + 1, box.height + 1);
  }
}

/**
 * Weights around 0 in a canvas of their own, one pixel a weight.
 * @param {HTMLCanvasElement} canvas
 * @param {Float32Array} values
 * @param {import("./grid.js").Grid} grid
 * @param {number} reach
 * @param {Uint32Array} table
 */
export function paintWeights(canvas, values, grid, reach, table) {
  const { pixels, width, height } = shaded(values, grid, reach, table);
  [canvas.width, canvas.height] = [width, height];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), width, height), 0, 0);
}
