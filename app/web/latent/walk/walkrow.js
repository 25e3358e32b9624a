/** One way from A to B as a row of pictures, with how far each code is from real ones below. */
import { element } from "../../base/dom.js";
import { paint } from "../../base/picture.js";
import { format } from "../../base/scale.js";
import { nearestCode } from "../../space/paths.js";

/** The colour of text, of which there is one for light and one for dark. */
export const TEXT = "var(--surface-text)";
/** Pictures in a row. */
const FRAMES = 11;

/**
 * @typedef {object} Way
 * @property {"linear" | "spherical" | "geodesic" | "blend"} name
 * @property {string} title
 * @property {string} says what it is
 * @property {string} colour of its line on the map, `TEXT` or as "#rrggbb"
 * @property {number[]} dash
 *
 * @typedef {import("../../space/paths.js").Path} Path
 * @typedef {{path: Path | null, picture: (t: number) => ArrayLike<number>}} Walk from t in [0, 1] to the code, which
 *   mixed pictures do not have, and to the picture as 0…255
 */

export class WalkRow {
  /** @param {Way} way @param {import("../../space/space.js").LatentSpace} space @param {(t: number) => void} onT a picture was clicked */
  constructor(way, space, onT) {
    this.way = way;
    this.space = space;
    /** What is left to paint and to measure, a piece at a time. @type {Iterable<undefined>} */
    this.work = [];
    /** @type {Walk | null} */
    this.walk = null;
    /** From the code of each picture to the nearest real one; NaN while unknown. */
    this.distances = new Float32Array(FRAMES).fill(NaN);
    this.canvases = Array.from({ length: FRAMES }, (_, i) => element("canvas", { role: "img", "aria-label": `t = ${i / (FRAMES - 1)}` }));
    this.bars = this.canvases.map(() => element("i", { class: "walk-bar" }));
    this.frames = this.canvases.map((canvas, i) => element("div", { class: "walk-frame", onclick: () => onT(i / (FRAMES - 1)) },
      canvas, way.name === "blend" ? null : element("div", { class: "walk-well" }, this.bars[i])));
    this.says = element("span", { class: "hint walk-says", text: way.says });
    this.length = element("span", { class: "walk-length", "data-testid": `walk-length-${way.name}` });
    this.off = element("span", { class: "hint", "data-testid": `walk-off-${way.name}` });
    this.state = element("div", { class: "hint walk-state", hidden: true, role: "status", "data-testid": `walk-state-${way.name}` });
    this.root = element("div", { class: "walk-row", role: "group", "aria-label": `${way.title}: ${way.says}`, style: `--way: ${way.colour}`, "data-testid": `walk-row-${way.name}` },
      element("div", { class: "walk-head" }, swatch(way), element("strong", { text: way.title }),
        this.says, this.length),
      this.state,
      element("div", { class: "walk-frames" }, ...this.frames),
      way.name === "blend" ? null : this.off);
  }

  /** Take another walk; `work` shows it. @param {Walk | null} walk @param {() => void} [onDistances] they are known, where there are any */
  take(walk, onDistances = () => {}) {
    this.walk = walk;
    this.work = walk ? this.pieces(walk, onDistances) : [];
    this.root.classList.toggle("walk-waiting", !walk);
    if (!walk) this.showLength(null);
  }

  /** @param {Walk} walk @param {() => void} onDistances @returns {Generator<undefined, void>} */
  *pieces({ picture, path }, onDistances) {
    const { look, codes, units } = this.space.ready();
    for (let i = 0; i < FRAMES; i++) {
      paint(this.canvases[i], picture(i / (FRAMES - 1)), look);
      yield;
    }
    if (!path) return;
    for (let i = 0; i < FRAMES; i++) {
      const { index, distance } = nearestCode(codes, units, path(i / (FRAMES - 1)));
      this.distances[i] = distance;
      this.frames[i].title = `t = ${i / (FRAMES - 1)}: ${format(distance)} code units from the code of example ${index}`;
      yield;
    }
    onDistances();
  }

  /** Draw the distances as bars. @param {number} most that fills a bar @param {number} usual between examples */
  showDistances(most, usual) {
    const share = (/** @type {number} */ value) => `${(100 * Math.min(1, value / (most || 1))).toFixed(1)}%`;
    this.bars.forEach((bar, i) => (bar.style.height = share(this.distances[i] || 0)));
    this.root.style.setProperty("--usual", share(usual));
    const farthest = Math.max(...this.distances);
    this.off.textContent = Number.isNaN(farthest) ? "" : `at most ${format(farthest)} code units from an example`;
    if (!Number.isNaN(farthest)) this.root.dataset.farthest = String(farthest);
  }

  /** @param {number | null} length of the decoded walk @param {string} [more] */
  showLength(length, more = "") {
    this.length.textContent = length === null ? "" : [`length ${format(length)}`, more].filter(Boolean).join(" · ");
    if (length === null) delete this.root.dataset.length;
    else this.root.dataset.length = String(length);
  }

  /** What it is here. @param {string} text */
  note(text) {
    this.says.textContent = text;
  }

  /** In place of the row's pictures while there are none. @param {string} text */
  say(text) {
    this.state.textContent = text;
    this.state.hidden = !text;
  }
}

/** The colour of a way where CSS variables mean nothing. @param {Way} way @param {import("../../base/palette.js").Theme | undefined} theme */
export function plainColour({ colour }, theme) {
  return colour === TEXT ? theme?.text ?? "#888888" : colour;
}

/** The line on the map as a little picture. @param {Way} way */
function swatch({ colour, dash, name }) {
  const style = name === "blend" ? "visibility: hidden" : `border-top: 3px ${!dash.length ? "solid" : dash[0] > 3 ? "dashed" : "dotted"} ${colour}`;
  return element("i", { class: "walk-swatch", style });
}
