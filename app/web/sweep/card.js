/** One cell of a sweep: its value as the title, its map, what it makes of one example, its error; and a menu. */
import { CollapseBadge } from "../base/collapse.js";
import { element } from "../base/dom.js";
import { isPlain } from "../base/keys.js";
import { frameLook, paint } from "../base/picture.js";
import { format } from "../base/scale.js";
import { colouring, usualColour } from "../space/colouring.js";
import { CardMap } from "./cardmap.js";
import { figureOf, inUseOf, pictureOf } from "./sweepframe.js";

/**
 * @typedef {object} Handlers
 * @property {(on: boolean) => void} onHover the pointer or the focus is on the card, or has left it
 * @property {() => void} onMenu its menu was opened
 * @property {() => void} onOpen the cell is wanted as a run of its own
 */

/** Kept as long as a page knows nothing better. */
const NOTHING_YET = "–";

/** A number that fits a narrow card: small ones as 1.5e-4. @param {number} value @returns {string} */
export function brief(value) {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(1) : format(value);
}

export class Card {
  /** @param {string} name @param {string} colour of its point and line in the plots @param {Handlers} handlers @param {import("../base/explained.js").Terms} terms */
  constructor(name, colour, handlers, terms) {
    this.name = name;
    this.handlers = handlers;
    this.map = new CardMap();
    /** @type {import("../wire/wire.js").Message | null} on show */
    this.frame = null;
    this.picture = element("canvas", { class: "card-picture", "aria-hidden": "true" });
    this.error = element("b", { text: NOTHING_YET });
    this.tradeLabel = element("span");
    this.trade = element("b");
    this.note = element("span", { class: "card-note", hidden: true });
    this.units = element("span", { class: "card-units" });
    this.badge = new CollapseBadge(terms);
    this.button = element("button", {
      type: "button", class: "card-face", "aria-haspopup": "menu", "aria-expanded": "false",
      onclick: () => this.toggle(Boolean(this.menu.hidden)),
      onfocus: () => handlers.onHover(true),
      onblur: () => handlers.onHover(false),
    },
      element("span", { class: "card-title" }, element("i", { style: `background:${colour}` }), element("span", { text: name, title: name })),
      element("span", { class: "card-stage" }, this.map.canvas, this.units, this.note),
      element("span", { class: "card-foot" }, this.picture,
        element("span", { class: "card-figures" }, element("span", {}, element("span", { text: "error" }), this.error), element("span", {}, this.tradeLabel, this.trade))));
    this.item = element("button", { type: "button", class: "menu-item", role: "menuitem", text: "Open as a run", "data-action": "open", onclick: () => handlers.onOpen() });
    this.menu = element("div", { class: "card-menu", role: "menu", "aria-label": name, hidden: true }, this.item,
      element("span", { class: "hint", text: "It goes on by itself on the Train page; the sweep stays as it is." }));
    this.root = element("div", {
      class: "card", "data-testid": "card",
      onpointerenter: () => handlers.onHover(true),
      onpointerleave: () => handlers.onHover(false),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event),
    }, this.button, this.badge.root, this.menu);
  }

  /** @param {import("../wire/wire.js").Message} scene of the run that trains it */
  begin(scene) {
    this.scene = scene;
    const { meta, arrays } = scene;
    this.map.begin(arrays.labels.data, colouring(usualColour(meta), meta, arrays).colours);
    this.frame = null;
  }

  /**
   * @param {object} moment
   * @param {import("../wire/wire.js").Message | null} moment.frame
   * @param {number} moment.at which of the frame's cells it is
   * @param {number} moment.example of the strip
   * @param {number} moment.diverged the step from which it is trained no more, or 0
   * @param {boolean} moment.failed whether its run ended on an error
   * @param {boolean} moment.glide
   * @param {import("./track.js").Trade | null} moment.trade
   */
  show({ frame, at, example, diverged, failed, glide, trade }) {
    this.root.dataset.diverged = String(diverged);
    this.note.textContent = diverged ? `diverged at step ${diverged.toLocaleString("en")}` : failed ? "failed" : "";
    this.note.hidden = !this.note.textContent;
    if (!frame) return;
    if (frame !== this.frame || trade !== this.traded) {
      if (frame !== this.frame) this.map.show(frame, at, glide);
      this.units.textContent = this.map.unitsText;
      const error = figureOf(frame, at, "squared_error");
      this.error.textContent = error === null ? NOTHING_YET : brief(error);
      this.badge.show(diverged ? null : inUseOf(frame, at));
      const value = frame.meta.trade?.[at];
      const known = trade && value !== null && value !== undefined;
      this.tradeLabel.textContent = trade?.short ?? "";
      this.trade.textContent = known ? brief(value) : "";
      this.paid = known ? `, ${trade.label} ${format(value)}${trade.unit && ` ${trade.unit}`}` : "";
      this.root.dataset.error = String(error ?? "");
      this.root.dataset.step = frame.meta.step;
    }
    if (this.scene && (frame !== this.frame || example !== this.example)) {
      paint(this.picture, pictureOf(frame, at, example), frameLook(this.scene.meta));
    }
    this.frame = frame;
    this.example = example;
    this.traded = trade;
    this.button.setAttribute("aria-label", `${this.name}: squared error ${this.error.textContent}${this.paid}${this.badge.root.hidden ? "" : ", collapsed"}${this.note.textContent && `, ${this.note.textContent}`}`);
  }

  /** @param {boolean} on */
  highlight(on) {
    this.root.dataset.on = String(on);
  }

  // --- the menu ----------------------------------------------------------------------------------

  /** @param {boolean} open */
  toggle(open) {
    if (open) this.handlers.onMenu();
    this.menu.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open) this.item.focus();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (!isPlain(event, "Escape") || this.menu.hidden) return;
    this.toggle(false);
    this.button.focus();
  }
}
