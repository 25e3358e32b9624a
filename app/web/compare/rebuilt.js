/** What a model makes of the example on show. */
import { element } from "../base/dom.js";
import { paint } from "../base/picture.js";
import { format } from "../base/scale.js";

export class Rebuilt {
  /** @param {import("./model.js").Model} model @param {import("./focus.js").Focus} focus */
  constructor(model, focus) {
    this.model = model;
    this.focus = focus;
    this.canvas = element("canvas", { class: "decoded", role: "img", "aria-label": "Reconstruction", "data-testid": "pane-rebuilt" });
    this.error = element("b", { "data-testid": "pane-example-error" });
    this.text = element("span", { class: "hint" });
    this.root = element("div", { class: "pane-rebuilt" }, this.canvas, element("div", { class: "pane-words" }, this.error, this.text));
    this.show();
  }

  /** Show the example; nothing where its codes are of another moment than the decoder. */
  show() {
    const { model, focus } = this;
    const { index } = focus;
    const known = model.isOpen && index >= 0 && index < model.space.ready().count;
    if (!known || model.frame) {
      this.canvas.getContext("2d")?.clearRect(0, 0, this.canvas.width, this.canvas.height);
      this.error.textContent = "";
      this.text.textContent = known && model.timeline.cursor !== null ? "of the past: see the row below" : "";
      return;
    }
    const { arrays, look } = model.space.ready();
    paint(this.canvas, model.rebuilt(index), look);
    this.error.textContent = format(arrays.errors.data[index]);
    this.text.textContent = "‖x − x̂‖², rebuilt";
  }
}
