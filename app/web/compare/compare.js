/**
 * The panes of the compare page: several models of the same data, looked at together.
 *
 *   page's choice → panes (model → points → alignment → map)
 *                ↘ focus: the example and the selection that all panes share
 *                ↘ time bar: the moment that all panes share
 *
 * Hover, selection, time machine, alignment and morph never wait for the server.
 */
import { classEntries } from "../base/classlegend.js";
import { element } from "../base/dom.js";
import { colourChoices, isLabelled } from "../space/colouring.js";
import { toolButtons } from "../space/tools.js";
import { isDark, readTheme } from "../base/palette.js";
import { Focus } from "./focus.js";
import { Morph } from "./morph.js";
import { Original } from "./original.js";
import { Pane } from "./pane.js";
import { procrustes } from "./procrustes.js";
import { TimeBar } from "./timebar.js";

/** @typedef {{panes: import("./model.js").About[], limit: number}} Data */

/** What maps can be coloured by in all panes. */
const COLOURS = [["label", "class"], ["errors", "reconstruction error"]];

export class Compare {
  /** @param {HTMLElement} parent @param {import("../wire/host.js").Host} host */
  constructor(parent, host) {
    this.host = host;
    /** @type {string | undefined} of what is on show */
    this.key = undefined;
    /** @type {number | undefined} the frame of the screen that lays all maps out */
    this.request = undefined;
    this.root = element("section", { class: "surface compare", "data-testid": "compare" });
    Object.assign(this.root, { compare: this }); // for tests, and for the curious in their console
    parent.replaceChildren(this.root);
  }

  /** What the page wants shown. @param {Data} data */
  open(data) {
    const key = JSON.stringify(data.panes.map((about) => about.key).concat(String(data.limit)));
    if (key !== this.key) {
      this.close();
      this.key = key;
      this.build(data);
    }
    this.applyTheme();
  }

  close() {
    for (const pane of this.panes ?? []) pane.close();
    this.morph?.close();
    this.panes = undefined;
  }

  /** @param {Data} data */
  build({ panes, limit }) {
    const focus = new Focus();
    this.focus = focus;
    this.panes = panes.map((about) => new Pane(this.host.connect, about, limit, focus, {
      onOpen: () => this.opened(),
      onPoints: () => this.arrange(),
      onMoment: () => this.time?.refresh(),
      onPictures: () => this.original?.show(),
    }, this.host.terms));
    const all = this.panes;
    this.original = new Original(focus, () => all.find(({ model }) => model.isOpen)?.model.space ?? null);
    this.time = new TimeBar(all.map(({ model }) => model), () => all.forEach((pane) => pane.schedule(false)));
    this.morph = new Morph(all, focus);
    this.aligning = element("select", { "data-testid": "compare-align", "aria-label": "Align maps", onchange: () => this.arrange() },
      element("option", { value: -1, text: "as they are" }), ...all.map(({ about }, k) => element("option", { value: k, text: `aligned to ${about.title}` })));
    this.colour = element("select", { "data-testid": "compare-colour", "aria-label": "Colour of the points", onchange: () => all.forEach((pane) => pane.colourBy(this.colour?.value ?? "label")) },
      ...COLOURS.map(([value, text]) => element("option", { value, text })));
    this.legend = element("div", { class: "class-legend" });
    this.root.replaceChildren(
      element("div", { class: "panel compare-bar" }, this.original.root,
        element("div", { class: "compare-controls" },
          element("label", { class: "labelled" }, element("span", { text: "Maps" }), this.aligning),
          element("label", { class: "labelled" }, element("span", { text: "Colour" }), this.colour),
          toolButtons((tool) => all.forEach((pane) => pane.cloud.setTool(tool))),
          element("button", { type: "button", class: "button wide", text: "Fit", title: "Show all points (0)", onclick: () => all.forEach((pane) => pane.cloud.fit()) }))),
      element("div", { class: "panes", "data-count": all.length }, ...all.map((pane) => pane.root)),
      this.legend, this.time.root, ...(all.length > 1 ? [this.morph.root] : []));
    this.root.dataset.panes = String(all.length);
  }

  /** Codes of a model have come. */
  opened() {
    const open = (this.panes ?? []).filter(({ model }) => model.isOpen);
    this.root.dataset.open = String(open.length);
    const { meta } = open[0].model.space.ready();
    if (this.colour) {
      const first = this.colour.options[0];
      if (!isLabelled(meta) && first.text === COLOURS[0][1]) { // told for the first time
        this.colour.value = "errors";
        this.panes?.forEach((pane) => pane.colourBy("errors"));
      }
      first.text = colourChoices(meta, {})[0].label;
    }
    this.legend?.replaceChildren(...classEntries(meta.classes));
    this.original?.show();
  }

  /** Points stand elsewhere, or shall be laid elsewhere: lay all maps out once, with the next frame of the screen. */
  arrange() {
    this.request ??= requestAnimationFrame(() => {
      this.request = undefined;
      const fixed = this.panes?.[Number(this.aligning?.value ?? -1)];
      for (const pane of this.panes ?? []) {
        const both = fixed?.points && pane.points && pane !== fixed;
        pane.show(both ? procrustes(/** @type {Float32Array} */ (pane.points), /** @type {Float32Array} */ (fixed.points)) : null);
      }
      this.morph?.refresh();
    });
  }

  applyTheme() {
    const theme = readTheme(this.root);
    this.root.style.colorScheme = isDark(theme.background) ? "dark" : "light";
    for (const pane of this.panes ?? []) pane.setTheme(theme);
    this.morph?.setTheme(theme);
  }
}

/** @type {import("../wire/host.js").Make} */
export const make = (parent, host) => new Compare(parent, host);
