/** A latent space in a page of its own, without a server: the map, what is under the pointer, an example on show. */
import { element } from "../base/dom.js";
import { explained } from "../base/explained.js";
import { toldChoices } from "../base/told.js";
import { isDark, readTheme } from "../base/palette.js";
import { labelled } from "../base/parts.js";
import { askedChoices, keyOf } from "../space/askedcolours.js";
import { colourChoices, usualColour } from "../space/colouring.js";
import { Client } from "../wire/questions.js";
import { ExampleOnShow } from "./exampleonshow.js";
import { axesLayout, isWhole, Layouts, WHOLE } from "../space/layouts.js";
import { Legend } from "../space/legend.js";
import { MapView } from "../space/mapview.js";
import { UnderPointer } from "../space/pointer.js";
import { ScaleChoice } from "../space/scalechoice.js";
import { LatentSpace } from "../space/space.js";

const METHODS = /** @type {Record<string, string>} */ ({ pca: "PCA", umap: "UMAP", tsne: "t-SNE" });

class Standalone {
  /** @param {HTMLElement} parent @param {import("../wire/host.js").Host} host */
  constructor(parent, host) {
    this.parent = parent;
    this.client = new Client(host.connect, "", { onMoved: () => {}, onRefused: () => {}, onOpen: () => {} });
    this.space = new LatentSpace(this.client, Infinity, host.terms);
  }

  /** All that is shown comes at once, as the page has it. */
  async open() {
    const { space } = this;
    space.take(await space.ask("space").answer, await space.ask("weights").answer);
    const projection = await space.ask("project").answer.then(({ meta }) => meta.projection, () => null);
    const brought = await Promise.all(["cluster", "column"].map((name) => space.ask(name).answer.then((answer) => [answer], () => [])));
    const page = new Page(space, projection, brought.flat());
    this.page = page;
    this.parent.replaceChildren(page.root);
    page.begin();
  }

  close() {
    this.client.close();
    this.page?.close();
  }
}

/** What is shown of a space that is here. */
class Page {
  /**
   * @param {LatentSpace} space
   * @param {import("../space/space.js").Projection | null} projection that the page brings with it
   * @param {import("../wire/wire.js").Message[]} brought what it was coloured by, where the server was asked for that
   */
  constructor(space, projection, brought) {
    this.space = space;
    this.brought = new Map(brought.map((answer) => [keyOf(answer.meta), answer]));
    this.projection = projection;
    this.ending = new AbortController();
    this.layouts = new Layouts(space);
    this.pointer = new UnderPointer(space);
    this.legend = new Legend();
    this.map = new MapView(space, {
      onPlace: (place, index) => this.pointer.show(place, index),
      onField: (ends) => this.legend.showField(ends),
    });
    const { meta, arrays, units } = space.ready();
    this.method = choice("Layout of the map", "method", [
      ["axes", "code axes"], ...(projection ? [["projection", `${METHODS[projection.method]} in ${projection.dimensions}-D`]] : []),
    ], () => this.layOut());
    if (projection) this.method.value = "projection";
    const named = Array.from({ length: units }, (_, j) => [String(j), `unit ${j + 1}`]);
    this.axes = [0, 1].map((k) => choice(`Unit on axis ${k + 1}`, `axis-${k}`, named, () => this.layOut()));
    this.axes.forEach((axis, k) => (axis.value = String(units <= 2 ? Math.min(k, units - 1) : meta.order[k])));
    this.axisChoice = element("span", { class: "axis-choice" }, ...this.axes);
    this.score = element("span", { class: "score" });
    const colours = [...colourChoices(meta, arrays), ...askedChoices(meta).filter(({ key }) => this.brought.has(key))];
    this.colour = choice("Colour of the points", "colour", colours.map(({ key, label }) => [key, label]), () => this.colourBy());
    this.colour.value = [...this.brought.keys()][0] ?? usualColour(meta);
    this.scale = new ScaleChoice(() => this.map.scaleTo(this.scale.value), space.terms);
    this.background = choice("Background of the map", "background", [], () => this.showBackground());
    const example = new ExampleOnShow(space);
    this.root = element("section", { class: "surface latent standalone", "data-testid": "standalone" },
      this.head(), this.controls(),
      element("div", { class: "latent-stage" },
        element("div", { class: "panel latent-map" }, this.map.root, this.legend.root),
        element("div", { class: "latent-side" },
          element("div", { class: "panel" }, this.pointer.root),
          element("div", { class: "panel" }, example.root))));
    Object.assign(this.root, { latent: this }); // for the curious in their console
  }

  /** The page stands in its document. */
  begin() {
    this.applyTheme();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.applyTheme(), { signal: this.ending.signal });
    this.layOut();
  }

  close() {
    this.ending.abort();
    this.map.close();
  }

  head() {
    const { meta, count } = this.space.ready();
    const split = meta.held_out >= count ? "all held out of training"
      : `${meta.held_out.toLocaleString("en")} held out of training, the others trained on${meta.experiment.left_out === null ? "" : ` but for those of class ${meta.classes[meta.experiment.left_out]}`}`;
    return element("header", {},
      element("h1", { text: meta.title }),
      element("p", { class: "hint", text: `The codes of ${count.toLocaleString("en")} examples, ${split}, at training step ${meta.step.toLocaleString("en")}. Point at the map: any place in it is decoded here, in this page. ${meta.lacking}` }));
  }

  controls() {
    const { terms } = this.space;
    const told = toldChoices(this.space.ready().meta);
    const tell = choice("Class that the decoder is told", "told", told.map(({ label, name }) => [String(label), name]), () => this.space.tellClass(Number(tell.value)));
    return element("div", { class: "toolbar-row" },
      labelled(explained(terms, "layout", "Map"), this.method), this.axisChoice, this.score, labelled(element("span", { text: "Colour" }), this.colour),
      labelled(explained(terms, "background", "Background"), this.background), this.scale.root, told.length ? labelled(explained(terms, "told_class", "Told class"), tell) : null,
      element("button", { type: "button", class: "button wide", text: "Fit", title: "Show all points (0)", onclick: () => this.map.cloud.fit() }));
  }

  /** Show the layout that is chosen. */
  async layOut() {
    const { projection } = this;
    const { units } = this.space.ready();
    const axes = !projection || this.method.value === "axes";
    this.axisChoice.hidden = !axes || units <= 2;
    this.score.textContent = "";
    if (axes) this.show(axesLayout(this.space, units === 1 ? [0] : this.axes.map((axis) => Number(axis.value))));
    else {
      const { layout, score } = await this.layouts.project(projection, () => {});
      const share = (/** @type {number} */ value) => `${(100 * value).toFixed(1)} %`;
      const whole = layout.method === "pca" && isWhole(this.space, layout.dimensions);
      this.score.textContent = whole ? WHOLE : `trustworthiness ${share(score.trustworthiness)} · continuity ${share(score.continuity)}`;
      this.show(layout);
    }
  }

  /** @param {import("../space/space.js").Layout} layout */
  show(layout) {
    this.space.show(layout);
    this.scale.root.hidden = this.map.prior === null;
    this.colourBy();
    const chosen = this.background.value;
    // What only the server can compute is not offered.
    const choices = this.map.backgrounds().filter(([name]) => name !== "magnification");
    this.background.replaceChildren(...choices.map(([value, text]) => element("option", { value, text })));
    if (choices.some(([name]) => name === chosen)) this.background.value = chosen;
    this.showBackground();
  }

  showBackground() {
    this.map.setBackground(/** @type {import("../space/background.js").Name} */ (this.background.value));
  }

  colourBy() {
    const coloured = this.map.colourBy(this.colour.value, this.brought.get(this.colour.value) ?? null);
    if (coloured) this.legend.show(coloured);
    if (this.background.value) this.showBackground(); // contours may be of each colour
  }

  applyTheme() {
    const theme = readTheme(this.root);
    this.root.style.colorScheme = isDark(theme.background) ? "dark" : "light";
    this.map.setTheme(theme);
  }
}

/** @param {string} label @param {string} name @param {string[][]} options @param {() => void} onChange */
function choice(label, name, options, onChange) {
  return element("select", { "aria-label": label, "data-testid": name, onchange: onChange },
    ...options.map(([value, text]) => element("option", { value, text })));
}

/** @type {import("../wire/host.js").Make} */
export const make = (parent, host) => new Standalone(parent, host);
