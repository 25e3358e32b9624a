/** What is drawn above and below the points, in CSS pixels, so that the canvas and an SVG document show the same. */

/**
 * @typedef {object} Stroke a line
 * @property {ArrayLike<number>} points x and y in turn
 * @property {string} colour
 * @property {number} [width]
 * @property {number[]} [dash]
 * @property {boolean} [closed]
 * @property {number} [opacity]
 *
 * @typedef {{cx: number, cy: number, rx: number, ry: number, angle: number, colour: string, filled: boolean}} Ellipse
 *   the angle is in radians, clockwise on the screen
 *
 * @typedef {{x: number, y: number, text: string, size: number, weight: number, colour: string, anchor: "start" | "middle" | "end"}} Text
 *   its middle stands at the height y
 *
 * @typedef {{strokes: Stroke[], ellipses: Ellipse[], texts: Text[]}} Shapes strokes lie lowest, texts highest
 */

/** Width of the halo in the background's colour that keeps text and marks readable above points. */
export const HALO = 3;

/** @param {...Shapes} parts @returns {Shapes} */
export function joined(...parts) {
  return {
    strokes: parts.flatMap((part) => part.strokes),
    ellipses: parts.flatMap((part) => part.ellipses),
    texts: parts.flatMap((part) => part.texts),
  };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Shapes} shapes
 * @param {string} background
 */
export function drawShapes(context, { strokes, ellipses, texts }, background) {
  context.lineJoin = "round";
  for (const stroke of strokes) drawStroke(context, stroke);
  const outline = (/** @type {Ellipse} */ { cx, cy, rx, ry, angle }, /** @type {string} */ colour, /** @type {number} */ width) => {
    context.beginPath();
    context.ellipse(cx, cy, rx, ry, angle, 0, 7);
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke();
  };
  // All halos lie beneath, that none of them cuts a ring.
  for (const ellipse of ellipses) outline(ellipse, background, 1.75 + HALO);
  for (const ellipse of ellipses) {
    outline(ellipse, ellipse.colour, 1.75);
    context.fillStyle = ellipse.colour;
    if (ellipse.filled) context.fill();
  }
  context.textBaseline = "middle";
  context.strokeStyle = background;
  context.lineWidth = HALO;
  for (const { x, y, text, size, weight, colour, anchor } of texts) {
    context.font = fontOf(size, weight);
    context.textAlign = anchor === "middle" ? "center" : anchor;
    context.strokeText(text, x, y);
    context.fillStyle = colour;
    context.fillText(text, x, y);
  }
}

/** @param {number} size @param {number} weight */
export function fontOf(size, weight) {
  return `${weight} ${size}px sans-serif`;
}

/** @param {CanvasRenderingContext2D} context @param {Stroke} stroke */
function drawStroke(context, { points, colour, width = 1, dash = [], closed = false, opacity = 1 }) {
  context.beginPath();
  for (let i = 0; i < points.length; i += 2) context.lineTo(points[i], points[i + 1]);
  if (closed) context.closePath();
  context.setLineDash(dash);
  context.globalAlpha = opacity;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}
