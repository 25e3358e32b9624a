/** Samples as tiles: each decoded here, over the training example nearest to it. */
import { element } from "../base/dom.js";
import { labelName } from "../base/labels.js";
import { paint, toBytes } from "../base/picture.js";
import { Slices } from "../base/slices.js";

/** More samples than this are not named. */
const MOST_NAMED = 20;

/** @typedef {import("../wire/wire.js").Message} Message */

/** The name of a sample, the same on its tile and on the map: A, B, C, …; none where there are many. @param {number} which @param {number} count @returns {string} */
export function nameOf(which, count) {
  return count <= MOST_NAMED ? String.fromCharCode(65 + which) : "";
}

export class Tiles {
  /** @param {import("../space/space.js").LatentSpace} space @param {(which: number) => void} onPoint a tile of that code is pointed at, −1 for none */
  constructor(space, onPoint) {
    this.space = space;
    this.onPoint = onPoint;
    this.root = element("div", { class: "tiles", "data-testid": "tiles" });
    this.slices = new Slices();
    /** What decodes and paints the tiles. @type {(() => void)[]} */
    this.jobs = [];
  }

  /** @param {Message} drawn the answer to "samples" */
  show({ meta, arrays }) {
    const { meta: about } = this.space.ready();
    const told = arrays.told.data;
    const count = arrays.codes.shape[0];
    this.jobs = [];
    const made = Array.from(told, (label, at) => this.tile(at, at % count, label, arrays));
    if (!meta.every_class) this.root.replaceChildren(element("div", { class: "tile-row" }, ...made));
    else {
      this.root.replaceChildren(...Array.from({ length: told.length / count }, (_, row) =>
        element("div", { class: "tile-class", "data-class": told[row * count] },
          element("b", { text: about.classes[told[row * count]] ?? String(told[row * count]) }),
          element("div", { class: "tile-row" }, ...made.slice(row * count, (row + 1) * count)))));
    }
    this.root.dataset.painting = "true";
    this.slices.begin(this.jobs, () => (this.root.dataset.painting = "false"));
  }

  /** @param {number} at @param {number} which of the codes @param {number} label that the decoder is told @param {Message["arrays"]} arrays */
  tile(at, which, label, arrays) {
    const { decoder, look, units } = this.space.ready();
    const code = /** @type {Float32Array} */ (arrays.codes.data).slice(which * units, (which + 1) * units);
    const name = nameOf(which, arrays.codes.shape[0]);
    const sample = element("canvas", { class: "decoded", role: "img", "aria-label": `Sample ${name || which + 1}` });
    this.jobs.push(() => paint(sample, toBytes(decoder(code, label), look.range), look));
    return element("figure", {
      class: "tile", tabindex: 0, "data-testid": "sample", "data-which": which, "data-distance": arrays.distances?.data[at],
      onpointerenter: () => this.onPoint(which), onpointerleave: () => this.onPoint(-1),
      onfocusin: () => this.onPoint(which), onfocusout: () => this.onPoint(-1),
    }, element("b", { text: name }), sample, ...(arrays.nearest ? this.nearest(at, arrays) : []));
  }

  /** The nearest training example: a button where it is on the map. @param {number} at @param {Message["arrays"]} arrays */
  nearest(at, arrays) {
    const { look, meta, count, features } = this.space.ready();
    const index = arrays.nearest.data[at];
    const name = labelName(meta, arrays.nearest_labels.data[at]);
    const called = name && `: ${name}`;
    const distance = arrays.distances.data[at];
    const picture = element("canvas", { class: "decoded", role: "img", "aria-label": `Nearest training example${called}` });
    paint(picture, arrays.nearest_pictures.data.subarray(at * features, (at + 1) * features), look);
    const onMap = meta.held_out + index;
    const title = `Training example ${index}${called}, at distance ${distance.toFixed(2)}`;
    const shown = onMap < count
      ? element("button", { type: "button", class: "nearest", title: `${title}; look at it`, "data-index": onMap, onclick: () => this.space.choose(onMap) }, picture)
      : element("span", { class: "nearest", title }, picture);
    return [shown, element("figcaption", { text: `${distance.toFixed(2)}${name && ` · ${name}`}` })];
  }
}
