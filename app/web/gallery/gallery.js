/** The cards of the library: a thumbnail map, a title and a line for each model; one is open. */
import { CollapseBadge } from "../base/collapse.js";
import { element } from "../base/dom.js";

/**
 * @typedef {object} Card
 * @property {string} key
 * @property {string} kind pretrained, saved or recent
 * @property {string} title
 * @property {string} line
 * @property {string} help
 * @property {string} picture a data URL, or empty
 * @property {boolean} collapsed whether every unit of its code has
 */

class Gallery {
  /** @param {HTMLElement} parent @param {import("../wire/host.js").Host} host */
  constructor(parent, host) {
    this.host = host;
    this.root = element("div", { class: "gallery" });
    parent.replaceChildren(this.root);
  }

  /** @param {{cards: Card[], open: string}} data */
  open(data) {
    const { root, host } = this;
    root.replaceChildren(...data.cards.map((card) => element("div", { class: "place" },
      element("button", {
        type: "button", class: "card", title: card.help, "data-key": card.key, "data-kind": card.kind,
        "aria-pressed": String(card.key === data.open),
        onclick: () => host.tell("open", card.key),
      },
        card.picture ? element("img", { src: card.picture, alt: "", width: 96, height: 96 }) : element("span", { class: "blank" }),
        element("b", { text: card.title }),
        element("span", { class: "line", text: card.line })),
      this.badge(card.collapsed))));
    const open = /** @type {HTMLElement | null} */ (root.querySelector(".place:has([aria-pressed=true])"));
    if (open) root.scrollLeft = Math.max(0, open.offsetLeft + open.offsetWidth + 8 - root.clientWidth, Math.min(root.scrollLeft, open.offsetLeft - 8));
  }

  /** @param {boolean} collapsed */
  badge(collapsed) {
    if (!collapsed) return null;
    const made = new CollapseBadge(this.host.terms);
    made.show(0);
    return made.root;
  }

  close() {}
}

/** @type {import("../wire/host.js").Make} */
export const make = (parent, host) => new Gallery(parent, host);
