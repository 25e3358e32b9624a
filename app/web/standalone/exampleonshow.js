/** One example beside its reconstruction, from what the browser knows of it. */
import { element } from "../base/dom.js";
import { paint, toBytes } from "../base/picture.js";
import { RowTable } from "../base/rowtable.js";
import { format, spoken } from "../base/scale.js";
import { SPLITS, splitOf } from "../space/split.js";

export class ExampleOnShow {
  /** @param {import("../space/space.js").LatentSpace} space */
  constructor(space) {
    this.space = space;
    this.original = element("canvas", { class: "decoded", role: "img", "aria-label": "Example", "data-testid": "original" });
    this.rebuilt = element("canvas", { class: "decoded", role: "img", "aria-label": "Reconstruction", "data-testid": "rebuilt" });
    this.about = element("div", { "data-testid": "example" });
    this.code = element("div", { class: "code-line" });
    this.facts = element("div", { class: "hint", text: "Click a point of the map to look at that example." });
    this.pictures = element("div", { class: "inspector-pictures", hidden: true },
      element("figure", {}, this.original, element("figcaption", { text: "example" })),
      element("figure", {}, this.rebuilt, element("figcaption", { text: "rebuilt" })));
    const { row } = space.ready().meta;
    /** Where the examples are rows of a table. @type {RowTable | null} */
    this.columns = row ? new RowTable({
      row, label: "The example and its reconstruction", heads: ["value", "rebuilt"], errors: space.terms, name: "example-row",
    }) : null;
    this.root = element("div", { class: this.columns ? "inspector of-rows" : "inspector" }, this.columns ? null : this.pictures,
      element("div", { class: "inspector-text" }, this.about, this.code, this.facts), this.columns?.root ?? null);
    space.listen((change) => {
      if (change === "point") this.show(space.point);
    });
  }

  /** @param {number} index */
  show(index) {
    if (index < 0) return;
    const { meta, arrays, labels, look, pictures, decoder } = this.space.ready();
    const code = this.space.code(index);
    const bytes = pictures.of(index);
    const rebuilt = decoder(code, meta.told ? labels[index] : -1); // a decoder that is told classes is told its own
    if (this.columns) {
      const x = pictures.rowOf(index);
      this.columns.show([x, rebuilt], x);
    } else {
      if (bytes) paint(this.original, bytes, look);
      paint(this.rebuilt, toBytes(rebuilt, look.range), look);
      this.pictures.hidden = false;
    }
    this.about.textContent = `#${index}: ${this.space.labelOf(index)}`;
    this.code.textContent = spoken(code);
    this.facts.textContent = [
      SPLITS[splitOf(index, meta, labels)],
      `squared error ${format(arrays.errors.data[index])}`,
      ...(arrays.kl ? [`KL to the prior ${format(arrays.kl.data[index])} nats`] : []),
    ].join(" · ");
  }
}
