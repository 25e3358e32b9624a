/** Circles beneath the points of a plane, with their names: from data to shapes on the screen. Pure functions. */

/**
 * @typedef {object} Ring a circle of the plane; where the vertical axis has a row for each label, the two ends of an interval
 * @property {[number, number]} centre in units of data
 * @property {number} radius in units of data
 * @property {string} name
 */

/** Share of the text's colour: 3:1 against the background of both themes (WCAG 1.4.11), and fainter than any point. */
export const SHARE = 55;
const WIDTH = 1.5;
const SIZE = 11;
/** From a circle up to the middle of its name. */
const AIR = 8;
/** Corners of the polygon that stands for a circle. */
const CORNERS = 128;
/** Height of the names of intervals, where those of the vertical axis are not. */
const TOP = 24;

/** @param {import("../base/palette.js").Theme} theme */
export function ringColour({ text, background }) {
  return `color-mix(in srgb, ${text} ${SHARE}%, ${background})`;
}

/**
 * @param {Ring[]} rings
 * @param {boolean} rows whether the vertical axis has a row for each label
 * @param {import("./view.js").Size} size
 * @param {(coordinates: ArrayLike<number>) => Float32Array} toPixels
 * @param {import("../base/palette.js").Theme} theme
 * @returns {import("./shapes.js").Shapes}
 */
export function ringShapes(rings, rows, size, toPixels, theme) {
  const look = { colour: ringColour(theme), width: WIDTH };
  /** @type {import("./shapes.js").Shapes} */
  const shapes = { strokes: [], ellipses: [], texts: [] };
  for (const { centre: [x, y], radius, name } of rings) {
    const write = (/** @type {number} */ px, /** @type {number} */ py) =>
      shapes.texts.push({ x: px, y: py, text: name, size: SIZE, weight: 600, colour: theme.faint, anchor: "middle" });
    if (rows) {
      const [left, , right] = toPixels([x - radius, y, x + radius, y]);
      for (const at of [left, right]) shapes.strokes.push({ ...look, points: [at, 0, at, size.height] });
      write(right, TOP);
      continue;
    }
    const corners = Array.from({ length: 2 * CORNERS }, (_, i) => {
      const angle = (2 * Math.PI * (i >> 1)) / CORNERS;
      return i & 1 ? y + radius * Math.sin(angle) : x + radius * Math.cos(angle);
    });
    shapes.strokes.push({ ...look, points: toPixels(corners), closed: true });
    const [px, py] = toPixels([x, y + radius]);
    write(px, py - AIR);
  }
  return shapes;
}
