/** A map as an SVG document. Pure functions; all text is escaped. */
import { cssColour } from "./colour.js";
import { HALO } from "./shapes.js";

/**
 * @typedef {import("./shapes.js").Shapes} Shapes
 * @typedef {{positions: Float32Array, colours: Uint32Array, order: Uint32Array, radius: number, opacity: number}} Points
 *
 * @typedef {object} Drawing everything in CSS pixels, every colour as "#rrggbb"
 * @property {number} width
 * @property {number} height
 * @property {string} background
 * @property {string | null} backdrop address of an image that lies beneath everything
 * @property {Shapes} below
 * @property {Points[]} points
 * @property {Shapes} above
 */

/** @param {string} text */
export function escaped(text) {
  const named = /** @type {Record<string, string>} */ ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" });
  // eslint-disable-next-line no-control-regex -- XML has no way to write control characters
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "").replace(/[&<>"']/g, (c) => named[c]);
}

/** A number to a tenth of a pixel. @param {number} value */
function tenth(value) {
  return String(Math.round(10 * value) / 10);
}

/** @param {number} value */
function hundredth(value) {
  return Math.round(100 * value) / 100;
}

/** Attributes, escaped. @param {Record<string, string | number>} values */
function attributes(values) {
  return Object.entries(values).map(([name, value]) => ` ${name}="${escaped(String(value))}"`).join("");
}

/** @param {import("./shapes.js").Stroke} stroke */
function path({ points, colour, width = 1, dash = [], closed = false, opacity = 1 }) {
  let d = "";
  for (let i = 0; i < points.length; i += 2) d += `${i ? "L" : "M"}${tenth(points[i])} ${tenth(points[i + 1])}`;
  return `<path${attributes({
    d: d + (closed ? "Z" : ""), fill: "none", stroke: colour, "stroke-width": width, "stroke-linejoin": "round",
    ...(dash.length ? { "stroke-dasharray": dash.join(" ") } : {}), ...(opacity < 1 ? { opacity: hundredth(opacity) } : {}),
  })}/>`;
}

/**
 * Circles of the points within the drawing, in a group for each colour.
 * @param {Points} points
 * @param {number} width
 * @param {number} height
 */
function circles({ positions, colours, order, radius, opacity }, width, height) {
  /** @type {Map<number, string[]>} */
  const groups = new Map();
  const r = tenth(radius);
  for (const i of order) {
    const [x, y] = [positions[2 * i], positions[2 * i + 1]];
    if (!(x > -radius && y > -radius && x < width + radius && y < height + radius)) continue;
    const circle = `<circle cx="${tenth(x)}" cy="${tenth(y)}" r="${r}"/>`;
    const members = groups.get(colours[i]);
    if (members) members.push(circle);
    else groups.set(colours[i], [circle]);
  }
  return [...groups].map(([colour, members]) =>
    `<g${attributes({ fill: cssColour(colour), "fill-opacity": hundredth(opacity) })}>${members.join("")}</g>`);
}

/** @param {Shapes} shapes @param {string} background */
function shapeLines({ strokes, ellipses, texts }, background) {
  return [
    ...strokes.map(path),
    ...ellipses.map(({ cx, cy, rx, ry, angle, colour, filled }) => `<ellipse${attributes({
      cx: tenth(cx), cy: tenth(cy), rx: tenth(rx), ry: tenth(ry), fill: filled ? colour : "none", stroke: colour, "stroke-width": 1.75,
      ...(angle ? { transform: `rotate(${tenth((180 * angle) / Math.PI)} ${tenth(cx)} ${tenth(cy)})` } : {}),
    })}/>`),
    ...texts.map(({ x, y, text, size, weight, colour, anchor }) => `<text${attributes({
      x: tenth(x), y: tenth(y), "font-size": size, "font-weight": weight, fill: colour, stroke: background, "stroke-width": HALO,
      "stroke-linejoin": "round", "paint-order": "stroke", "text-anchor": anchor, "dominant-baseline": "central",
    })}>${escaped(text)}</text>`),
  ];
}

/** @param {Drawing} drawing @returns {string} */
export function svgDocument({ width, height, background, backdrop, below, points, above }) {
  return [
    `<svg${attributes({ xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}`, "font-family": "sans-serif" })}>`,
    `<rect${attributes({ width, height, fill: background })}/>`,
    ...(backdrop ? [`<image${attributes({ width, height, href: backdrop })}/>`] : []),
    ...shapeLines(below, background),
    ...points.flatMap((group) => circles(group, width, height)),
    ...shapeLines(above, background),
    "</svg>",
  ].join("\n");
}
