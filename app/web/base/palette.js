/**
 * Colours: one for each class, the same on every page; and a ramp for real values.
 * Classes: the ten colours of M. Petroff, "Accessible Color Sequences for Data Visualization" (2021).
 */

export const CLASS_COLOURS = [
  "#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6", "#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd",
];

/** @param {number} k index of a class @returns {string} */
export function classColour(k) {
  return CLASS_COLOURS[k % CLASS_COLOURS.length];
}

/** Places among them of greys, which clusters leave to what is in no cluster. */
const GREYS = [3, 8];
/** Of what is in none. */
export const NO_CLUSTER = "#8a8f98";
/** The colours of clusters: each as it is, then darker, then lighter; so many are told apart. */
export const CLUSTER_COLOURS = [[0, 0], [0, 0.4], [255, 0.45]].flatMap(([towards, share]) =>
  CLASS_COLOURS.filter((_, k) => !GREYS.includes(k)).map((colour) => mixed(colour, towards, share)));

/** @param {string} colour as #rrggbb @param {number} towards a grey @param {number} share of the way @returns {string} */
function mixed(colour, towards, share) {
  const parts = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return `#${parts.map((part) => Math.round(part + share * (towards - part)).toString(16).padStart(2, "0")).join("")}`;
}

/** Corners of a ramp from blue through teal to yellow, of rising lightness. */
const RAMP = [
  [58, 76, 160],
  [32, 144, 140],
  [122, 200, 90],
  [250, 222, 60],
];

/** @param {number} share in [0, 1] @returns {string} */
export function rampColour(share) {
  const at = Math.max(0, Math.min(1, share)) * (RAMP.length - 1);
  const i = Math.min(RAMP.length - 2, Math.floor(at));
  const mixed = RAMP[i].map((c, k) => Math.round(c + (at - i) * (RAMP[i + 1][k] - c)));
  return `rgb(${mixed.join(",")})`;
}

/**
 * @typedef {object} Theme
 * @property {string} text
 * @property {string} faint
 * @property {string} line
 * @property {string} panel
 * @property {string} background
 * @property {string} accent
 */

/** Whether a colour written as #rrggbb is dark. @param {string} colour @returns {boolean} */
export function isDark(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return 0.299 * r + 0.587 * g + 0.114 * b < 128;
}

/** The page's colours, from the CSS variables that its host gives it. @param {Element} element @returns {Theme} */
export function readTheme(element) {
  const style = getComputedStyle(element);
  const get = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return {
    text: get("--surface-text"),
    faint: get("--surface-faint"),
    line: get("--surface-line"),
    panel: get("--surface-panel"),
    background: get("--surface-background"),
    accent: get("--surface-accent"),
  };
}
