/** Parts that panels are put together from: buttons, menus, pictures with captions. */
import { element } from "./dom.js";
import { paint } from "./picture.js";

/** @param {string} text @param {string} name its test id @param {string} title @param {() => void} onclick */
export function button(text, name, title, onclick) {
  return element("button", { type: "button", class: "button wide", text, title, "data-testid": name, onclick });
}

/** @param {string} value @param {string} text */
export function option(value, text) {
  return element("option", { value, text });
}

/** @param {HTMLElement} words @param {HTMLElement} control which has its name by itself */
export function labelled(words, control) {
  return element("div", { class: "labelled" }, words, control);
}

/** A picture of an example with a line below it. */
export class Figure {
  /** @param {string} name its test id @param {string} label for those who do not see it */
  constructor(name, label) {
    this.canvas = element("canvas", { class: "shot", role: "img", "aria-label": label, "data-testid": name });
    this.caption = element("figcaption");
    this.root = element("figure", { class: "shot-figure" }, this.canvas, this.caption);
  }

  /** @param {ArrayLike<number> | null} bytes null: the picture stays until they have come @param {import("./picture.js").Look} look @param {string} caption */
  show(bytes, look, caption) {
    if (bytes) paint(this.canvas, bytes, look);
    this.caption.textContent = caption;
    this.caption.title = caption;
  }
}
