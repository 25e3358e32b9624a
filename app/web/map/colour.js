/** Colours as the numbers that an image's pixels are made of. Pure functions. */
/** Bytes in memory stand R, G, B, A, and every machine that runs a browser is little endian. */
const OPAQUE = 0xff000000;

/** "#rrggbb" or "rgb(r,g,b)" as one opaque pixel. @param {string} colour @returns {number} */
export function packColour(colour) {
  const [r, g, b] = colour.startsWith("#")
    ? [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16))
    : /** @type {RegExpMatchArray} */ (colour.match(/\d+/g)).map(Number);
  return packRgb(r, g, b);
}

/** @param {number} r @param {number} g @param {number} b @returns {number} */
export function packRgb(r, g, b) {
  return ((b << 16) | (g << 8) | r | OPAQUE) >>> 0;
}

/** A pixel as "#rrggbb". @param {number} pixel @returns {string} */
export function cssColour(pixel) {
  return `#${[0, 8, 16].map((shift) => ((pixel >>> shift) & 255).toString(16).padStart(2, "0")).join("")}`;
}

/** A colour of a palette for each point. @param {ArrayLike<number>} labels @param {string[]} palette as "#rrggbb"; repeats itself @returns {Uint32Array} */
export function packPalette(labels, palette) {
  const packed = Uint32Array.from(palette, packColour);
  return Uint32Array.from(labels, (label) => packed[label % packed.length]);
}
