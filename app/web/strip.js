/** The strip: the same held-out examples clean, corrupted and reconstructed, one below the other. */
import { element } from "./dom.js";
import { paint } from "./picture.js";

/** @typedef {import("./picture.js").Look} Look */

const ROWS = [
  ["clean", "Clean"],
  ["corrupted", "Corrupted"],
  ["reconstruction", "Rebuilt"],
];

export class Strip {
  constructor() {
    this.root = element("div", { class: "strip", "data-testid": "strip" });
    /** @type {Record<string, {row: HTMLElement, cells: HTMLCanvasElement[]}>} */
    this.rows = {};
  }

  /** Prepare for a run. @param {import("./wire.js").Message} scene */
  begin(scene) {
    const count = scene.arrays.strip.shape[0];
    /** @type {Look} */
    this.look = { shape: scene.meta.shape, range: scene.meta.range };
    this.rows = {};
    this.root.replaceChildren(
      ...ROWS.map(([name, title]) => {
        const cells = Array.from({ length: count }, (_, i) =>
          element("canvas", { class: "cell", role: "img", "aria-label": `${title} example ${i + 1}` }));
        const row = element("div", { class: "strip-row", "data-row": name }, element("span", { text: title }), ...cells);
        this.rows[name] = { row, cells };
        return row;
      }),
    );
    this.paintRow("clean", scene.arrays.strip);
  }

  /** @param {import("./wire.js").Message} frame */
  show(frame) {
    const { corrupted, reconstruction } = frame.arrays;
    this.rows.corrupted.row.hidden = !corrupted;
    if (corrupted) this.paintRow("corrupted", corrupted);
    this.paintRow("reconstruction", reconstruction);
  }

  /** @param {string} name @param {import("./wire.js").NdArray} pictures */
  paintRow(name, pictures) {
    const size = pictures.shape[1];
    this.rows[name].cells.forEach((cell, i) =>
      paint(cell, pictures.data.subarray(i * size, (i + 1) * size), /** @type {Look} */ (this.look)));
  }
}
