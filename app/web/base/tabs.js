/** Tabs: one panel on show at a time; arrow keys move between them. */
import { element } from "./dom.js";
import { stepAround } from "./keys.js";

/**
 * @typedef {object} Panel
 * @property {string} name
 * @property {string} title
 * @property {HTMLElement} root
 * @property {(shown: boolean) => void} [onShown] it came on show, or went
 */

export class Tabs {
  /** @param {string} label @param {Panel[]} panels @param {() => void} [onChosen] */
  constructor(label, panels, onChosen = () => {}) {
    this.panels = panels;
    this.onChosen = onChosen;
    this.buttons = panels.map((panel, at) => element("button", {
      type: "button", class: "tab", role: "tab", text: panel.title, "data-tab": panel.name,
      onclick: () => this.choose(at),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.step(event, at),
    }));
    for (const panel of panels) panel.root.setAttribute("role", "tabpanel");
    this.root = element("div", { class: "tabbed" },
      element("div", { class: "tabs", role: "tablist", "aria-label": label }, ...this.buttons),
      ...panels.map((panel) => panel.root));
    this.at = -1;
    this.choose(0);
  }

  /** @param {string} name */
  open(name) {
    this.choose(this.panels.findIndex((panel) => panel.name === name));
  }

  /** @param {number} at */
  choose(at) {
    if (at === this.at) return;
    const before = this.panels[this.at];
    this.at = at;
    this.panels.forEach((panel, k) => {
      panel.root.hidden = k !== at;
      this.buttons[k].setAttribute("aria-selected", String(k === at));
      this.buttons[k].tabIndex = k === at ? 0 : -1;
    });
    this.onChosen();
    before?.onShown?.(false);
    this.panels[at].onShown?.(true);
  }

  /** The panel on show goes, too. */
  close() {
    this.panels[this.at].onShown?.(false);
  }

  /** @param {KeyboardEvent} event @param {number} at */
  step(event, at) {
    const next = stepAround(event, at, this.panels.length);
    if (next < 0) return;
    this.choose(next);
    this.buttons[next].focus();
  }
}
