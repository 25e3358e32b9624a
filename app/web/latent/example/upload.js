/** A picture file as an example: read, fitted into its shape, grey where it is grey, turned over if it is dark on light. */
import { FINE } from "./sheet.js";

/** Bytes of a file, at most. */
const MOST = 10 << 20;
/** What red, green and blue weigh in a grey (ITU-R BT.601). */
const GREY = [0.299, 0.587, 0.114];

/** @param {File} file @returns {Promise<ImageBitmap>} rejected with a sentence for people */
export async function readPicture(file) {
  if (file.size > MOST) throw new Error(`"${file.name}" has ${(file.size / 2 ** 20).toFixed(1)} MB: choose a picture of at most ${MOST >> 20} MB.`);
  try {
    return await createImageBitmap(file);
  } catch {
    throw new Error(`"${file.name}" is not a picture that this browser can read: choose a PNG, JPEG or WebP file.`);
  }
}

/**
 * The whole picture, as large as it fits, in the middle of a sheet.
 * @param {ImageBitmap} picture
 * @param {number[]} shape of an example
 * @param {boolean} invert
 * @returns {Float32Array} values of a `Sheet`
 */
export function fitted(picture, [channels, rows, columns], invert) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [FINE * columns, FINE * rows];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.fillStyle = invert ? "#fff" : "#000"; // the border and whatever is transparent: the background
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  const { x, y, width, height } = contained(picture, canvas);
  context.drawImage(picture, x, y, width, height);
  return sharesOf(context.getImageData(0, 0, canvas.width, canvas.height).data, channels, invert);
}

/** @typedef {{width: number, height: number}} Size */

/** Where a picture stands in a frame, whole and as large as can be. @param {Size} picture @param {Size} frame */
export function contained(picture, frame) {
  const scale = Math.min(frame.width / picture.width, frame.height / picture.height);
  const [width, height] = [scale * picture.width, scale * picture.height];
  return { x: (frame.width - width) / 2, y: (frame.height - height) / 2, width, height };
}

/** @param {Uint8ClampedArray} rgba @param {number} channels @param {boolean} invert @returns {Float32Array} channel by channel, 0…1 */
export function sharesOf(rgba, channels, invert) {
  const area = rgba.length / 4;
  const shares = new Float32Array(channels * area);
  for (let i = 0; i < shares.length; i++) {
    const at = 4 * (i % area);
    const share = channels === 3 ? rgba[at + Math.floor(i / area)] / 255 : GREY.reduce((sum, weight, c) => sum + weight * rgba[at + c], 0) / 255;
    shares[i] = invert ? 1 - share : share;
  }
  return shares;
}
