/** What stands under the pointer: the decoded code, and the held-out example nearest to it. */
import { element } from "../base/dom.js";
import { explained } from "../base/explained.js";
import { labelName } from "../base/labels.js";
import { paint, toBytes } from "../base/picture.js";
import { RowTable } from "../base/rowtable.js";
import { spoken } from "../base/scale.js";
import { NO_CLASS, toldChoices } from "../base/told.js";

export class Inspector {
  /** @param {import("../base/explained.js").Terms} terms */
  constructor(terms) {
    this.decoded = element("canvas", { class: "decoded", role: "img", "aria-label": "Decoded point", "data-testid": "decoded" });
    this.original = element("canvas", { class: "decoded", role: "img", "aria-label": "Nearest held-out example" });
    this.code = element("div", { class: "code-line", "data-testid": "code" });
    /** Of the classes that it can be told. */
    this.names = "";
    this.note = element("div", { class: "hint" });
    this.caption = element("figcaption", { text: "nearest example" });
    this.told = element("select", { "aria-label": "told class", "data-testid": "told", onchange: () => this.again() });
    this.toldLine = element("div", { class: "told", hidden: true }, explained(terms, "told_class", "told class"), this.told);
    this.pictures = element("div", { class: "inspector-pictures" },
      element("figure", {}, this.decoded, element("figcaption", {}, explained(terms, "decoder", "decoded"), " here")),
      element("figure", {}, this.original, this.caption));
    /** Where the examples are rows of a table. @type {RowTable | null} */
    this.columns = null;
    this.root = element("div", { class: "inspector" }, this.pictures,
      element("div", { class: "inspector-text" }, this.code, this.toldLine, this.note));
    this.hint("Point at the map to decode any place in it.");
  }

  /** @param {import("../wire/wire.js").Message} scene */
  begin(scene) {
    this.scene = scene;
    this.look = { shape: scene.meta.shape, range: scene.meta.range };
    this.shown = undefined;
    this.columns?.root.remove();
    this.columns = scene.meta.row ? new RowTable({ row: scene.meta.row, label: "Under the pointer", heads: ["decoded here", "nearest"], name: "pointer-row" }) : null;
    if (this.columns) this.root.append(this.columns.root);
    this.pictures.hidden = Boolean(this.columns);
    this.root.classList.toggle("of-rows", Boolean(this.columns));
    const choices = toldChoices(scene.meta);
    this.toldLine.hidden = !choices.length;
    const names = choices.map(({ name }) => name).join();
    if (names === this.names) return; // after a lost connection the scene comes again: the choice stays
    this.names = names;
    this.told.replaceChildren(...choices.map(({ label, name }) => element("option", { value: label, text: name })));
  }

  /** As before anybody has pointed at anything. */
  clear() {
    this.shown = undefined;
    this.code.textContent = "";
    this.caption.textContent = "nearest example";
    this.columns?.clear();
    for (const canvas of [this.decoded, this.original]) canvas.getContext("2d")?.clearRect(0, 0, canvas.width, canvas.height);
  }

  /** The class that the decoder is told now, or −1. @returns {number} */
  get label() {
    return this.toldLine.hidden ? NO_CLASS : Number(this.told.value);
  }

  /** @param {string} text */
  hint(text) {
    this.note.textContent = text;
  }

  /**
   * @param {Float32Array} code
   * @param {import("../decoder/decoder.js").Decode} decode
   * @param {number} index of the nearest example, or −1
   */
  show(code, decode, index) {
    const { scene, look } = this;
    if (!scene || !look) return;
    this.shown = { code, decode, index };
    const decoded = decode(code, this.label);
    this.code.textContent = spoken(code);
    const name = index < 0 ? "" : labelName(scene.meta, scene.arrays.labels.data[index]);
    if (this.columns) {
      const { data, shape: [, width] } = scene.arrays.images_values;
      this.columns.name(1, name ? `nearest: ${name}` : "nearest");
      this.columns.show([decoded, index < 0 ? null : data.subarray(index * width, (index + 1) * width)]);
      return;
    }
    paint(this.decoded, toBytes(decoded, look.range), look);
    if (index < 0) return;
    const size = scene.arrays.images.shape[1];
    paint(this.original, scene.arrays.images.data.subarray(index * size, (index + 1) * size), look);
    this.caption.textContent = name ? `nearest: ${name}` : "nearest example";
  }

  /** The place on show, decoded with the class that has been chosen since. */
  again() {
    if (this.shown) this.show(this.shown.code, this.shown.decode, this.shown.index);
  }
}
