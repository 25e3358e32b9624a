/**
 * Colour ramps for fields of real values, of even steps to the eye: straight lines in Oklab (B. Ottosson, "A perceptual
 * color space for image processing", 2020). Pure functions.
 */
import { packRgb } from "./colour.js";

/**
 * @typedef {"tint" | "spectrum" | "diverging"} RampName
 *   tint: one hue that leaves the page's background; spectrum: from dark blue to yellow; diverging: two hues from the
 *   middle, for values around zero
 */

/** Colours that each ramp passes through, on a light page and on a dark one. @type {Record<RampName, [string[], string[]]>} */
const CORNERS = {
  // No further than to a middle lightness, on which points of every class still stand out.
  tint: [["#ffffff", "#7f9fcb"], ["#0e1117", "#41659c"]],
  spectrum: [["#3a3f8f", "#237f8e", "#54b56a", "#fbe34a"], ["#3a3f8f", "#237f8e", "#54b56a", "#fbe34a"]],
  diverging: [["#2a5caa", "#f5f5f3", "#b8500f"], ["#6aa5f2", "#20242c", "#f28f4a"]],
};
const STEPS = 256;

/** @param {string} colour "#rrggbb" @returns {[number, number, number]} lightness, and the two axes of hue */
export function toOklab(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = parseInt(colour.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** @param {number[]} lab @returns {number} a packed colour */
function fromOklab([lightness, a, b]) {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const channels = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((c) => {
    const clipped = Math.max(0, Math.min(1, c));
    return Math.round(255 * (clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055));
  });
  return packRgb(channels[0], channels[1], channels[2]);
}

/** A ramp in 256 packed colours, the lowest value first. @param {RampName} name @param {boolean} dark whether the page is @returns {Uint32Array} */
export function rampTable(name, dark) {
  const corners = CORNERS[name][dark ? 1 : 0].map(toOklab);
  return Uint32Array.from({ length: STEPS }, (_, k) => {
    const at = (k / (STEPS - 1)) * (corners.length - 1);
    const i = Math.min(corners.length - 2, Math.floor(at));
    return fromOklab(corners[i].map((c, axis) => c + (at - i) * (corners[i + 1][axis] - c)));
  });
}
