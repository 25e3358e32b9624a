/** Lines, marks and names over the points, from data to shapes on the screen. Pure functions. */

/**
 * @typedef {import("./shapes.js").Shapes} Shapes
 * @typedef {import("./shapes.js").Text} Text
 * @typedef {import("../base/palette.js").Theme} Theme
 * @typedef {(coordinates: ArrayLike<number>) => Float32Array} ToPixels from coordinates of as many dimensions as the
 *   layout has, in turn, to x and y in pixels
 *
 * @typedef {object} Line
 * @property {Float32Array} points coordinates in turn
 * @property {string} colour
 * @property {number} [width]
 * @property {number[]} [dash]
 * @property {boolean} [closed]
 * @property {number} [opacity]
 *
 * @typedef {object} Mark
 * @property {number} x
 * @property {number} y
 * @property {number} [z] in space
 * @property {"ring" | "cross" | "dot" | "ellipse"} shape
 * @property {number} [rx] half axes of an ellipse in units of data; ellipses belong to the plane
 * @property {number} [ry]
 * @property {number} [angle] of the first half axis, in radians from x towards y
 * @property {string} colour
 * @property {string} [label]
 *
 * @typedef {{text: string, x: number, y: number, z?: number}} Name
 */

/** Pixels that the seam of a line adds to its width. */
const SEAM = 3;
/** Half the extent of marks, in pixels. */
const RING = 7;
const CROSS = 6;
const DOT = 4;

/** A ring around one of the points of a plane; none where it is not among them. @param {ArrayLike<number>} points @param {number} index @param {Theme | null | undefined} theme @returns {Mark[]} */
export function ringAround(points, index, theme) {
  if (index < 0 || 2 * index >= points.length) return [];
  return [{ x: points[2 * index], y: points[2 * index + 1], shape: "ring", colour: theme?.text ?? "#888888" }];
}

/** Lines, with a seam in the background's colour that keeps them apart from points. @param {Line[]} lines @param {ToPixels} toPixels @param {Theme} theme @returns {Shapes} */
export function lineShapes(lines, toPixels, theme) {
  const strokes = lines.flatMap((line) => {
    const stroke = { width: 2, ...line, points: toPixels(line.points) };
    return [{ ...stroke, colour: theme.background, width: stroke.width + SEAM, dash: [], opacity: 0.6 }, stroke];
  });
  return { strokes, ellipses: [], texts: [] };
}

/**
 * @param {Mark[]} marks
 * @param {ToPixels} toPixels
 * @param {{ax: number, ay: number}} scale pixels of a unit of data along both axes
 * @param {Theme} theme
 * @returns {Shapes}
 */
export function markShapes(marks, toPixels, { ax, ay }, theme) {
  /** @type {Shapes} */
  const shapes = { strokes: [], ellipses: [], texts: [] };
  for (const mark of marks) {
    const { shape, colour, label, rx = 0, ry = 0, angle = 0 } = mark;
    const [cx, cy] = toPixels([mark.x, mark.y, mark.z ?? 0]);
    const half = { ring: RING, cross: CROSS, dot: DOT, ellipse: 0 }[shape];
    if (shape === "cross") {
      for (const way of [-1, 1]) {
        const points = [cx - half, cy - way * half, cx + half, cy + way * half];
        shapes.strokes.push({ points, colour: theme.background, width: 5 }, { points, colour, width: 2.25 });
      }
    } else if (shape === "ellipse") {
      shapes.ellipses.push({ cx, cy, ...ellipseOf(ax, ay, rx, ry, angle), colour, filled: false });
    } else shapes.ellipses.push({ cx, cy, rx: half, ry: half, angle: 0, colour, filled: shape === "dot" });
    if (label) shapes.texts.push({ x: cx + half + 5, y: cy, text: label, size: 12, weight: 600, colour: theme.text, anchor: "start" });
  }
  return shapes;
}

/**
 * Half axes and angle on the screen of an ellipse in data: the singular values of A = diag(ax, ay) R(angle) diag(rx, ry)
 * and the direction of the first left singular vector.
 * @param {number} ax
 * @param {number} ay
 * @param {number} rx
 * @param {number} ry
 * @param {number} angle
 */
export function ellipseOf(ax, ay, rx, ry, angle) {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const [a, b, d, e] = [ax * c * rx, -ax * s * ry, ay * s * rx, ay * c * ry];
  // A Aᵀ = [[p, q], [q, r]]; its eigenvalues are the squares of the half axes.
  const [p, q, r] = [a * a + b * b, a * d + b * e, d * d + e * e];
  const [mean, half] = [(p + r) / 2, Math.hypot((p - r) / 2, q)];
  return { rx: Math.sqrt(mean + half), ry: Math.sqrt(Math.max(0, mean - half)), angle: Math.atan2(2 * q, p - r) / 2 };
}

/**
 * Names, each unless it would cover one before it or a label of a mark.
 * @param {Name[]} names in pixels
 * @param {Theme} theme
 * @param {(text: Text) => number} widthOf
 * @param {Text[]} labels
 * @returns {Shapes}
 */
export function nameShapes(names, theme, widthOf, labels) {
  const area = (/** @type {Text} */ text) => {
    const half = widthOf(text) / 2;
    return { x: text.anchor === "start" ? text.x + half : text.x, y: text.y, half };
  };
  const taken = labels.map(area);
  /** @type {Text[]} */
  const texts = [];
  for (const name of names) {
    const { x, y } = name;
    const text = /** @type {Text} */ ({ ...NAME, x, y, text: name.text, colour: theme.text, anchor: "middle" });
    const own = area(text);
    if (taken.some((other) => Math.abs(other.x - x) < other.half + own.half && Math.abs(other.y - y) < NAME.size)) continue;
    taken.push(own);
    texts.push(text);
  }
  return { strokes: [], ellipses: [], texts };
}

/** Type of the names. */
const NAME = { size: 14, weight: 600 };
/** Share of the text's colour in the contours of a class, so that they are seen over its points. */
const CONTRAST = 45;

/**
 * Contours of density: the line around fewer points is the stronger one.
 * @param {{share: number, points: Float32Array, closed: boolean, colour: string | null}[]} contours null: the text's colour
 * @param {ToPixels} toPixels
 * @param {Theme} theme
 * @returns {Shapes}
 */
export function contourShapes(contours, toPixels, theme) {
  const strokes = contours.map(({ share, points, closed, colour }) => ({
    points: toPixels(points),
    closed,
    colour: colour ? `color-mix(in srgb, ${theme.text} ${CONTRAST}%, ${colour})` : theme.text,
    width: 1.5,
    opacity: 1 - 0.4 * share,
  }));
  return { strokes, ellipses: [], texts: [] };
}
