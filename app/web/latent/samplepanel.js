/** The Sample panel: draws from the prior or from the codes, the training example nearest to each, and q(z) beside p(z). */
import { element } from "../base/dom.js";
import { toldChoices } from "../base/told.js";
import { Cancelled } from "../wire/questions.js";
import { DensityCharts } from "./units/densitychart.js";
import { OLDER, placeOn } from "./example/ownmark.js";
import { nameOf, Tiles } from "./tiles.js";

const SOURCES = { prior: "the prior N(0, I)", codes: "a Gaussian fitted to the codes" };
const COUNTS = [5, 10, 20, 50, 100];
/** Draws for each class, at most, when every class is told. */
const MOST_EACH = 10;
const EVERY = "every";
const COLOUR = "#e0457b";

/** @typedef {import("../space/space.js").LatentSpace} LatentSpace @typedef {import("../space/mapview.js").MapView} MapView */

export class SamplePanel {
  /** @param {LatentSpace} space @param {MapView} map @param {(text: string) => void} complain */
  constructor(space, map, complain) {
    this.name = "sample";
    this.title = "Sample";
    this.space = space;
    this.map = map;
    this.complain = complain;
    this.seed = 0;
    this.shown = false;
    /** The stamps of the weights that are on show. */
    this.stamps = { drawn: "", aggregate: "" };
    const variational = Boolean(space.ready().arrays.kl);
    this.source = choice("Source of the draws", Object.entries(SOURCES), "source", () => this.draw());
    this.source.value = variational ? "prior" : "codes";
    this.count = choice("How many draws", COUNTS.map((n) => [String(n), String(n)]), "count", () => this.draw());
    this.count.value = "10";
    const told = toldChoices(space.ready().meta);
    this.told = choice("Class that the decoder is told", told.length ? [...told.map(({ label, name }) => [String(label), name]), [EVERY, "every class"]] : [], "sample-class", () => this.draw());
    this.warning = element("div", { class: "message", hidden: true, "data-testid": "no-prior" });
    this.note = element("div", { class: "hint", "data-testid": "sample-note" });
    this.places = element("div", { class: "hint", "data-testid": "places" });
    this.state = element("div", { class: "hint", role: "status", "data-testid": "drawing" });
    this.tiles = new Tiles(space, (which) => this.mark(which));
    this.densities = new DensityCharts(space.terms);
    this.root = element("div", { class: "sample-panel" },
      element("div", { class: "hint", text: "Codes drawn at random, decoded here; below each the training example that is nearest in pixel space, with its distance and label." }),
      element("div", { class: "sample-controls" },
        labelled("draw", this.count), labelled("source", this.source),
        ...(told.length ? [labelled("told class", this.told)] : []),
        element("button", { type: "button", class: "button wide", text: "New draws", "data-testid": "new-draws", onclick: () => this.again() })),
      this.warning, this.state, this.tiles.root, this.note, this.places, this.densities.root);
    space.listen((change) => this.changed(change));
  }

  /** @param {boolean} shown */
  onShown(shown) {
    this.shown = shown;
    if (shown) this.refresh();
    this.mark();
  }

  /** @param {import("../space/space.js").Change} change */
  changed(change) {
    if (change === "moved" && this.shown) this.refresh();
    if (change === "layout") this.place();
  }

  /** Ask for what is older than the weights. */
  refresh() {
    const { stamp } = this.space.ready();
    if (this.stamps.drawn !== stamp && !this.question) this.draw();
    if (this.stamps.aggregate !== stamp) this.aggregate();
  }

  again() {
    this.seed++;
    this.draw();
  }

  async draw() {
    const { space } = this;
    const every = this.told.value === EVERY;
    for (const option of this.count.options) option.disabled = every && Number(option.value) > MOST_EACH;
    if (this.count.selectedOptions[0].disabled) this.count.value = String(MOST_EACH);
    this.question?.cancel();
    const { stamp } = space.ready();
    const question = space.ask("samples", {
      source: this.source.value, count: Number(this.count.value), seed: this.seed,
      label: every || !this.told.value ? -1 : Number(this.told.value), every_class: every,
    }, (share, text) => (this.state.textContent = `${text} …`));
    this.question = question;
    this.state.textContent = "Drawing …";
    this.stamps.drawn = stamp;
    try {
      this.drawn = await question.answer;
      this.show(this.drawn);
    } catch (error) {
      if (error instanceof Cancelled) return;
      this.stamps.drawn = "";
      this.complain(/** @type {Error} */ (error).message);
    } finally {
      if (this.question === question) this.answered();
    }
  }

  /** No draws are on their way; a run may have trained on since they were asked for. */
  answered() {
    this.question = undefined;
    this.state.textContent = "";
    if (this.shown && this.stamps.drawn && this.space.stamp !== this.stamps.drawn) this.draw();
  }

  async aggregate() {
    if (this.asking) return;
    this.asking = true;
    const { stamp } = this.space.ready();
    this.stamps.aggregate = stamp;
    try {
      this.densities.show(await this.space.ask("aggregate").answer);
    } catch (error) {
      this.stamps.aggregate = "";
      this.complain(/** @type {Error} */ (error).message);
    } finally {
      this.asking = false;
    }
    if (this.shown && this.stamps.aggregate && this.space.stamp !== this.stamps.aggregate) this.aggregate();
  }

  /** @param {import("../wire/wire.js").Message} drawn */
  show(drawn) {
    const { meta, arrays } = drawn;
    const variational = Boolean(this.space.ready().arrays.kl);
    this.warning.hidden = variational || meta.source !== "prior";
    this.warning.textContent = "Nothing trained this prior to be plausible: the model never saw a draw from N(0, I). A Gaussian fitted to its codes at least draws from where they lie.";
    this.tiles.show(drawn);
    this.root.dataset.seed = String(meta.seed);
    this.note.textContent = meta.compared ? comparison(meta, arrays.distances.data)
      : "The data set is not on this machine: the samples are compared with nothing.";
    this.place();
  }

  /** Find where the drawn codes fall on the map: here where it is linear, otherwise by the server. */
  async place() {
    const { drawn, space } = this;
    const { layout } = space;
    /** @type {ArrayLike<number>[] | null} */
    this.spots = null;
    this.places.textContent = "";
    if (!drawn || !layout || !this.shown) return this.mark();
    const { codes } = drawn.arrays;
    const [count, units] = codes.shape;
    const rows = Array.from({ length: count }, (_, i) => /** @type {Float32Array} */ (codes.data).slice(i * units, (i + 1) * units));
    if (placeOn(layout, rows[0])) this.spots = rows.map((code) => /** @type {number[]} */ (placeOn(layout, code)));
    else if (!layout.projection) this.places.textContent = "The samples are not on the map: its rows are labels, and a sample has none.";
    else await this.askPlaces(layout, rows);
    if (drawn === this.drawn && layout === space.layout) this.mark();
  }

  /** @param {import("../space/space.js").Layout} layout @param {Float32Array[]} rows */
  async askPlaces(layout, rows) {
    try {
      const { meta, arrays } = await this.space.ask("place", { projection: layout.projection, codes: rows.map((code) => Array.from(code)) }).answer;
      if (meta.layout !== layout.stamp) throw new Error(OLDER);
      const [, dimensions] = arrays.points.shape;
      if (layout === this.space.layout) this.spots = rows.map((_, i) => arrays.points.data.slice(i * dimensions, (i + 1) * dimensions));
    } catch (error) {
      if (layout === this.space.layout) this.places.textContent = `The samples are not on the map: ${/** @type {Error} */ (error).message}`;
    }
  }

  /** Draw the places on the map; one of them stands out. @param {number} [strong] */
  mark(strong = -1) {
    const spots = this.shown && this.spots ? this.spots : [];
    const mark = (/** @type {number} */ i, /** @type {"cross" | "ring"} */ shape, label = "") =>
      ({ x: spots[i][0], y: spots[i][1], z: spots[i][2], shape, colour: COLOUR, label });
    const marks = Array.from(spots, (_, i) => mark(i, "cross", nameOf(i, spots.length)));
    if (strong >= 0 && strong < spots.length) marks.push(mark(strong, "ring"));
    this.root.dataset.marks = String(spots.length);
    this.map.draw("sample", { marks });
  }
}

/** What the distances say. @param {any} meta @param {ArrayLike<number>} distances */
function comparison(meta, distances) {
  const sorted = Array.from(distances).sort((a, b) => a - b);
  const half = (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
  return `Median distance ${half.toFixed(2)} to the nearest of ${meta.compared.toLocaleString("en")} training examples; of held-out examples it is ${meta.unseen.toFixed(2)}. `
    + "A sample equal to a training example, at distance 0, is copied, not invented.";
}

/** @param {string} label @param {string[][]} options @param {string} name @param {() => void} onChange */
function choice(label, options, name, onChange) {
  return element("select", { "aria-label": label, "data-testid": name, onchange: onChange },
    ...options.map(([value, text]) => element("option", { value, text })));
}

/** @param {string} text @param {HTMLElement} control */
function labelled(text, control) {
  return element("label", { class: "labelled" }, element("span", { text }), control);
}
