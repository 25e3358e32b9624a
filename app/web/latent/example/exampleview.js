/** What a model makes of one example: what it sees, what it rebuilds, the error, the code, who is near. */
import { element } from "../../base/dom.js";
import { explained } from "../../base/explained.js";
import { paint, toBytes } from "../../base/picture.js";
import { RowTable } from "../../base/rowtable.js";
import { format } from "../../base/scale.js";
import { CodeBars } from "./codebars.js";
import { NearRows } from "./nearrows.js";
import { errorShades } from "./shades.js";

/** @typedef {import("../../wire/wire.js").Message} Message */

export class ExampleView {
  /**
   * @param {import("../../space/space.js").LatentSpace} space
   * @param {string} seen name of the array with what the model sees
   * @param {string} caption of that
   */
  constructor(space, seen, caption) {
    this.space = space;
    this.seen = seen;
    this.original = shown(caption, "seen");
    this.rebuilt = shown("reconstruction x̂", "rebuilt");
    this.squares = shown("squared error", "error-map");
    this.error = number(space.terms, "squared_error", "‖x − x̂‖²", "error");
    this.kl = number(space.terms, "kl", "KL", "kl");
    this.numbers = element("div", { class: "example-numbers" }, this.error.root, this.kl.root);
    this.bars = new CodeBars();
    this.near = new NearRows(space);
    const { row } = space.ready().meta;
    /** Where the examples are rows of a table. @type {RowTable | null} */
    this.columns = row ? new RowTable({
      row, label: "The example and its reconstruction", heads: [caption, "reconstruction x̂"], errors: space.terms, name: "example-row",
    }) : null;
    this.pictures = this.columns?.root
      ?? element("div", { class: "example-pictures" }, this.original.root, this.rebuilt.root, this.squares.root);
    this.code = element("div", { class: "example-code" }, element("h3", {}, explained(space.terms, "code", "Code")), this.bars.root);
  }

  /** @param {Message} message */
  show({ meta, arrays }) {
    const { look, meta: of } = this.space.ready();
    const floats = (/** @type {string} */ name) => /** @type {Float32Array} */ (arrays[name].data);
    if (this.columns) this.columns.show([floats(this.seen), floats("rebuilt")], floats("x"));
    else {
      paint(this.original.canvas, toBytes(floats(this.seen), look.range), look);
      paint(this.rebuilt.canvas, toBytes(floats("rebuilt"), look.range), look);
      const shades = errorShades(floats("error_map"), look.shape);
      paint(this.squares.canvas, shades.bytes, shades.look);
      this.squares.caption.textContent = `squared error, to ${format(shades.greatest)}`;
    }
    this.error.show(meta.error, "");
    this.kl.root.hidden = meta.kl === null;
    if (meta.kl !== null) this.kl.show(meta.kl, " nats");
    this.bars.show({
      code: floats("code"), collapsed: of.collapsed,
      deviation: arrays.deviation ? floats("deviation") : null, unitKl: arrays.unit_kl ? floats("unit_kl") : null,
    });
    this.near.show(nearOf(arrays, "by_code", "code_distances"), nearOf(arrays, "by_pixel", "pixel_distances"));
  }
}

/** @param {Message["arrays"]} arrays @param {string} indices @param {string} distances @returns {import("./nearrows.js").Near} */
export function nearOf(arrays, indices, distances) {
  return { indices: /** @type {Int32Array} */ (arrays[indices].data), distances: /** @type {Float32Array} */ (arrays[distances].data) };
}

/** A picture with its caption. @param {string} text @param {string} name for tests */
export function shown(text, name) {
  const canvas = element("canvas", { role: "img", "aria-label": text, "data-testid": name });
  const caption = element("figcaption", { text });
  return { canvas, caption, root: element("figure", {}, canvas, caption) };
}

/** A number with what it is. @param {import("../../base/explained.js").Terms} terms @param {string} term @param {string} symbol @param {string} name for tests */
export function number(terms, term, symbol, name) {
  const value = element("b", { "data-testid": name });
  const root = element("div", { class: "example-number" }, explained(terms, term, symbol), value);
  const show = (/** @type {number} */ amount, /** @type {string} */ unit) => {
    value.textContent = format(amount) + unit;
    value.dataset.value = String(amount);
  };
  return { root, value, show };
}
