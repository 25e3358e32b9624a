/** Lines, numbers and names of axes: of a plane, and of the box around points in space. Pure functions. */
import { exactTexts, format, ticks } from "../base/scale.js";
import { toPixel } from "./view.js";

/**
 * @typedef {import("../base/palette.js").Theme} Theme
 * @typedef {import("./shapes.js").Shapes} Shapes
 */

/** Pixels between lines, about; a small plane has lines closer to each other, that there are a few. */
const SPACING = 130;
const FEWEST = 4;
/** Numbers that can be read along an axis, at least, where there is room for them. */
const NUMBERS = 2;
const SIZE = 11;
/** Width of a letter, about, and the least distance between two texts. */
const WIDTH = 0.6 * SIZE;
const AIR = 8;
/** Distance of texts from the borders at their sides. */
const SIDE = 6;
/** Height of the middle of the numbers above the lower border, and from one line of text to the next. */
const FOOT = 9;
const LEADING = 14;
/** Numbers of the vertical axis keep this far from the upper and the lower border, where there are names and numbers. */
const MARGIN = 24;
/** Share of the width that the name of the horizontal axis may take from its numbers; a longer one stands above them. */
const NAME_SHARE = 1 / 3;

/**
 * @typedef {{at: number, text: string, legible: boolean}} Tick a line of an axis: the pixel where it stands, its number,
 *   and whether that has room
 * @typedef {{from: number, to: number, apart: number}} Room the pixels between which the middle of a number may stand,
 *   and how far it must be from the next one
 */

/**
 * Lines of a plane: on whole pixels, where they are sharp.
 * @param {import("./view.js").Box} box
 * @param {import("./view.js").Size} size
 * @param {Theme} theme
 * @param {string[]} names
 * @param {boolean} [upright] whether the vertical axis has lines too
 * @returns {Shapes}
 */
export function planeGrid(box, size, theme, names, upright = true) {
  const { width, height } = size;
  const sharp = (/** @type {Tick} */ { at }) => Math.round(at) + 0.5;
  const { columns, rows } = planeAxes(box, size, names[0], upright);
  const strokes = [
    ...columns.map(sharp).map((x) => [x, 0, x, height]),
    ...rows.map(sharp).map((y) => [0, y, width, y]),
  ];
  return { strokes: strokes.map((points) => ({ points, colour: theme.line })), ellipses: [], texts: [] };
}

/**
 * Numbers along the lower and the left border, and the axes' names; a number that would meet a name is left out.
 * @param {import("./view.js").Box} box
 * @param {import("./view.js").Size} size
 * @param {Theme} theme
 * @param {string[]} names
 * @param {boolean} [upright] whether the vertical axis has numbers too
 * @returns {Shapes}
 */
export function planeNumbers(box, size, theme, names, upright = true) {
  const { width, height } = size;
  const look = { size: SIZE, weight: 400, colour: theme.faint };
  const legible = (/** @type {Tick} */ tick) => tick.legible;
  const { columns, rows, nameAbove } = planeAxes(box, size, names[0], upright);
  const foot = height - FOOT;
  return {
    strokes: [],
    ellipses: [],
    texts: [
      ...columns.filter(legible).map(({ at, text }) => ({ ...look, x: at, y: foot, text, anchor: /** @type {const} */ ("middle") })),
      ...rows.filter(legible).map(({ at, text }) => ({ ...look, x: 4, y: at, text, anchor: /** @type {const} */ ("start") })),
      { ...look, x: width - SIDE, y: nameAbove ? foot - LEADING : foot, text: names[0], anchor: "end" },
      { ...look, x: 4, y: FOOT, text: names[1], anchor: "start" },
    ],
  };
}

/**
 * Both axes; the name of the horizontal one stands beside its numbers, or above where it would leave them too little room.
 * @param {import("./view.js").Box} box
 * @param {import("./view.js").Size} size
 * @param {string} name
 * @param {boolean} upright
 * @returns {{columns: Tick[], rows: Tick[], nameAbove: boolean}}
 */
function planeAxes(box, size, name, upright) {
  const { width, height } = size;
  const taken = WIDTH * name.length + AIR;
  const besides = columnTicks(box, size, taken);
  const nameAbove = taken > NAME_SHARE * width || !isRead(besides);
  const room = { from: MARGIN, to: height - MARGIN - (nameAbove ? LEADING : 0), apart: SIZE + AIR / 2 };
  return {
    columns: nameAbove ? columnTicks(box, size, 0) : besides,
    rows: upright ? axisTicks(box.low[1], box.high[1], height, (value) => toPixel(box, size, 0, value)[1], () => room) : [],
    nameAbove,
  };
}

/** @param {import("./view.js").Box} box @param {import("./view.js").Size} size @param {number} taken pixels at the right end */
function columnTicks(box, size, taken) {
  const { width } = size;
  return axisTicks(box.low[0], box.high[0], width, (value) => toPixel(box, size, value, 0)[0], (text) => {
    const half = (WIDTH * text.length) / 2;
    return { from: SIDE + half, to: width - SIDE - taken - half, apart: 2 * half + AIR };
  });
}

/** @param {Tick[]} axis */
function isRead(axis) {
  return axis.filter(({ legible }) => legible).length >= NUMBERS;
}

/**
 * Lines of an axis: about `SPACING` apart, closer where fewer than `NUMBERS` numbers would be legible, further where
 * numbers would meet each other.
 * @param {number} low
 * @param {number} high
 * @param {number} length in pixels
 * @param {(value: number) => number} toPixels
 * @param {(text: string) => Room} roomOf
 * @returns {Tick[]}
 */
function axisTicks(low, high, length, toPixels, roomOf) {
  const make = (/** @type {number} */ count) => {
    const values = ticks(low, high, count);
    const texts = exactTexts(values);
    const rooms = texts.map(roomOf);
    const made = values.map((value, i) => {
      const at = toPixels(value);
      return { at, text: texts[i], legible: at >= rooms[i].from && at <= rooms[i].to };
    });
    return { made, crowded: made.length > 1 && Math.abs(made[1].at - made[0].at) < Math.max(...rooms.map(({ apart }) => apart)) };
  };
  let count = Math.max(FEWEST, length / SPACING);
  let { made, crowded } = make(count);
  // Half or double the count leads to the next round step, or to the same again.
  while (crowded && count > 1) ({ made, crowded } = make((count /= 2)));
  while (!isRead(made) && count < length) {
    const finer = make((count *= 2));
    if (finer.crowded) break;
    made = finer.made;
  }
  return made;
}

/** Corners of a box in space: bit k of the index tells whether the corner lies high along axis k. @param {import("./orbit.js").Ball} ball @returns {Float32Array} */
export function corners({ low, high }) {
  return Float32Array.from({ length: 24 }, (_, i) => ((Math.floor(i / 3) >> i % 3) & 1 ? high : low)[i % 3]);
}

/**
 * The box around points in space; each axis is named, with its ends, at the outermost of its four edges, but within
 * the canvas.
 * @param {Float32Array} pixels of the corners, x and y in turn
 * @param {import("./orbit.js").Ball} ball
 * @param {import("./view.js").Size} size
 * @param {Theme} theme
 * @param {string[]} names
 * @returns {Shapes}
 */
export function spaceBox(pixels, { low, high }, { width, height }, theme, names) {
  const within = (/** @type {number} */ at, /** @type {number} */ length, /** @type {number} */ half) =>
    Math.max(half, Math.min(length - half, at));
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
      x: within(a[0] + share * (b[0] - a[0]) + away * mx, width, SIDE + (WIDTH * text.length) / 2),
      y: within(a[1] + share * (b[1] - a[1]) + away * my, height, FOOT),
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
