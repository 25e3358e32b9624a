/** One example as a picture: grey or colour images pixel by pixel, vectors as bars. */

/**
 * @typedef {object} Look
 * @property {number[]} shape of one example
 * @property {[number, number]} range of its values
 */

/** Bytes over the range as they travel in frames, from real values. @param {Float32Array} values @param {[number, number]} range */
export function toBytes(values, [low, high]) {
  const bytes = new Uint8ClampedArray(values.length);
  for (let i = 0; i < values.length; i++) bytes[i] = (255 * (values[i] - low)) / (high - low);
  return bytes;
}

/**
 * Paint an example into a canvas of any size.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} bytes 0…255, flat
 * @param {Look} look
 */
export function paint(canvas, bytes, look) {
  if (look.shape.length === 3) paintImage(canvas, bytes, look.shape);
  else paintBars(canvas, bytes, look.range);
}

/** How the pictures in a frame look, which may be smaller than examples. @param {Record<string, any>} meta of the scene @returns {Look} */
export const frameLook = ({ small, shape, range }) => ({ shape: small ?? shape, range });

/** @param {HTMLCanvasElement} canvas @param {ArrayLike<number>} bytes @param {number[]} shape */
function paintImage(canvas, bytes, [channels, height, width]) {
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const pixels = context.createImageData(width, height);
  fillPixels(pixels.data, bytes, channels);
  context.putImageData(pixels, 0, 0);
}

/**
 * Planes one after the other as the pixels of a canvas: three are red, green and blue, of others the first is grey.
 * @param {Uint8ClampedArray} rgba four bytes for each pixel
 * @param {ArrayLike<number>} planes
 * @param {number} channels
 * @param {number} [white] what is white among their values
 */
export function fillPixels(rgba, planes, channels, white = 255) {
  const area = rgba.length / 4;
  const [green, blue] = channels === 3 ? [area, 2 * area] : [0, 0];
  const scale = 255 / white;
  for (let i = 0; i < area; i++) {
    rgba[4 * i] = scale * planes[i];
    rgba[4 * i + 1] = scale * planes[i + green];
    rgba[4 * i + 2] = scale * planes[i + blue];
    rgba[4 * i + 3] = 255;
  }
}

/** Height of a bar chart, in pixels of the canvas. */
const BARS = 48;

/** Bars from zero, up and down. @param {HTMLCanvasElement} canvas @param {ArrayLike<number>} bytes @param {[number, number]} range */
function paintBars(canvas, bytes, [low, high]) {
  const width = Math.max(1, Math.floor(48 / bytes.length));
  if (canvas.width !== width * bytes.length || canvas.height !== BARS) [canvas.width, canvas.height] = [width * bytes.length, BARS];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = "#000";
  context.fillRect(0, 0, canvas.width, canvas.height);
  const y = (/** @type {number} */ share) => BARS * (1 - share);
  const zero = y(Math.max(0, Math.min(1, -low / (high - low))));
  context.fillStyle = "#e8e8e8";
  for (let i = 0; i < bytes.length; i++) {
    const top = y(bytes[i] / 255);
    context.fillRect(i * width + 1, Math.min(top, zero), Math.max(1, width - 2), Math.max(1, Math.abs(top - zero)));
  }
}
