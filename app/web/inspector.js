/** What stands under the pointer: the decoded code, and the held-out example nearest to it. */
import { element } from "./dom.js";
import { paint, toBytes } from "./picture.js";
import { format } from "./scale.js";

export class Inspector {
  constructor() {
    this.decoded = element("canvas", { class: "decoded", role: "img", "aria-label": "Decoded point", "data-testid": "decoded" });
    this.original = element("canvas", { class: "decoded", role: "img", "aria-label": "Nearest held-out example" });
    this.code = element("div", { class: "code-line", "data-testid": "code" });
    this.note = element("div", { class: "hint" });
    this.label = element("figcaption", { text: "nearest example" });
    this.root = element("div", { class: "inspector" },
      element("div", { class: "inspector-pictures" },
        element("figure", {}, this.decoded, element("figcaption", { text: "decoded here" })),
        element("figure", {}, this.original, this.label)),
      this.code, this.note);
    this.hint("Point at the map to decode any place in it.");
  }

  /** @param {import("./wire.js").Message} scene */
  begin(scene) {
    this.scene = scene;
    this.look = { shape: scene.meta.shape, range: scene.meta.range };
  }

  /** @param {string} text */
  hint(text) {
    this.note.textContent = text;
  }

  /**
   * @param {Float32Array} code
   * @param {(code: Float32Array) => Float32Array} decode
   * @param {number} index of the nearest example, or −1
   */
  show(code, decode, index) {
    const { scene, look } = this;
    if (!scene || !look) return;
    paint(this.decoded, toBytes(decode(code), look.range), look);
    const units = Array.from(code.slice(0, 8), (v) => v.toFixed(2)).join(", ");
    this.code.textContent = `z = (${units}${code.length > 8 ? ", …" : ""})`;
    if (index < 0) return;
    const size = scene.arrays.images.shape[1];
    paint(this.original, scene.arrays.images.data.subarray(index * size, (index + 1) * size), look);
    const label = scene.arrays.labels.data[index];
    this.label.textContent = `nearest: ${scene.meta.classes[label] ?? format(label)}`;
  }
}
