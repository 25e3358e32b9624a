/** The controls of the map: which layout, how honest it is, colours, tools, search. */
import { element } from "../base/dom.js";
import { explained } from "../base/explained.js";
import { isPlain } from "../base/keys.js";
import { labelled } from "../base/parts.js";
import { askedChoices, BOUNDS, usualSettings } from "../space/askedcolours.js";
import { colourChoices, usualColour } from "../space/colouring.js";
import { ScaleChoice } from "../space/scalechoice.js";
import { selectionText } from "../space/selection.js";
import { toolButtons } from "../space/tools.js";

/** @typedef {import("../map/controls.js").Tool} Tool */

const METHODS = [["axes", "code axes"], ["pca", "PCA"], ["umap", "UMAP"], ["tsne", "t-SNE"]];

/**
 * @typedef {object} Wish what the user wants to see
 * @property {"axes" | "pca" | "umap" | "tsne"} method
 * @property {2 | 3} dimensions
 * @property {number[]} units for raw axes
 *
 * @typedef {object} Handlers
 * @property {(wish: Wish) => void} onLayout
 * @property {() => void} onCancel
 * @property {(key: string) => void} onColour
 * @property {() => void} onCancelColour what the colours wait for is not wanted any more
 * @property {(name: import("../space/background.js").Name) => void} onBackground
 * @property {(scale: import("../space/prior.js").Scale) => void} onScale
 * @property {(tool: Tool) => void} onTool
 * @property {() => void} onFit
 * @property {() => void} onVector an attribute vector is to be made of the selection
 * @property {() => void} onClear the selection is to be none
 * @property {(text: string) => void} onSearch
 */

export class Toolbar {
  /** @param {Handlers} handlers @param {import("../base/explained.js").Terms} terms */
  constructor(handlers, terms) {
    this.handlers = handlers;
    this.terms = terms;
    this.method = choice("Layout of the map", METHODS, () => this.wish(), "method");
    this.dimensions = choice("Dimensions of the map", [["2", "2-D"], ["3", "3-D"]], () => this.wish(), "dimensions");
    this.axes = [0, 1, 2].map((k) => choice(`Unit on axis ${k + 1}`, [], () => this.wish(), `axis-${k}`));
    this.axisChoice = element("span", { class: "axis-choice" }, ...this.axes);
    this.score = element("span", { class: "score", "data-testid": "score" });
    this.bar = element("progress", { max: 1, value: 0 });
    this.progressText = element("span", { class: "hint" });
    this.progress = element("span", { class: "projecting", hidden: true, "data-testid": "projecting" }, this.bar, this.progressText,
      element("button", { type: "button", class: "button wide", text: "Cancel", "data-testid": "cancel", onclick: () => handlers.onCancel() }));
    this.colour = choice("Colour of the points", [], () => this.chooseColour(), "colour");
    this.clusters = this.setting("clusters", "k", "Clusters that k-means looks for");
    this.smallest = this.setting("min_cluster_size", "of at least", "Codes that are a cluster to HDBSCAN, at least");
    this.colouringText = element("span", { class: "hint", role: "status", "data-testid": "colouring" });
    this.colouringBar = element("progress", { hidden: true, "aria-label": "Finding clusters" }); // it moves without a measure
    this.colouringCancel = element("button", { type: "button", class: "button wide", text: "Cancel", hidden: true, "data-testid": "cancel-colour", onclick: () => handlers.onCancelColour() });
    this.background = choice("Background of the map", [], () => handlers.onBackground(this.backgroundName), "background");
    this.scale = new ScaleChoice(() => handlers.onScale(this.scale.value), terms);
    this.search = element("input", {
      type: "search", placeholder: "index or label", "aria-label": "Search by index or label", "data-testid": "search",
      onkeydown: (/** @type {KeyboardEvent} */ event) => isPlain(event, "Enter") && handlers.onSearch(this.search.value),
      oninput: () => !this.search.value && handlers.onSearch(""), // it was cleared
    });
    this.selected = element("span", { class: "hint", role: "status", "data-testid": "selected" });
    this.ofSelection = [
      element("button", { type: "button", class: "button wide", text: "Attribute vector", title: "The direction that leads to the selection", "data-testid": "selection-vector", hidden: true, onclick: () => handlers.onVector() }),
      element("button", { type: "button", class: "button wide", text: "Clear", title: "Select nothing (Escape on the map)", "data-testid": "selection-clear", hidden: true, onclick: () => handlers.onClear() }),
    ];
    this.root = element("div", { class: "toolbar" },
      element("div", { class: "toolbar-row" },
        labelled(explained(terms, "layout", "Map"), this.method), this.dimensions, this.axisChoice, this.score, this.progress),
      element("div", { class: "toolbar-row" },
        labelled(element("span", { text: "Colour" }), this.colour), this.clusters.root, this.smallest.root,
        element("span", { class: "projecting" }, this.colouringBar, this.colouringText, this.colouringCancel),
        labelled(explained(terms, "background", "Background"), this.background), this.scale.root,
        toolButtons(handlers.onTool), this.search,
        element("button", { type: "button", class: "button wide", text: "Fit", title: "Show all points (0)", onclick: () => handlers.onFit() }),
        this.selected, ...this.ofSelection));
  }

  /** How many examples are selected, and what can be done with them. @param {number} chosen @param {number} count of all */
  showSelection(chosen, count) {
    this.selected.textContent = selectionText(chosen, count);
    for (const button of this.ofSelection) button.hidden = !chosen;
  }

  /** @param {any} meta of the space @param {Record<string, any>} arrays @param {string} [colour] to begin with, where it is among the choices */
  begin(meta, arrays, colour = "") {
    const width = meta.latent;
    for (const select of this.axes) {
      fill(select, Array.from({ length: width }, (_, j) => [String(j), `unit ${j + 1}`]));
    }
    this.axes.forEach((select, k) => (select.value = String(width <= 3 ? Math.min(k, width - 1) : meta.order[k])));
    const [known, asked] = [colourChoices(meta, arrays), askedChoices(meta)];
    const units = known.filter(({ key }) => key.startsWith("unit "));
    const colours = [...known.filter((choice) => !units.includes(choice)), ...asked, ...units]; // units may be many
    fill(this.colour, colours.map(({ key, label }) => [key, label]));
    this.colour.value = colours.some(({ key }) => key === colour) ? colour : usualColour(meta);
    const settings = usualSettings(meta);
    this.clusters.input.value = String(settings.clusters);
    this.smallest.input.value = String(settings.min_cluster_size);
    this.offerSettings();
    for (const option of this.dimensions.options) option.disabled = option.value === "3" && width < 3;
    this.wish();
  }

  /** @param {boolean} there whether the map on show has a prior to be scaled by */
  offerScale(there) {
    this.scale.root.hidden = !there;
  }

  /** A whole number of `BOUNDS`, beside the choice of clusters. @param {"clusters" | "min_cluster_size"} name @param {string} text @param {string} title */
  setting(name, text, title) {
    const [min, max] = BOUNDS[name];
    const input = element("input", { type: "number", min, max, step: 1, "aria-label": title, "data-testid": name, onchange: () => this.chooseColour() });
    return { input, root: element("div", { class: "labelled", hidden: true }, explained(this.terms, "clusters", text), input) };
  }

  /** The settings of clusters, within their bounds. @returns {import("../space/askedcolours.js").Settings} */
  get settings() {
    for (const { input } of [this.clusters, this.smallest]) {
      const [low, high] = [Number(input.min), Number(input.max)];
      input.value = String(Math.max(low, Math.min(high, Math.round(input.valueAsNumber || low))));
    }
    return { clusters: this.clusters.input.valueAsNumber, min_cluster_size: this.smallest.input.valueAsNumber };
  }

  chooseColour() {
    this.offerSettings();
    this.handlers.onColour(this.colour.value);
  }

  /** Those of the clusters that are chosen. */
  offerSettings() {
    this.clusters.root.hidden = this.colour.value !== "clusters k-means";
    this.smallest.root.hidden = this.colour.value !== "clusters hdbscan";
  }

  /** The colour on show, where another one is not to be had. @param {string} key */
  goBackToColour(key) {
    this.colour.value = key;
    this.offerSettings();
  }

  /** What is being done for the colours. @param {string} text @param {boolean} [long] whether it may last, and be cancelled */
  tellColouring(text, long = false) {
    this.colouringText.textContent = text;
    this.colouringBar.hidden = this.colouringCancel.hidden = !(text && long);
  }

  /** @param {string[][]} choices */
  offerBackgrounds(choices) {
    fill(this.background, choices);
  }

  /** The background that is chosen. */
  get backgroundName() {
    return /** @type {import("../space/background.js").Name} */ (this.background.value);
  }

  /** Tell what is wanted now. */
  wish() {
    this.arrange();
    const method = /** @type {Wish["method"]} */ (this.method.value);
    const dimensions = /** @type {2 | 3} */ (Number(this.dimensions.value));
    const units = this.axes[0].options.length === 1 ? [0] : this.axes.slice(0, dimensions).map((select) => Number(select.value));
    this.handlers.onLayout({ method, dimensions, units });
  }

  /** What was wanted is not to be had: this stays. @param {Wish} wish */
  goBack({ method, dimensions }) {
    this.method.value = method;
    this.dimensions.value = String(dimensions);
    this.arrange();
  }

  /** Offer what goes with the method. */
  arrange() {
    const method = this.method.value;
    // A neighbour embedding makes as many dimensions as one likes; axes and principal axes are units of the code.
    const linear = method === "axes" || method === "pca";
    for (const option of this.dimensions.options) option.disabled = option.value === "3" && linear && this.axes[0].options.length < 3;
    if (this.dimensions.selectedOptions[0]?.disabled) this.dimensions.value = "2";
    this.axisChoice.hidden = method !== "axes" || this.axes[0].options.length < 3;
    this.axes[2].hidden = this.dimensions.value === "2";
  }

  /** @param {import("../space/layouts.js").Score | null} score @param {string} [text] beside or instead of it */
  showScore(score, text = "") {
    this.score.replaceChildren(...(score ? scored(this.terms, score) : []), score && text ? ` · ${text}` : text);
    for (const name of /** @type {const} */ (["trustworthiness", "continuity"])) {
      if (score) this.score.dataset[name] = String(score[name]);
      else delete this.score.dataset[name];
    }
  }

  /** @param {number} share @param {string} text */
  showProgress(share, text) {
    this.progress.hidden = false;
    if (share > 0) this.bar.value = share;
    else this.bar.removeAttribute("value"); // it moves without a measure
    this.progressText.textContent = text;
  }

  hideProgress() {
    this.progress.hidden = true;
  }
}

/**
 * How honest a map is, in words that say what that means.
 * @param {import("../base/explained.js").Terms} terms
 * @param {import("../space/layouts.js").Score} score
 * @returns {(HTMLElement | string)[]}
 */
function scored(terms, { trustworthiness, continuity, count, k }) {
  const here = `Here among ${count.toLocaleString("en")} examples, in neighbourhoods of ${k}.`;
  const word = (/** @type {"trustworthiness" | "continuity"} */ name) => {
    const term = terms[name];
    return explained(term ? { [name]: { ...term, watch: `${term.watch} ${here}` } } : {}, name, name);
  };
  const share = (/** @type {number} */ value) => `${(100 * value).toFixed(1)} %`;
  return [word("trustworthiness"), ` ${share(trustworthiness)} · `, word("continuity"), ` ${share(continuity)}`];
}

/** @param {string} label @param {string[][]} options @param {() => void} onChange @param {string} name */
function choice(label, options, onChange, name) {
  const select = element("select", { "aria-label": label, "data-testid": name, onchange: onChange });
  fill(select, options);
  return select;
}

/** Other options; the chosen one stays if it is among them. @param {HTMLSelectElement} select @param {string[][]} options */
function fill(select, options) {
  const chosen = select.value;
  select.replaceChildren(...options.map(([value, text]) => element("option", { value, text })));
  if (options.some(([value]) => value === chosen)) select.value = chosen;
}

