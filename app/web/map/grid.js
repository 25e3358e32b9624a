/** Lines, numbers and names of axes: of a plane, and of the box around points in space. Pure functions. */
import { format, ticks } from "../base/scale.js";
import { toPixel } from "./view.js";

/**
 * @typedef {import("../base/palette.js").Theme} Theme
 * @typedef {import("./shapes.js").Shapes} Shapes
 */

/** Pixels between lines, about. */
const SPACING = 130;
const SIZE = 11;
/** Height of the middle of the numbers above the lower border. */
const FOOT = 9;

/**
 * Lines of a plane: on whole pixels, where they are sharp.
 * @param {import("./view.js").Box} box
 * @param {import("./view.js").Size} size
 * @param {Theme} theme
 * @returns {Shapes}
 */
export function planeGrid(box, size, theme) {
  const { width, height } = size;
  const sharp = (/** @type {number} */ value) => Math.round(value) + 0.5;
  const columns = columnTicks(box, size).map((x) => sharp(toPixel(box, size, x, 0)[0]));
  const rows = rowTicks(box, size).map((y) => sharp(toPixel(box, size, 0, y)[1]));
  const strokes = [...columns.map((x) => [x, 0, x, height]), ...rows.map((y) => [0, y, width, y])];
  return { strokes: strokes.map((points) => ({ points, colour: theme.line })), ellipses: [], texts: [] };
}

/**
 * Numbers along the lower and the left border, and the axes' names; a number that would meet a name is left out.
 * @param {import("./view.js").Box} box
 * @param {import("./view.js").Size} size
 * @param {Theme} theme
 * @param {string[]} names
 * @returns {Shapes}
 */
export function planeNumbers(box, size, theme, names) {
  const { width, height } = size;
  const look = { size: SIZE, weight: 400, colour: theme.faint };
  const room = 14 + 0.6 * SIZE * names[0].length;
  const columns = columnTicks(box, size).map((value) => ({ at: toPixel(box, size, value, 0)[0], value }));
  const rows = rowTicks(box, size).map((value) => ({ at: toPixel(box, size, 0, value)[1], value }));
  return {
    strokes: [],
    ellipses: [],
    texts: [
      ...columns.filter(({ at }) => at > 40 && at < width - room - 14)
        .map(({ at, value }) => ({ ...look, x: at, y: height - FOOT, text: format(value), anchor: /** @type {const} */ ("middle") })),
      ...rows.filter(({ at }) => at > 24 && at < height - 24)
        .map(({ at, value }) => ({ ...look, x: 4, y: at, text: format(value), anchor: /** @type {const} */ ("start") })),
      { ...look, x: width - 6, y: height - FOOT, text: names[0], anchor: "end" },
      { ...look, x: 4, y: FOOT, text: names[1], anchor: "start" },
    ],
  };
}

/** @param {import("./view.js").Box} box @param {import("./view.js").Size} size */
function columnTicks({ low, high }, { width }) {
  return ticks(low[0], high[0], Math.max(2, width / SPACING));
}

/** @param {import("./view.js").Box} box @param {import("./view.js").Size} size */
function rowTicks({ low, high }, { height }) {
  return ticks(low[1], high[1], Math.max(2, height / SPACING));
}

/** Corners of a box in space: bit k of the index tells whether the corner lies high along axis k. @param {import("./orbit.js").Ball} ball @returns {Float32Array} */
export function corners({ low, high }) {
  return Float32Array.from({ length: 24 }, (_, i) => ((Math.floor(i / 3) >> i % 3) & 1 ? high : low)[i % 3]);
}

/**
 * The box around points in space; each axis is named, with its ends, at the outermost of its four edges.
 * @param {Float32Array} pixels of the corners, x and y in turn
 * @param {import("./orbit.js").Ball} ball
 * @param {Theme} theme
 * @param {string[]} names
 * @returns {Shapes}
 */
export function spaceBox(pixels, { low, high }, theme, names) {
  const at = (/** @type {number} */ corner) => [pixels[2 * corner], pixels[2 * corner + 1]];
  const middle = [0, 1].map((k) => [0, 1, 2, 3, 4, 5, 6, 7].reduce((sum, c) => sum + at(c)[k] / 8, 0));
  /** @type {Shapes} */
  const shapes = { strokes: [], ellipses: [], texts: [] };
  for (const axis of [0, 1, 2]) {
    const edges = [0, 1, 2, 3, 4, 5, 6, 7].filter((c) => !((c >> axis) & 1)).map((c) => [at(c), at(c | (1 << axis))]);
    for (const [a, b] of edges) shapes.strokes.push({ points: [...a, ...b], colour: theme.line });
    // Across goes below, upright goes left.
    const outward = (/** @type {number[][]} */ [a, b]) => (Math.abs(b[0] - a[0]) > Math.abs(b[1] - a[1]) ? a[1] + b[1] : -a[0] - b[0]);
    const [a, b] = edges.reduce((best, edge) => (outward(edge) > outward(best) ? edge : best));
    const [mx, my] = [(a[0] + b[0]) / 2 - middle[0], (a[1] + b[1]) / 2 - middle[1]];
    const away = 14 / Math.max(1, Math.hypot(mx, my));
    const write = (/** @type {number} */ share, /** @type {string} */ text) => shapes.texts.push({
      x: a[0] + share * (b[0] - a[0]) + away * mx, y: a[1] + share * (b[1] - a[1]) + away * my,
      text, size: SIZE, weight: 400, colour: theme.faint, anchor: "middle",
    });
    if (Math.hypot(b[0] - a[0], b[1] - a[1]) > 120) {
      write(0.04, format(low[axis]));
      write(0.96, format(high[axis]));
    }
    write(0.5, names[axis]);
  }
  return shapes;
}
