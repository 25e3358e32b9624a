/** The part of the plane that a canvas shows: pixels from data and back, panning, zooming. Pure functions. */

/** @typedef {import("../wire/timeline.js").Box} Box */
/** @typedef {{width: number, height: number}} Size in CSS pixels */

/** A view is at most this many times larger, and this many times smaller, than the extent of the points. */
const WIDEST = 20;
const CLOSEST = 1e5;

/**
 * From data to pixels: px = ax·x + bx, py = ay·y + by; y grows upwards in data and downwards in pixels.
 * @param {Box} box
 * @param {Size} size
 * @returns {{ax: number, bx: number, ay: number, by: number}}
 */
export function pixelMap({ low, high }, { width, height }) {
  const ax = width / (high[0] - low[0]);
  const ay = -height / (high[1] - low[1]);
  return { ax, bx: -ax * low[0], ay, by: -ay * high[1] };
}

/** @param {Box} box @param {Size} size @param {number} x @param {number} y @returns {[number, number]} */
export function toPixel(box, size, x, y) {
  const { ax, bx, ay, by } = pixelMap(box, size);
  return [ax * x + bx, ay * y + by];
}

/** @param {Box} box @param {Size} size @param {number} px @param {number} py @returns {[number, number]} */
export function toData(box, size, px, py) {
  const { ax, bx, ay, by } = pixelMap(box, size);
  return [(px - bx) / ax, (py - by) / ay];
}

/** The view after the content has been dragged by (dx, dy) pixels. @param {Box} box @param {Size} size @param {number} dx @param {number} dy @returns {Box} */
export function panned(box, size, dx, dy) {
  const { ax, ay } = pixelMap(box, size);
  const [mx, my] = [-dx / ax, -dy / ay];
  return { low: [box.low[0] + mx, box.low[1] + my], high: [box.high[0] + mx, box.high[1] + my] };
}

/**
 * The view with sides `factor` times as long; the data under the pixel (px, py) stays there.
 * @param {Box} box
 * @param {Size} size
 * @param {number} factor below 1 shows less
 * @param {number} px
 * @param {number} py
 * @returns {Box}
 */
export function zoomed(box, size, factor, px, py) {
  const [x, y] = toData(box, size, px, py);
  const about = (/** @type {[number, number]} */ [u, v]) => /** @type {[number, number]} */ ([x + factor * (u - x), y + factor * (v - y)]);
  return { low: about(box.low), high: about(box.high) };
}

/**
 * The factor, so bounded that the view stays between `CLOSEST` and `WIDEST` times the extent.
 * @param {Box} box
 * @param {Box} extent
 * @param {number} factor
 */
export function boundedFactor(box, extent, factor) {
  const share = (box.high[0] - box.low[0]) / (extent.high[0] - extent.low[0]);
  return Math.max(1 / CLOSEST / share, Math.min(WIDEST / share, factor));
}

/**
 * Two fingers: what was under each of them stays under it, as far as one scale for both axes can do it.
 * @param {Box} box
 * @param {Size} size
 * @param {[number, number][]} before pixels of both fingers
 * @param {[number, number][]} now
 * @returns {Box}
 */
export function pinched(box, size, before, now) {
  const distance = (/** @type {[number, number][]} */ [p, q]) => Math.max(1, Math.hypot(p[0] - q[0], p[1] - q[1]));
  const middle = (/** @type {[number, number][]} */ [p, q]) => [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2];
  const [from, to] = [middle(before), middle(now)];
  return zoomed(panned(box, size, to[0] - from[0], to[1] - from[1]), size, distance(before) / distance(now), to[0], to[1]);
}

/** The smallest view around a box in which both axes have the same scale. @param {Box} box @param {Size} size @returns {Box} */
export function equalScaled({ low, high }, { width, height }) {
  const unit = Math.max((high[0] - low[0]) / width, (high[1] - low[1]) / height);
  const side = [unit * width, unit * height];
  const centre = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2];
  return {
    low: [centre[0] - side[0] / 2, centre[1] - side[1] / 2],
    high: [centre[0] + side[0] / 2, centre[1] + side[1] / 2],
  };
}

/** How many times closer a view is than another: the mean of both axes, 1 for the same. @param {Box} box @param {Box} base */
export function closeness(box, base) {
  const area = (/** @type {Box} */ { low, high }) => (high[0] - low[0]) * (high[1] - low[1]);
  return Math.sqrt(area(base) / area(box));
}
