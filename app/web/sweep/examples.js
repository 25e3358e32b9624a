/** Which example of the strip every card rebuilds: small pictures to choose from. */
import { element } from "../base/dom.js";
import { frameLook, paint } from "../base/picture.js";

export class Examples {
  /** @param {object} handlers @param {() => void} handlers.onChoose */
  constructor(handlers) {
    this.handlers = handlers;
    this.chosen = 0;
    this.root = element("div", { class: "examples", role: "group", "aria-label": "Example that every card rebuilds" });
  }

  /** @param {import("../wire/wire.js").Message} scene */
  begin({ meta, arrays }) {
    const [count, size] = arrays.strip.shape;
    this.chosen = Math.min(this.chosen, count - 1);
    this.root.replaceChildren(...Array.from({ length: count }, (_, i) => {
      const canvas = element("canvas", { "aria-hidden": "true" });
      paint(canvas, arrays.strip.data.subarray(i * size, (i + 1) * size), frameLook(meta));
      return element("button", { type: "button", class: "example", "aria-label": `Example ${i + 1}`, onclick: () => this.choose(i) }, canvas);
    }));
    this.choose(this.chosen);
  }

  /** @param {number} i */
  choose(i) {
    this.chosen = i;
    [...this.root.children].forEach((button, k) => button.setAttribute("aria-pressed", String(k === i)));
    this.handlers.onChoose();
  }
}
