/**
 * The network, drawn: encoder, code and decoder with what every layer makes of one example, computed here from the
 * weights. A unit that is pointed at tells its value; one that is chosen, what it sees and writes.
 */
import { element } from "../base/dom.js";
import { arrow, isPlain } from "../base/keys.js";
import { labelName } from "../base/labels.js";
import { isDark } from "../base/palette.js";
import { watchSize } from "../base/resizing.js";
import { format } from "../base/scale.js";
import { NO_CLASS, toldChoices } from "../base/told.js";
import { cssColour } from "../map/colour.js";
import { rampTable } from "../map/ramp.js";
import { actingOf, corrupt, keptOf, noiseOn } from "./acting.js";
import { draw } from "./drawing.js";
import { layOut, marksOf, moved, unitUnder } from "./layout.js";
import { Network } from "./passing.js";
import { ROW_HEIGHT, thumbnailUnder, weightRows } from "./thumbnails.js";
import { layerNames, unitName } from "./unit.js";
import { UnitView } from "./unitview.js";

/** @typedef {import("../wire/wire.js").Message} Message */
/** @typedef {import("./layout.js").Chosen} Chosen */

const HELP = "Network of the model. Left and right arrow keys move from layer to layer, up and down from unit to unit, Enter shows what a unit sees and writes, Escape closes that.";
const TOO_LARGE = "This network has more than 4 million weights, too many to be drawn while it trains. A smaller one is drawn here.";
const WAITING = "The weights are on their way.";
/** Below the layers: their sizes and scales. */
const BELOW = 36;

/** @param {Chosen | null} a @param {Chosen | null} b */
const sameUnit = (a, b) => a?.layer === b?.layer && a?.unit === b?.unit;

export class Diagram {
  /** @param {{onShown: () => void}} handlers it came on show, and wants weights */
  constructor({ onShown }) {
    this.name = "network";
    this.title = "Network";
    this.sentence = "What every layer makes of the example under the pointer.";
    this.shown = false;
    /** Whether some of it is within the window. */
    this.inSight = false;
    /** @type {number | undefined} the frame of the screen that draws what has changed */
    this.request = undefined;
    this.index = 0;
    this.label = NO_CLASS;
    /** @type {Network | null} */
    this.network = null;
    /** @type {import("./passing.js").Pass | null} */
    this.pass = null;
    /** @type {Message | null} */
    this.scene = null;
    /** @type {Message | null} */
    this.frame = null;
    /** @type {Chosen | null} */
    this.hovered = null;
    /** @type {Chosen | null} */
    this.chosen = null;
    /** The unit that was told last. @type {Chosen | null} */
    this.saidOf = null;
    this.canvas = element("canvas", {
      class: "diagram-canvas", tabindex: 0, role: "img", "aria-label": HELP, "data-testid": "network",
      onpointermove: (/** @type {PointerEvent} */ event) => this.hover(this.under(event)),
      onpointerleave: () => this.hover(null),
      onclick: (/** @type {PointerEvent} */ event) => this.choose(this.under(event)),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event),
    });
    this.example = element("span", { class: "hint", "data-testid": "network-example" });
    this.said = element("div", { class: "said", role: "status", "data-testid": "network-said" });
    this.ramp = element("i", { class: "ramp" });
    this.legend = element("div", { class: "class-legend" },
      element("span", {}, element("span", { text: "below 0" }), this.ramp, element("span", { text: "above 0; each layer to its own ±, 0 in the middle" })),
      this.scale = element("span"));
    this.acting = element("ol", { class: "acting", "data-testid": "network-acting" });
    this.view = new UnitView(() => this.choose(null));
    this.problem = element("div", { class: "hint", text: WAITING });
    this.drawn = element("div", { hidden: true }, element("div", { class: "diagram-head" }, this.example, this.said),
      element("div", { class: "diagram-stage", role: "group", "aria-label": "The network, drawn" }, this.canvas), this.legend, this.acting, this.view.root);
    this.root = element("div", { class: "diagram", hidden: true }, this.problem, this.drawn);
    this.onShown = (/** @type {boolean} */ shown) => {
      this.shown = shown;
      if (shown) onShown();
      this.changed();
    };
    new IntersectionObserver(([{ isIntersecting }]) => {
      const came = isIntersecting && !this.inSight;
      this.inSight = isIntersecting;
      if (!came || !this.shown) return;
      onShown();
      this.changed();
    }).observe(this.root);
    watchSize(this.root, () => this.changed());
  }

  /** Whether somebody may see it: it computes and asks for weights only then. */
  get isSeen() {
    return this.shown && this.inSight && document.visibilityState === "visible";
  }

  /** No model is on show. */
  forget() {
    [this.scene, this.frame, this.hovered, this.chosen] = [null, null, null, null];
    [this.index, this.label] = [0, NO_CLASS];
    this.wait(WAITING);
  }

  /** @param {Message} scene */
  begin(scene) {
    this.forget();
    this.scene = scene;
  }

  /** The newest frame: its knobs are those of the weights. @param {Message} frame @param {boolean} past whether another one is on show */
  follow(frame, past) {
    this.frame = frame;
    this.past = past;
    this.changed();
  }

  /** @param {Message} weights */
  weigh(weights) {
    if (!weights.meta.encoder) return this.wait(TOO_LARGE);
    this.network = new Network(weights);
    this.changed();
  }

  /** The example of that index came under the pointer; the decoder is told a class. @param {number} index @param {number} label */
  point(index, label) {
    if (index === this.index && label === this.label) return;
    [this.index, this.label] = [index, label];
    this.changed();
  }

  /** @param {import("../base/palette.js").Theme} theme */
  setTheme(theme) {
    this.theme = theme;
    this.table = rampTable("diverging", isDark(theme.background));
    this.ramp.style.background = `linear-gradient(to right, ${[0, 64, 128, 191, 255].map((k) => cssColour(/** @type {Uint32Array} */ (this.table)[k])).join(", ")})`;
    this.changed();
  }

  /** @param {string} why there is nothing to see */
  wait(why) {
    this.network = this.pass = null;
    this.problem.textContent = why;
    this.problem.hidden = false;
    this.drawn.hidden = true;
  }

  // --- the drawing -------------------------------------------------------------------------------

  /** Draw again at the next frame of the screen, if it is on show. */
  changed() {
    if (!this.isSeen) return;
    this.request ??= requestAnimationFrame(() => {
      this.request = undefined;
      this.paint();
    });
  }

  paint() {
    const { network, scene, frame, theme, table } = this;
    if (!this.isSeen || !network || !scene || !frame || !theme || !table) return;
    this.problem.hidden = true;
    this.drawn.hidden = false;
    const width = Math.floor(this.root.clientWidth);
    if (!width) return;
    const clean = this.exampleOf(scene);
    const noise = noiseOn(scene, frame);
    this.told = { label: this.label, active: keptOf(scene, frame) };
    this.pass = network.pass(noise ? corrupt(clean, noise, scene.meta.range) : clean, this.told);
    this.names = layerNames(network, noise !== null);
    this.layout = layOut(network.shapes, network.codeAt, noise !== null, width);
    this.rows = weightRows(network, this.pass, this.names, width, this.layout.bottom + BELOW);
    const height = this.layout.bottom + BELOW + (this.rows.length ? ROW_HEIGHT : 0);
    this.canvas.style.height = `${height}px`;
    const acting = actingOf(scene, frame);
    const chosen = [...(this.chosen ? [this.chosen] : []), ...(this.hovered ? [this.hovered] : [])];
    draw(this.canvas, { width, height }, {
      layout: this.layout, pass: this.pass, clean, names: this.names, shape: scene.meta.shape, range: scene.meta.range,
      marks: marksOf(acting, this.layout, network.codeAt), rows: this.rows, chosen,
    }, theme, table);
    this.tell(scene, acting);
    this.canvas.dataset.step = String(network.step);
    this.canvas.dataset.example = String(this.index);
  }

  /** In words what is drawn. @param {Message} scene @param {import("./acting.js").Acting[]} acting */
  tell(scene, acting) {
    const { network, pass, names, layout, table } = this;
    if (!network || !pass || !names || !layout || !table) return;
    const name = labelName(scene.meta, scene.arrays.labels.data[this.index]);
    const told = toldChoices(scene.meta).find(({ label }) => label === this.label);
    this.example.textContent = [
      `Held-out example ${this.index + 1}${name ? ` (${name})` : ""}`, told ? `told class: ${told.name}` : "",
      this.past ? `weights of step ${network.step.toLocaleString("en")}, the newest` : `step ${network.step.toLocaleString("en")}`,
    ].filter(Boolean).join(" · ");
    this.scale.textContent = [
      layout.enlarged ? "One cell, one unit: all of one size, only the code is enlarged." : "One cell, one unit: all of one size.",
      network.isVariational ? "In the code: the mean, one standard deviation of the posterior to either side, and faint that of the prior." : "",
    ].join(" ");
    const texts = acting.map(({ text }) => text);
    if (texts.join() !== Array.from(this.acting.children, (item) => item.textContent).join()) {
      this.acting.replaceChildren(...texts.map((text) => element("li", { text })));
    }
    const pointed = this.hovered ?? this.chosen;
    const said = pointed ? this.sentenceOf(pointed) : "Point at a unit, or choose one with the arrow keys.";
    if (said !== this.said.textContent) {
      // While a model trains, the values of one unit change many times a second: a screen reader hears each unit once.
      this.said.setAttribute("aria-live", pointed && sameUnit(pointed, this.saidOf) ? "off" : "polite");
      this.said.textContent = said;
    }
    this.saidOf = pointed;
    if (this.chosen) this.view.show(this.sentenceOf(this.chosen), network, pass, this.chosen, this.told ?? {}, names, table);
    else this.view.hide();
  }

  /** A unit and its value. @param {Chosen} chosen */
  sentenceOf({ layer, unit }) {
    const { network, pass, names } = this;
    if (!network || !pass || !names) return "";
    const spread = layer === network.codeAt && pass.deviation ? ` ± ${format(pass.deviation[unit])}` : "";
    return `${names[layer]}, ${unitName(network.shapes[layer], unit)}: ${format(pass.values[layer][unit]).replace(/^-/, "−")}${spread}`;
  }

  /** The example, in the range of its data. @param {Message} scene @returns {Float32Array} */
  exampleOf(scene) {
    const { images: { data, shape: [count, size] }, images_values: exact } = scene.arrays;
    if (this.index >= count) this.index = 0;
    // Bytes are too coarse for the values of a table.
    if (exact?.shape[1] === size) return /** @type {Float32Array} */ (exact.data.subarray(this.index * size, (this.index + 1) * size));
    const [low, high] = scene.meta.range;
    return Float32Array.from(data.subarray(this.index * size, (this.index + 1) * size), (byte) => low + (byte / 255) * (high - low));
  }

  // --- choosing a unit ---------------------------------------------------------------------------

  /** @param {PointerEvent} event @returns {Chosen | null} */
  under({ offsetX, offsetY }) {
    return this.layout ? unitUnder(this.layout, offsetX, offsetY) ?? thumbnailUnder(this.rows ?? [], offsetX, offsetY) : null;
  }

  /** @param {Chosen | null} at */
  hover(at) {
    if (sameUnit(at, this.hovered)) return;
    this.hovered = at;
    this.changed();
  }

  /** @param {Chosen | null} at */
  choose(at) {
    this.chosen = at;
    this.changed();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { network } = this;
    if (!network || !isPlain(event)) return;
    const way = arrow(event);
    if (way) this.hover(moved(network.shapes, this.hovered ?? this.chosen, way, network.codeAt));
    else if (event.key === "Enter") this.choose(this.hovered ?? this.chosen);
    else if (event.key === "Escape") {
      this.choose(null);
      this.hover(null);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
