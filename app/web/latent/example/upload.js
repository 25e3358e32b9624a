/** A picture file as an example: read, judged, fitted into its shape, grey where that is grey, turned over if it is dark on light. */
import { figureOf, groundOf, inked, isUsual, placed } from "./likedata.js";
import { finenessOf } from "./sheet.js";

/** Bytes of a file, at most. */
const MOST = 10 << 20;
/** What red, green and blue weigh in a grey (ITU-R BT.601). */
const GREY = [0.299, 0.587, 0.114];

/** Share of a picture that is transparent where that is its ground, at least: rounded corners are none. */
const GROUND = 1 / 20;
/** Within so many of 255 steps, colours are one. */
const ONE_COLOUR = 2;
/** Pixels each way of the look at what is on a picture. */
const LOOK = 128;

/**
 * A picture, and which way round it is.
 * @typedef {object} Upload
 * @property {ImageBitmap} picture
 * @property {boolean | null} dark whether its ink is dark; null where it has no transparent ground that would tell ink
 */

/** @param {File} file @returns {Promise<Upload>} rejected with a sentence for people */
export async function readPicture(file) {
  if (file.size > MOST) throw new Error(`"${file.name}" has ${(file.size / 2 ** 20).toFixed(1)} MB: choose a picture of at most ${MOST >> 20} MB.`);
  const picture = await createImageBitmap(file).catch(() => {
    throw new Error(`"${file.name}" is not a picture that this browser can read: choose a PNG, JPEG or WebP file.`);
  });
  const { nothing, dark } = judged(pixelsOf(picture, { width: LOOK, height: LOOK }, { x: 0, y: 0, width: LOOK, height: LOOK }));
  if (nothing) throw new Error(`"${file.name}" is ${nothing}: choose a picture that has something on it.`);
  return { picture, dark };
}

/**
 * What is on a picture: the word for nothing, if it is nothing, and whether the ink on a transparent ground is dark.
 * @param {Uint8ClampedArray} rgba
 * @returns {{nothing: string, dark: boolean | null}}
 */
export function judged(rgba) {
  const [least, most] = [[255, 255, 255, 255], [0, 0, 0, 0]];
  let [ink, light] = [0, 0];
  for (let at = 0; at < rgba.length; at += 4) {
    const alpha = rgba[at + 3];
    ink += alpha;
    light += alpha * greyOf(rgba, at);
    for (let c = 0; c < 4; c++) {
      const value = c < 3 && !alpha ? 0 : rgba[at + c]; // what is transparent has no colour
      least[c] = Math.min(least[c], value);
      most[c] = Math.max(most[c], value);
    }
  }
  if (most[3] <= ONE_COLOUR) return { nothing: "wholly transparent", dark: null };
  if (most.every((value, c) => value - least[c] <= ONE_COLOUR)) return { nothing: "of one colour all over", dark: null };
  return { nothing: "", dark: 1 - ink / (255 * (rgba.length / 4)) < GROUND ? null : light / ink < 0.5 };
}

/** What the box that turns a picture over says. @param {boolean | null} dark of an `Upload` */
export const spokenInvert = (dark) => (dark ? "invert (dark ink on a transparent ground)" : "invert (dark on light)");

/**
 * A picture on a sheet, as the files of its data were fitted; what is transparent is its ground. Of data that does not
 * tell: whole, as large as it fits, in the middle, and the border is ground, too.
 * @param {ImageBitmap} picture
 * @param {number[]} shape of an example
 * @param {boolean} invert
 * @param {Fit} fit
 * @returns {Float32Array} values of a `Sheet`
 */
export function fitted(picture, shape, invert, fit) {
  const sheet = sheetOf(shape);
  const where = whereTo(picture, sheet, fit);
  const shares = sharesOf(pixelsOf(picture, sheet, where), shape[0], invert);
  if (fit === "pad") {
    const look = lookAt(picture.width / picture.height);
    const seen = sharesOf(pixelsOf(picture, look, { x: 0, y: 0, ...look }), shape[0], invert);
    fillAround(shares, sheet, where, groundOf(seen, [shape[0], look.height, look.width]));
  }
  return shares;
}

/** Beyond a picture there is one colour. @param {Float32Array} shares @param {Size} sheet @param {Size & {x: number, y: number}} where @param {number[]} colour */
export function fillAround(shares, { width, height }, where, colour) {
  const [left, top] = [Math.round(where.x), Math.round(where.y)];
  const [right, bottom] = [Math.round(where.x + where.width), Math.round(where.y + where.height)];
  for (let i = 0; i < shares.length; i++) {
    const at = i % (width * height);
    const [x, y] = [at % width, Math.floor(at / width)];
    if (x < left || x >= right || y < top || y >= bottom) shares[i] = colour[Math.floor(i / (width * height))];
  }
}

/** The size of a `Sheet`. @param {number[]} shape of an example @returns {Size} */
function sheetOf(shape) {
  const fine = finenessOf(shape);
  return { width: fine * shape[2], height: fine * shape[1] };
}

/**
 * The same with the figure on it like those of the data, in size, place, polarity and contrast; what is one of theirs as
 * it is, or has no figure, is only fitted.
 * @param {Upload} upload
 * @param {number[]} shape of an example
 * @param {boolean} invert
 * @param {import("./likedata.js").Habits | null} habits
 * @param {Fit} fit
 * @returns {Float32Array} values of a `Sheet`
 */
export function likeData({ picture, dark }, shape, invert, habits, fit) {
  const [channels] = shape;
  const look = lookAt(picture.width / picture.height);
  // Ink on a transparent ground is what covers; on any other it is what stands out from the border.
  const seen = (/** @type {Uint8ClampedArray} */ rgba) => sharesOf(rgba, channels, dark !== null && invert);
  const whole = pixelsOf(picture, look, { x: 0, y: 0, ...look });
  const figure = habits && figureOf(seen(whole), [channels, look.height, look.width]);
  if (!habits || !figure || isUsual(figure, habits)) return fitted(picture, shape, invert, fit);
  const sheet = sheetOf(shape);
  const where = placed(figure, picture, habits, sheet);
  const rgba = pixelsOf(picture, sheet, where);
  const shares = seen(rgba);
  const area = rgba.length / 4;
  // Beyond the picture's edges its ground goes on.
  for (let i = 0; i < shares.length; i++) {
    if (dark === null) shares[i] += (1 - rgba[4 * (i % area) + 3] / 255) * figure.ground[Math.floor(i / area)];
  }
  const placedFigure = figureOf(shares, [channels, sheet.height, sheet.width]);
  return placedFigure ? inked(placedFigure, shares, habits) : fitted(picture, shape, invert, fit);
}

/** The size of the look at a picture of so many times the width of its height. @param {number} ratio */
function lookAt(ratio) {
  return { width: Math.max(1, Math.round(LOOK * Math.min(1, ratio))), height: Math.max(1, Math.round(LOOK * Math.min(1, 1 / ratio))) };
}

/** A picture, drawn in a frame of its own. @param {ImageBitmap} picture @param {Size} frame @param {Size & {x: number, y: number}} where */
function pixelsOf(picture, frame, { x, y, width, height }) {
  const canvas = Object.assign(document.createElement("canvas"), frame);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, x, y, width, height);
  return context.getImageData(0, 0, canvas.width, canvas.height).data;
}

/** @typedef {{width: number, height: number}} Size */

/** How files became examples: stretched, the largest square in their middle, or whole; null where that is not known. @typedef {"fit" | "crop" | "pad" | null} Fit */

/** Where a picture stands in a frame that is filled in one of these ways. @param {Size} picture @param {Size} frame @param {Fit} fit */
export function whereTo(picture, frame, fit) {
  if (fit === "fit") return { x: 0, y: 0, width: frame.width, height: frame.height };
  const scales = [frame.width / picture.width, frame.height / picture.height];
  const scale = fit === "crop" ? Math.max(...scales) : Math.min(...scales);
  const [width, height] = [scale * picture.width, scale * picture.height];
  return { x: (frame.width - width) / 2, y: (frame.height - height) / 2, width, height };
}

/**
 * Values from 0, the ground, to 1: bright, or dark if inverted; as much as it covers.
 * @param {Uint8ClampedArray} rgba
 * @param {number} channels
 * @param {boolean} invert
 * @returns {Float32Array} channel by channel
 */
export function sharesOf(rgba, channels, invert) {
  const area = rgba.length / 4;
  const shares = new Float32Array(channels * area);
  for (let i = 0; i < shares.length; i++) {
    const at = 4 * (i % area);
    const share = channels === 3 ? rgba[at + Math.floor(i / area)] / 255 : greyOf(rgba, at);
    shares[i] = ((invert ? 1 - share : share) * rgba[at + 3]) / 255;
  }
  return shares;
}

/** Brightness, 0…1. @param {Uint8ClampedArray} rgba @param {number} at */
function greyOf(rgba, at) {
  return GREY.reduce((sum, weight, c) => sum + weight * rgba[at + c], 0) / 255;
}
