/** What a cloud shows, as a PNG picture or an SVG document. */
import { DIMMED, OPACITY } from "./painter.js";
import { joined } from "./shapes.js";
import { radiusOf } from "./sprites.js";
import { svgDocument } from "./svg.js";
import { closeness } from "./view.js";

/** @typedef {import("./cloud.js").PointCloud} PointCloud */

/**
 * A PNG of what is on the screen, in its pixels, without the pointer.
 * @param {PointCloud} cloud
 * @returns {Promise<Blob>}
 */
export function pngOf({ base, canvas: sheet, theme }) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [sheet.width, sheet.height];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = /** @type {import("../base/palette.js").Theme} */ (theme).background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(base, 0, 0);
  context.drawImage(sheet, 0, 0);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture is too large to be written."))), "image/png");
  });
}

/**
 * An SVG document of what is on the screen, points as circles. Pictures of the decoder and fields of values are an
 * image within it; pictures in place of points are left out.
 * @param {PointCloud} cloud
 * @returns {string}
 */
export function svgOf(cloud) {
  const { scene, size, base } = cloud;
  const theme = /** @type {import("../base/palette.js").Theme} */ (cloud.theme);
  const { positions, layout, order } = scene;
  const view = { box: cloud.box, size, theme };
  const pictured = !cloud.backdrop.empty && !scene.ball;
  const radius = radiusOf(scene.count, closeness(view.box, cloud.fitted));
  const part = (/** @type {boolean} */ faded) => ({
    positions, colours: layout.colours, radius, opacity: faded ? DIMMED : OPACITY,
    order: order.filter((i) => Boolean(layout.dimmed?.[i]) === faded),
  });
  const plain = (/** @type {import("./shapes.js").Shapes} */ { strokes, ellipses, texts }) => ({
    strokes: strokes.map((stroke) => ({ ...stroke, ...plainColour(stroke.colour, stroke.opacity) })),
    ellipses: ellipses.map((ellipse) => ({ ...ellipse, colour: plainColour(ellipse.colour).colour })),
    texts: texts.map((text) => ({ ...text, colour: plainColour(text.colour).colour })),
  });
  return svgDocument({
    ...size,
    background: plainColour(theme.background).colour,
    // The image has the lines beneath the points in it.
    backdrop: pictured ? base.toDataURL("image/png") : null,
    below: pictured ? joined() : plain(cloud.foreground.below(view)),
    points: [part(true), part(false)],
    above: plain(cloud.foreground.above(view)),
  });
}

/**
 * A colour of the page, which may be any expression of CSS, as "#rrggbb" and an opacity.
 * @param {string} colour
 * @param {number} [opacity]
 */
export function plainColour(colour, opacity = 1) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
  const hex = [r, g, b].map((channel) => channel.toString(16).padStart(2, "0")).join("");
  return { colour: `#${hex}`, opacity: (opacity * a) / 255 };
}
