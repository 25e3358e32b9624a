/**
 * The front page's head: what the app is, a real example on its way through a model, and three ways on.
 *
 *   pointer, or the wandering point → nearest example on the map → its code → its reconstruction
 */
import { classNames, extent, positions, widestAxes } from "../map/placing.js";
import { codeText, Passage } from "./passage.js";
import { frameLook } from "../base/picture.js";
import { element } from "../base/dom.js";
import { isDark, readTheme } from "../base/palette.js";
import { makeDecoder } from "../decoder/decoder.js";
import { parseMessage } from "../wire/wire.js";
import { placeAt, stopsOf, Wandering } from "./wander.js";
import { PointCloud } from "../map/cloud.js";
import { runColouring } from "../run/colours.js";
import { toPixel } from "../map/view.js";
import { usualColour } from "../space/colouring.js";
import { watchSize } from "../base/resizing.js";

/** @typedef {import("../wire/wire.js").Message} Message */

const SENTENCE = "An autoencoder learns to squeeze an example through a few numbers, its code, and to rebuild it from these alone.";
/** Name, title and what comes of it. */
const WAYS = [
  ["watch", "Watch one learn", "A new model begins to train before your eyes."],
  ["explore", "Explore the map", "Everything that can be done with the codes of this model."],
  ["data", "Bring your own data", "Pictures, tables or arrays, to train on."],
];
/** The point wanders while at least this share of the head is in view. */
const SEEN = 0.5;

export class Front {
  /** @param {HTMLElement} parent @param {import("../wire/host.js").Host} host */
  constructor(parent, host) {
    this.host = host;
    this.passage = new Passage(host.terms);
    this.wandering = new Wandering(!matchMedia("(prefers-reduced-motion: reduce)").matches);
    this.inView = false;
    /** Whether it is the wandering point that moves over the map. */
    this.leading = false;
    /** Of the example on show; −1 for none. */
    this.index = -1;
    /** @type {number[]} */
    this.stops = [];
    /** @type {string | undefined} of the model */
    this.key = undefined;
    /** @type {number | undefined} the frame of the screen in which the point moves on */
    this.request = undefined;
    this.cloud = new PointCloud({ onHover: (at) => this.point(at.index), onLeave: () => this.rest() }, { reach: Infinity });
    this.cloud.canvas.dataset.testid = "front-map";
    // The page scrolls over this map: the wheel zooms it with Control alone.
    this.cloud.root.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) event.stopPropagation();
    }, { capture: true });
    this.pause = element("button", { type: "button", class: "button wide", "data-testid": "front-pause", onclick: () => this.toggle() });
    this.note = element("span", { class: "hint", text: "Each dot is the code of an example that training never saw. Point at one." });
    // What the arrow keys have led to; what wanders by itself, or follows the mouse, would only be in the way.
    this.said = element("span", { class: "said", role: "status" });
    this.root = element("section", { class: "surface", "data-testid": "front", "aria-label": "Autoencoder Explorer" },
      element("div", { class: "front" },
        element("div", { class: "words" },
          element("h1", { text: "Autoencoder Explorer" }),
          element("p", { text: SENTENCE }),
          element("div", { class: "ways" }, ...WAYS.map(([name, title, line], k) => element("button", {
            type: "button", class: k ? "way" : "way first", "data-way": name, "aria-label": title,
            // The second click of a double click would take the way twice.
            onclick: (/** @type {MouseEvent} */ event) => event.detail < 2 && host.tell("way", name),
          }, element("b", { text: title }), element("span", { text: line }))))),
        element("div", { class: "panel" }, this.passage.root),
        element("div", { class: "panel map-panel" },
          element("div", { class: "panel-head" }, this.note, this.pause), this.cloud.root, this.said)));
    parent.replaceChildren(this.root);
    this.unwatch = watchSize(this.cloud.root, () => this.rest());
    this.watcher = new IntersectionObserver(([{ isIntersecting }]) => {
      this.inView = isIntersecting;
      this.wander();
    }, { threshold: SEEN });
    this.watcher.observe(this.root);
    this.applyTheme();
    this.showMoves();
  }

  /** What the page wants shown. @param {{key: string}} data */
  open({ key }) {
    this.applyTheme();
    if (key === this.key) return;
    this.key = key;
    this.socket?.close();
    this.scene = this.frame = this.decode = undefined;
    this.index = -1;
    this.socket = this.host.connect(`live/${encodeURIComponent(key)}?look=1&newest=1`, {
      onText: () => {},
      onBinary: (buffer) => this.receive(parseMessage(buffer)),
      onOpen: (open) => open && this.socket?.send({ type: "weights" }),
    });
  }

  close() {
    this.socket?.close();
    this.watcher.disconnect();
    this.unwatch();
    this.cloud.destroy();
    if (this.request !== undefined) cancelAnimationFrame(this.request);
  }

  /** @param {Message} message */
  receive(message) {
    if (message.meta.kind === "weights") this.learn(message);
    else if (message.meta.kind === "scene") this.scene = message;
    else this.begin(message);
  }

  /** @param {Message} weights */
  learn(weights) {
    try {
      this.decode = makeDecoder(weights);
    } catch (error) {
      this.note.textContent = /** @type {Error} */ (error).message;
      return;
    }
    this.told = weights.meta.classes > 0;
    this.show(this.index);
  }

  /** The map of a frame. @param {Message} frame */
  begin(frame) {
    const { scene } = this;
    if (!scene) return;
    this.frame = frame;
    const { meta, arrays: { labels } } = scene;
    const { codes, unit_variance: variance } = frame.arrays;
    const axes = widestAxes(variance.data);
    const one = meta.latent === 1;
    this.points = positions(codes, axes, labels.data);
    const coloured = runColouring(usualColour(meta), scene, frame);
    this.stops = stopsOf(this.points, labels.data, meta.classes);
    const reach = Array.from(codes.data).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    this.passage.begin({ shape: meta.shape, range: meta.range }, frameLook(meta), meta.latent, reach);
    this.cloud.show({
      points: this.points,
      dimensions: 2,
      box: extent(this.points),
      colours: coloured.colours,
      names: coloured.labels && coloured.names ? classNames(this.points, coloured.labels, coloured.names) : [],
      axisNames: [`unit ${axes[0] + 1}`, one ? "one row for each label" : `unit ${axes[1] + 1}`],
      rows: one,
      equal: !one,
    });
    this.cloud.canvas.style.touchAction = "pan-y";
    this.rest();
    this.show(this.index);
    this.wander();
    if (this.decode) this.socket?.send({ type: "weights" }); // of the model as it is now
  }

  // --- the point that wanders ----------------------------------------------------------------------

  /** It goes on, while there is a map to see. */
  wander() {
    if (!this.wandering.moves || !this.inView || !this.frame) return;
    this.request ??= requestAnimationFrame((now) => {
      this.request = undefined;
      this.wandering.advance(now);
      this.lead();
      this.wander();
    });
  }

  /** The map's pointer is put where the wandering point is. */
  lead() {
    if (this.points && this.stops.length) this.put(placeAt(this.points, this.stops, this.wandering.time));
  }

  /** Nobody points any more, or the map has another size: the ring stays at the example on show. */
  rest() {
    if (this.wandering.moves || this.index < 0) this.lead();
    else if (this.points) this.put([this.points[2 * this.index], this.points[2 * this.index + 1]]);
  }

  /** @param {[number, number]} place */
  put([x, y]) {
    const { cloud } = this;
    this.leading = true;
    cloud.controls.point(...toPixel(cloud.box, cloud.size, x, y), false);
    this.leading = false;
  }

  toggle() {
    if (this.wandering.moves) this.wandering.stop();
    else this.wandering.go();
    this.showMoves();
    this.wander();
  }

  showMoves() {
    const { moves } = this.wandering;
    this.pause.textContent = moves ? "Pause" : "Wander";
    this.pause.title = moves ? "Stop the point that wanders over the map" : "Let a point wander over the map";
    this.root.dataset.moves = String(moves);
  }

  // --- showing -------------------------------------------------------------------------------------

  /** Something points at the map. @param {number} index of the nearest example */
  point(index) {
    if (!this.leading && this.wandering.moves) this.toggle();
    if (index !== this.index) this.show(index);
    if (!this.leading && this.cloud.controls.keyed) this.say();
  }

  /** An example on its way through the model. @param {number} index */
  show(index) {
    const { scene, frame, decode } = this;
    if (!scene || !frame || index < 0) return;
    this.index = index;
    const code = this.codeOf(index);
    const size = scene.arrays.images.shape[1];
    const rebuilt = decode ? decode(code, this.told ? scene.arrays.labels.data[index] : undefined) : null;
    this.passage.show(scene.arrays.images.data.subarray(index * size, (index + 1) * size), code, rebuilt, this.nameOf(index));
    this.root.dataset.index = String(index);
  }

  say() {
    this.said.textContent = `Nearest: ${this.nameOf(this.index)}. Code: ${codeText(this.codeOf(this.index))}.`;
  }

  /** @param {number} index @returns {Float32Array} */
  codeOf(index) {
    const { data, shape } = /** @type {Message} */ (this.frame).arrays.codes;
    return /** @type {Float32Array} */ (data.slice(index * shape[1], (index + 1) * shape[1]));
  }

  /** @param {number} index */
  nameOf(index) {
    const { meta, arrays } = /** @type {Message} */ (this.scene);
    const name = meta.classes[arrays.labels.data[index]];
    return name === undefined ? `held-out example ${index + 1}` : `held-out example of class ${name}`;
  }

  applyTheme() {
    const theme = readTheme(this.root);
    this.root.style.colorScheme = isDark(theme.background) ? "dark" : "light";
    this.cloud.setTheme(theme);
  }
}

/** @type {import("../wire/host.js").Make} */
export const make = (parent, host) => new Front(parent, host);
