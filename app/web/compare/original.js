/** The example that all panes look at, as it is. */
import { element } from "../base/dom.js";
import { SPLITS, splitOf } from "../space/split.js";
import { paint } from "../base/picture.js";

export class Original {
  /** @param {import("./focus.js").Focus} focus @param {() => import("../space/space.js").LatentSpace | null} space of any model */
  constructor(focus, space) {
    this.focus = focus;
    this.space = space;
    this.canvas = element("canvas", { class: "decoded", role: "img", "aria-label": "Example", "data-testid": "compare-original" });
    this.about = element("div", { "data-testid": "compare-example" });
    this.hint = element("div", { class: "hint", text: "Point at a map: all maps ring that example, and each model rebuilds it. Click to keep it on show; Escape lets it go." });
    this.root = element("div", { class: "compare-original" }, this.canvas, element("div", { class: "inspector-text" }, this.about, this.hint));
    focus.listen(() => this.show());
  }

  show() {
    const space = this.space();
    const { index, pinned, hovered, set } = this.focus;
    this.root.dataset.index = String(index);
    const known = space && index >= 0 && index < space.ready().count;
    const bytes = known ? space.ready().pictures.of(index) : null;
    if (!bytes) this.canvas.getContext("2d")?.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (!known) {
      this.about.textContent = set.length ? `${set.length.toLocaleString("en")} examples are selected.` : "";
      return;
    }
    const { meta, labels, look } = space.ready();
    if (bytes) paint(this.canvas, bytes, look);
    const kept = pinned >= 0 && (hovered < 0 || hovered === pinned) ? " · kept" : "";
    this.about.textContent = `#${index} · label ${space.labelOf(index)} · ${SPLITS[splitOf(index, meta, labels)]}${kept}`;
  }
}
