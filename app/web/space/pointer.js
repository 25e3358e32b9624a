/** What stands under the pointer: the decoded code of the place, and the example nearest to it on the map. */
import { element } from "../base/dom.js";
import { paint } from "../base/picture.js";
import { RowTable } from "../base/rowtable.js";
import { spoken } from "../base/scale.js";

/** How the code of a place was found, for people. */
const HOW = {
  exact: "Decoded exactly here.",
  nearest: "These two units here, the others as in the nearest example.",
  blend: "This map has no inverse: the codes of the five nearest points are blended.",
};

const INVITATION = "Point at the map to decode any place in it; click to look at an example.";
/** Of rows of a table. */
const NO_PICTURES = "Points stay points when you zoom in: rows of a table have no pictures.";

export class UnderPointer {
  /** @param {import("./space.js").LatentSpace} space */
  constructor(space) {
    this.space = space;
    this.decoded = element("canvas", { class: "decoded", role: "img", "aria-label": "Decoded place", "data-testid": "decoded" });
    this.nearest = element("canvas", { class: "decoded", role: "img", "aria-label": "Nearest example" });
    this.caption = element("figcaption", { text: "nearest example" });
    this.code = element("div", { class: "code-line", "data-testid": "code" });
    this.note = element("div", { class: "hint", text: INVITATION });
    const { row } = space.ready().meta;
    /** Where the examples are rows of a table. @type {RowTable | null} */
    this.columns = row ? new RowTable({ row, label: "Under the pointer", heads: ["decoded here", "nearest"], name: "pointer-row" }) : null;
    if (this.columns) this.note.textContent = `${INVITATION} ${NO_PICTURES}`;
    const pictures = element("div", { class: "inspector-pictures" },
      element("figure", {}, this.decoded, element("figcaption", { text: "decoded here" })),
      element("figure", {}, this.nearest, this.caption));
    this.root = element("div", { class: this.columns ? "inspector of-rows" : "inspector" }, this.columns ? null : pictures,
      element("div", { class: "inspector-text" }, this.code, this.note), this.columns?.root ?? null);
    /** What is shown, as it was given. @type {[import("./places.js").Place | null, number] | null} */
    this.shown = null;
    this.lacking = false;
    space.listen((change) => {
      if (this.shown && (change === "told" || (change === "pictures" && this.lacking))) this.show(...this.shown);
    });
  }

  /** @param {import("./places.js").Place | null} place @param {number} index of the nearest example, or −1 */
  show(place, index) {
    const { look, pictures } = this.space.ready();
    this.shown = [place, index];
    const code = place?.code ?? (index >= 0 ? this.space.code(index) : null);
    if (!code) return;
    this.code.textContent = spoken(code);
    if (this.columns) this.columns.show([this.space.decode(code), index < 0 ? null : pictures.rowOf(index)]);
    else paint(this.decoded, this.space.decodeBytes(code), look);
    this.note.textContent = place ? HOW[place.how] : "In space the code of the nearest example is decoded.";
    if (index < 0) return;
    const bytes = pictures.of(index);
    this.lacking = !bytes;
    this.columns?.name(1, `nearest: #${index} ${this.space.labelOf(index)}`);
    if (bytes) paint(this.nearest, bytes, look);
    else this.nearest.getContext("2d")?.clearRect(0, 0, this.nearest.width, this.nearest.height); // of another example
    this.caption.textContent = `#${index}: ${this.space.labelOf(index)}`;
  }
}
