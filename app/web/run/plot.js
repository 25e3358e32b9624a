/** Plots on a canvas: axes that fit their values, a grid, and the space inside it. */
import { format, ticks } from "../base/scale.js";

/** Space around the plot, in pixels. */
export const PAD = { left: 44, right: 10, top: 8, bottom: 20 };

/**
 * @typedef {object} Axis
 * @property {(value: number) => number} share of the axis, from its low end
 * @property {number[]} ticks values to mark
 * @property {(value: number) => string} [write] a tick's text; numbers as everywhere otherwise
 */

/**
 * The axis for some values, with a little air: logarithmic, or linear where a value has no logarithm, as with
 * densities, whose negative logarithm may be negative.
 * @param {number[]} values
 * @param {boolean} [wanted] whether it may be logarithmic
 * @returns {Axis}
 */
export function axisFor(values, wanted = true) {
  const finite = values.filter(Number.isFinite); // a loss on its way out is on no axis
  const logarithmic = wanted && finite.length > 0 && finite.every((v) => v > 0);
  const place = logarithmic ? Math.log : (/** @type {number} */ v) => v;
  const places = finite.map(place);
  const [least, most] = finite.length ? [Math.min(...places), Math.max(...places)] : [0, 1];
  const air = Math.max(0.02, 0.06 * (most - least));
  const [low, high] = [least - air, most + air];
  return {
    share: (y) => (place(y) - low) / (high - low),
    ticks: logarithmic ? logTicks(Math.max(Math.exp(low), Number.MIN_VALUE), Math.min(Math.exp(high), Number.MAX_VALUE)) : ticks(low, high, 4),
  };
}

/** Round values for a logarithmic axis. @param {number} low @param {number} high @returns {number[]} */
function logTicks(low, high) {
  if (high / low < 8) return ticks(low, high, 4).filter((v) => v > 0);
  const found = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    for (const m of high / low > 300 ? [1] : [1, 3]) {
      const value = m * 10 ** power;
      if (value >= low && value <= high) found.push(value);
    }
  }
  return found;
}

/** The axis of training steps, from 0 to the last. @param {number} last @returns {Axis} */
export function stepAxis(last) {
  return { share: (step) => step / last, ticks: ticks(0, last, 4) };
}

/** A position on a canvas. @typedef {{toX: (x: number) => number, toY: (y: number) => number}} Places */

/**
 * Where values stand on a canvas.
 * @param {number} width
 * @param {number} height
 * @param {Axis} x
 * @param {Axis} y
 * @returns {Places}
 */
export function placesOf(width, height, x, y) {
  return {
    toX: (value) => PAD.left + x.share(value) * (width - PAD.left - PAD.right),
    toY: (value) => PAD.top + (1 - y.share(value)) * (height - PAD.top - PAD.bottom),
  };
}

/**
 * Lines at the marks of the upright axis, the numbers of both axes, and what the other one shows.
 * @param {CanvasRenderingContext2D} context
 * @param {import("../base/palette.js").Theme} theme
 * @param {number} width
 * @param {number} height
 * @param {Axis} x
 * @param {Axis} y
 * @param {string} title of the horizontal axis
 */
export function drawGrid(context, theme, width, height, x, y, title) {
  const { toX, toY } = placesOf(width, height, x, y);
  context.font = "11px sans-serif";
  context.fillStyle = theme.faint;
  context.strokeStyle = theme.line;
  context.lineWidth = 1;
  context.textAlign = "right";
  context.textBaseline = "middle";
  context.beginPath();
  for (const value of y.ticks) {
    context.moveTo(PAD.left, toY(value));
    context.lineTo(width - PAD.right, toY(value));
    context.fillText(format(value), PAD.left - 5, toY(value));
  }
  context.stroke();
  context.textBaseline = "bottom";
  const end = width - PAD.right - context.measureText(title).width - 10;
  let free = 0;
  for (const value of x.ticks) {
    const text = (x.write ?? format)(value);
    const half = context.measureText(text).width / 2;
    const at = toX(value);
    if (at - half < free || at + half > end) continue;
    context.textAlign = "center";
    context.fillText(text, at, height - 2);
    free = at + half + 6;
  }
  context.textAlign = "right";
  context.fillText(title, width - PAD.right, height - 2);
}

/** Draw within the plot alone. @param {CanvasRenderingContext2D} context @param {number} width @param {number} height @param {() => void} draw */
export function clipped(context, width, height, draw) {
  context.save();
  context.beginPath();
  context.rect(PAD.left, PAD.top, width - PAD.left - PAD.right, height - PAD.top - PAD.bottom);
  context.clip();
  draw();
  context.restore();
}

/** An upright line where the time machine stands. @param {CanvasRenderingContext2D} context @param {number} height @param {number} at pixels @param {string} colour */
export function drawMoment(context, height, at, colour) {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(at, PAD.top);
  context.lineTo(at, height - PAD.bottom);
  context.stroke();
}

/** The share of the horizontal axis under a pointer. @param {PointerEvent} event @returns {number} in [0, 1] */
export function shareUnder(event) {
  const { clientWidth } = /** @type {HTMLElement} */ (event.currentTarget);
  return Math.max(0, Math.min(1, (event.offsetX - PAD.left) / (clientWidth - PAD.left - PAD.right)));
}
