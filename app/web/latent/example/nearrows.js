/** The examples nearest in the code and nearest in the pixels, side by side; each can be chosen. */
import { element } from "../../base/dom.js";
import { paint } from "../../base/picture.js";
import { format } from "../../base/scale.js";

/**
 * @typedef {"code" | "pixels"} By
 * @typedef {{indices: Int32Array, distances: Float32Array}} Near nearest first
 */

/** Colours of the two kinds, in the rows and on the map; told apart with every kind of colour vision. */
export const NEAR_COLOURS = { code: "#2b8fd6", pixels: "#e8711a" };

/** What an example consists of, in words. @param {import("../../base/picture.js").Look} look @returns {"pixels" | "features"} */
export function partsOf({ shape }) {
  return shape.length === 3 ? "pixels" : "features";
}

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b @returns {Set<number>} what is in both */
export function inBoth(a, b) {
  const there = new Set(Array.from(b));
  return new Set(Array.from(a).filter((index) => there.has(index)));
}

/**
 * How much the two have in common, in words.
 * @param {number} common
 * @param {number} count of each
 * @param {string} what examples consist of
 * @returns {string}
 */
export function spokenShare(common, count, what) {
  if (!count) return "There is no other example to compare with.";
  const many = ["None", "One"][common] ?? (common === count ? "All" : String(common));
  return `${many} of the ${count} nearest in code ${common === 1 ? "is" : "are"} also among the ${count} nearest in ${what}.`;
}

export class NearRows {
  /** @param {import("../../space/space.js").LatentSpace} space */
  constructor(space) {
    this.space = space;
    this.common = element("div", { class: "hint", "data-testid": "near-common" });
    this.what = partsOf(space.ready().look);
    this.rows = { code: row("code", "in code"), pixels: row("pixels", `in ${this.what}`) };
    this.root = element("div", { class: "near", "data-testid": "near" },
      element("h3", { text: "Nearest examples" }), this.common, this.rows.code.root, this.rows.pixels.root);
    space.listen((change) => change === "pictures" && this.paint());
  }

  /** @param {Near} code @param {Near} pixels */
  show(code, pixels) {
    const both = inBoth(code.indices, pixels.indices);
    this.common.textContent = spokenShare(both.size, code.indices.length, this.what);
    this.fill("code", code, both, "in code units");
    this.fill("pixels", pixels, both, "in data units");
    this.paint();
  }

  /** @param {By} by @param {Near} near @param {Set<number>} both @param {string} unit */
  fill(by, { indices, distances }, both, unit) {
    const { cells } = this.rows[by];
    while (cells.children.length > indices.length) cells.lastElementChild?.remove();
    while (cells.children.length < indices.length) cells.append(this.cell());
    indices.forEach((index, k) => {
      const cell = /** @type {HTMLElement} */ (cells.children[k]);
      const label = this.space.labelOf(index);
      const said = `#${index}, label ${label}: distance ${format(distances[k])} ${unit}${both.has(index) ? "; near in both" : ""}`;
      Object.assign(cell.dataset, { index: String(index), both: String(both.has(index)), painted: "" });
      cell.title = said;
      cell.setAttribute("aria-label", `Show ${said}`);
      /** @type {HTMLElement} */ (cell.children[1]).textContent = label;
    });
  }

  cell() {
    return element("button", {
      type: "button", class: "near-cell",
      onclick: (/** @type {MouseEvent} */ event) => this.space.choose(Number(/** @type {HTMLElement} */ (event.currentTarget).dataset.index)),
    }, element("canvas"), element("span"));
  }

  /** Those whose pictures are here by now. */
  paint() {
    const { pictures, look } = this.space.ready();
    for (const cell of /** @type {NodeListOf<HTMLElement>} */ (this.root.querySelectorAll(".near-cell"))) {
      if (cell.dataset.painted === cell.dataset.index) continue;
      const bytes = pictures.of(Number(cell.dataset.index));
      const canvas = /** @type {HTMLCanvasElement} */ (cell.children[0]);
      if (bytes) paint(canvas, bytes, look);
      else canvas.width = 0; // not the picture of another one
      cell.dataset.painted = bytes ? cell.dataset.index : "";
    }
  }
}

/** @param {By} by @param {string} text */
function row(by, text) {
  const cells = element("div", { class: "near-cells" });
  const dot = element("i", { class: "near-dot" });
  dot.style.background = NEAR_COLOURS[by];
  return { cells, root: element("div", { class: "near-row", "data-by": by }, element("span", { class: "near-head" }, dot, element("span", { text })), cells) };
}
