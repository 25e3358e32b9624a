/**
 * The bench: everything on the page that moves while a model trains.
 *
 *   connection → timeline → shown frame → map, sheets, curves, knobs, readouts
 *
 * Slider drags, hover, scrubbing and zoom never wait for the server's script.
 */
import { classNames, extent, follow, positions, widestAxes, withChoice } from "../map/placing.js";
import { areOfMoment, runChoices, runColouring } from "./colours.js";
import { Connection } from "../wire/connection.js";
import { Curves } from "./curves.js";
import { Decoders } from "./decoders.js";
import { Diagram } from "../network/diagram.js";
import { element } from "../base/dom.js";
import { explained } from "../base/explained.js";
import { Inspector } from "./inspector.js";
import { Knobs, knobHint } from "./knobs.js";
import { PointCloud } from "../map/cloud.js";
import { Legend } from "../space/legend.js";
import { usualColour } from "../space/colouring.js";
import { isDark, readTheme } from "../base/palette.js";
import { CollapseBadge } from "../base/collapse.js";
import { priorBox, priorRings } from "../space/prior.js";
import { ScaleChoice } from "../space/scalechoice.js";
import { inUse, Readouts } from "./readouts.js";
import { Sheets } from "./sheets.js";
import { steadyGlide } from "../map/scene.js";
import { Timeline } from "../wire/timeline.js";
import { TimeMachine } from "./timemachine.js";
import { Transport } from "./transport.js";

/** @typedef {import("../wire/wire.js").Message} Message */

/** New weights are asked for at most this often while the pointer is on the map or the network is drawn, in milliseconds. */
const WEIGHTS_EVERY = 300;
/** Bytes of weights in a millisecond, at most: those of large networks come less often. */
const WEIGHTS_RATE = 4000;
/** Milliseconds in which points glide to their places in a new frame. */
const GLIDE = 90;

export class Bench {
  /** @param {HTMLElement} parent @param {import("../wire/host.js").Host} host */
  constructor(parent, host) {
    this.host = host;
    this.timeline = new Timeline();
    /** @type {[number | null, number | null]} */
    this.chosenAxes = [null, null];
    /** @type {number | undefined} the frame of the screen that paints what has changed */
    this.request = undefined;
    this.inside = false;
    /** Where the map was pointed at last, and of which units. @type {{x: number, y: number, axes: string} | undefined} */
    this.place = undefined;
    /** What decoded it last. @type {{shown: Message, decoder: import("./decoders.js").Decoder, past: boolean} | undefined} */
    this.was = undefined;
    /** Whether this connection has brought a scene. */
    this.begun = false;
    this.decoders = new Decoders((step) => this.connection?.send({ type: "weights", step }));
    this.cloud = new PointCloud({
      onHover: (at) => this.point(at),
      onLeave: () => (this.inside = false),
    }, { reach: Infinity, glide: steadyGlide(GLIDE) });
    this.cloud.canvas.dataset.testid = "map";
    this.diagram = new Diagram({ onShown: () => this.askForWeights() });
    this.sheets = new Sheets(host.terms, [this.diagram]);
    this.readouts = new Readouts(host.terms);
    this.curves = new Curves({ onSeek: (step) => this.travel(this.timeline.indexOfStep(step)) }, host.terms);
    this.knobs = new Knobs({
      onTurn: (name, value) => this.send({ type: "knob", name, value }),
      onSettled: (values) => this.host.tell("knobs", values),
    }, host.terms);
    this.transport = new Transport({
      onCommand: (command) => this.command(command),
      onPace: (pace) => this.host.tell("pace", pace),
      onNewSeed: () => this.host.tell("action", "new_seed"),
      onFork: () => this.host.tell("action", "fork"),
    }, host.terms);
    this.inspector = new Inspector(host.terms);
    this.legend = new Legend();
    this.colour = element("select", { "aria-label": "Colour of the points", "data-testid": "colour", onchange: () => this.colourBy(this.colour.value) });
    this.colourChoice = element("label", { class: "labelled", hidden: true }, element("span", { text: "Colour" }), this.colour);
    this.knobHint = element("span", { class: "hint" });
    this.axisChoice = element("div", { class: "axis-choice", hidden: true });
    this.scale = new ScaleChoice(() => {
      this.cloud.fit();
      this.changed(false);
    }, host.terms);
    this.badge = new CollapseBadge(host.terms);
    this.machine = new TimeMachine({ onSeek: (index) => this.seek(index) }, host.terms);
    this.root = element("section", { class: "surface bench", "data-testid": "bench", tabindex: -1, onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event) },
      this.transport.root,
      this.transport.message,
      this.transport.complaint,
      element("div", { class: "stage" },
        element("div", { class: "panel map-panel" },
          element("div", { class: "panel-head" },
            element("h3", {}, explained(host.terms, "latent_map", "Latent map")),
            this.badge.root,
            element("span", { class: "hint" }, explained(host.terms, "code", "codes"), " of ", explained(host.terms, "held_out", "held-out examples")),
            this.colourChoice,
            this.axisChoice,
            this.scale.root,
            element("button", { type: "button", class: "button wide", text: "Fit", title: "Show all points (0)", onclick: () => this.cloud.fit() })),
          this.cloud.root,
          this.legend.root),
        element("div", { class: "side" },
          element("div", { class: "panel pointer-panel" }, element("div", { class: "panel-head" }, element("h3", { text: "Under the pointer" })), this.inspector.root),
          element("div", { class: "panel" }, element("div", { class: "panel-head" }, element("h3", {}, explained(host.terms, "knobs", "Live knobs")), this.knobHint), this.knobs.root),
          element("div", { class: "panel grow" }, element("div", { class: "panel-head" }, element("h3", {}, explained(host.terms, "loss", "Loss")), element("span", { class: "hint", text: "click to travel" })), this.curves.root))),
      this.readouts.root,
      this.machine.root,
      element("div", { class: "panel" }, this.sheets.root));
    parent.replaceChildren(this.root);
    this.applyTheme();
  }

  /** What the page wants shown. @param {{key: string, readOnly: boolean, status: string}} data */
  open(data) {
    this.applyTheme();
    const { data: before } = this;
    this.data = data;
    if (data.key === before?.key && data.readOnly === before.readOnly) return;
    this.connection?.close();
    this.timeline = new Timeline();
    this.clear();
    // Whoever has pressed Train goes on here: space, pressed once more, would start another run.
    if (!data.readOnly && document.activeElement?.localName === "button") this.root.focus({ preventScroll: true });
    this.decoders.begin();
    this.diagram.forget();
    this.cloud.controls.leave();
    this.cloud.fit();
    this.transport.begin(data.readOnly);
    this.setStatus(data.readOnly ? data.status : "waiting", "");
    this.connection = new Connection(this.host.connect, data.key, data.readOnly, {
      onMessage: (message) => this.receive(message),
      onNote: (note) => this.note(note),
      onOpen: (open) => this.opened(open),
    });
  }

  /** Nothing of the run that was on show is on show any more, though another one may be long in coming. */
  clear() {
    for (const name of ["key", "step", "newest", "frames", "status", "loss", "decoder"]) delete this.root.dataset[name];
    this.root.dataset.empty = "waiting";
    this.inspector.clear();
    this.machine.stop();
    this.place = undefined;
  }

  close() {
    this.connection?.close();
    this.cloud.destroy();
  }

  /** @param {string} status @param {string} message */
  setStatus(status, message) {
    const nothing = !this.timeline.newest;
    this.transport.setStatus(status, message, nothing && status === "failed");
    if (nothing) this.root.dataset.empty = status === "failed" ? "failed" : "waiting";
    this.knobHint.textContent = this.data?.readOnly ? "as they were set; continue training to turn them" : knobHint(status);
  }

  // --- from the server ---------------------------------------------------------------------------

  /** @param {boolean} open */
  opened(open) {
    this.root.dataset.connected = String(open);
    if (open) {
      this.decoders.forget();
      this.begun = false;
      this.askForWeights();
    } else if (!this.connection?.refused && this.data && !this.data.readOnly) this.setStatus(this.transport.status, "The connection to the server is lost; trying again.");
  }

  /** @param {Message} message */
  receive(message) {
    if (message.meta.kind === "weights") {
      try {
        this.decoders.take(message);
        if (message.meta.encoder !== undefined) this.diagram.weigh(message);
      } catch (error) {
        this.transport.complain(/** @type {Error} */ (error).message);
        return;
      }
      this.weightsBytes = message.bytes;
      if (this.timeline.cursor !== null) this.changed(false);
      else if (this.cloud.controls.pointer) this.decodeAt(this.cloud.controls.pointer);
      return;
    }
    if (message.meta.kind === "scene") this.begin(message);
    else this.add(message);
    this.changed(true);
  }

  /** @param {Message} scene */
  begin(scene) {
    if (this.begun) { // a rewind: there are other weights of the same steps
      this.decoders.begin();
      this.place = undefined;
      this.askForWeights();
    }
    this.begun = true;
    this.timeline.begin(scene);
    this.chosenAxes = [null, null];
    this.widest = /** @type {[number, number] | null} */ (null);
    this.colouring = undefined;
    this.offerColours(scene, null);
    this.diagram.begin(scene);
    this.sheets.begin(scene);
    this.readouts.begin(scene);
    this.inspector.begin(scene);
    this.knobs.begin(scene.meta.knobs, !this.data?.readOnly);
    this.makeAxisChoice(scene.meta.latent);
  }

  /** @param {Message} frame */
  add(frame) {
    const { timeline } = this;
    if (!timeline.scene) return;
    if (!timeline.newest) this.offerColours(timeline.scene, frame);
    const moved = frame.meta.step !== timeline.newest?.meta.step;
    timeline.push(frame);
    this.knobs.show(frame.meta.knobs);
    if (this.data?.readOnly) this.setStatus(this.data.status, "");
    else this.setStatus(frame.meta.status, frame.meta.message);
    this.transport.setPace(frame.meta.pace ?? null);
    if (!this.data?.readOnly) this.transport.setAside(frame.meta.aside ?? null);
    if (moved && (this.inside || this.diagram.isSeen || frame.meta.status !== "running")) this.askForWeights();
  }

  /** Small notes beside the frames. @param {any} note */
  note(note) {
    if (note.type === "error") this.transport.complain(note.message);
    else if (note.type === "kept") this.decoders.keep(note.steps);
    else if (note.type === "gone") this.decoders.gone(note.step);
    else if (note.type === "status" && !this.data?.readOnly) {
      this.setStatus(note.status, note.message);
      // The page offers other things to do with a run that came to nothing.
      if (note.status === "failed" && this.data?.status !== "failed") this.host.tell("action", "failed");
      this.changed(false);
    }
    if (this.timeline.cursor !== null) this.changed(false); // another decoder may be nearer
  }

  // --- to the server -----------------------------------------------------------------------------

  /** Send a command; the last one that finds no connection is sent as soon as there is one. @param {object} command */
  send(command) {
    this.connection?.command(command);
  }

  /** A command of the transport; it means the present, so the time machine comes back to it. @param {object} command */
  command(command) {
    this.machine.stop();
    this.timeline.cursor = null;
    this.send(command);
    this.changed(false);
  }

  /** Ask now, or when the last request is old enough. */
  askForWeights() {
    if (this.asking) {
      this.askAgain = true;
      return;
    }
    this.connection?.send({ type: "weights", encoder: this.diagram.shown });
    this.asking = setTimeout(() => {
      this.asking = undefined;
      if (this.askAgain) this.askForWeights();
      this.askAgain = false;
    }, Math.max(WEIGHTS_EVERY, (this.weightsBytes ?? 0) / WEIGHTS_RATE));
  }

  // --- showing -----------------------------------------------------------------------------------

  /** Repaint at the next animation frame. @param {boolean} glide */
  changed(glide) {
    this.glide = glide && !this.timeline.cursor;
    this.request ??= requestAnimationFrame(() => {
      this.request = undefined;
      this.paint();
    });
  }

  paint() {
    const { timeline } = this;
    const { shown, scene } = timeline;
    if (!shown || !scene) return;
    delete this.root.dataset.empty;
    this.showMap(shown, scene);
    this.sheets.show(shown);
    this.diagram.follow(/** @type {Message} */ (timeline.newest), timeline.cursor !== null);
    this.readouts.show(shown);
    this.curves.show(timeline);
    this.transport.setNumbers(shown, scene);
    this.machine.show(timeline);
    this.decodeAgain();
    Object.assign(this.root.dataset, { key: this.data?.key, step: shown.meta.step, newest: timeline.newest?.meta.step, frames: timeline.frames.length, status: this.transport.status, loss: shown.meta.test.loss });
    this.explain();
  }

  /** One line beside the decoded picture: what it is. */
  explain() {
    const { cursor, scene, shown } = this.timeline;
    const others = scene && scene.meta.latent > 2 ? "Other units: as in the nearest example. " : "";
    const decodes = this.cloud.controls.pointer || (cursor !== null && this.place);
    const decoder = decodes && cursor !== null ? this.decoder : undefined;
    const told = decoder ? this.decoders.told(decoder, /** @type {Message} */ (shown).meta.step) : "";
    this.inspector.hint(decodes ? others + told : "Point at the map to decode any place in it.");
  }

  /** The decoder of the moment on show, or the nearest to it that there is. */
  get decoder() {
    const { cursor, shown } = this.timeline;
    return cursor === null || !shown ? this.decoders.newest : this.decoders.at(shown.meta.step);
  }

  /** In another moment the place that was pointed at last is another picture. */
  decodeAgain() {
    const { place, was, timeline: { shown, cursor } } = this;
    const decoder = place && this.decoder; // nothing is asked for while nobody points
    if (!place || !decoder || (was?.shown === shown && was?.decoder === decoder) || (cursor === null && !was?.past)) return;
    const { controls } = this.cloud;
    if (controls.pointer) this.decodeAt(controls.pointer);
    else if (place.axes === String(this.axesNow())) this.decodeAt({ ...place, index: controls.nearest(place.x, place.y) });
  }

  /** The units on show: the user's choice, or the widest of the newest frame (not of the one travelled to). @returns {[number, number]} */
  axesNow() {
    const variance = /** @type {Message} */ (this.timeline.newest).arrays.unit_variance.data;
    this.widest = widestAxes(variance, this.widest);
    return withChoice(this.widest, this.chosenAxes);
  }

  /** @param {any} shown @param {Message} scene */
  showMap(shown, scene) {
    const axes = this.axesNow();
    const one = scene.meta.latent === 1;
    // Only a code with a posterior has a prior: N(0, I).
    const variational = Boolean(shown.arrays.unit_kl);
    this.scale.root.hidden = !variational;
    const used = inUse(shown.meta);
    this.badge.show(used);
    const byPrior = variational && this.scale.value === "prior";
    const key = `${axes} ${byPrior}`;
    if (shown.axesKey !== key) {
      // The view is kept with its frame, so that a moment looks the same whenever it is visited.
      let previous = null;
      for (const frame of /** @type {any[]} */ (this.timeline.frames)) {
        if (frame.axesKey !== key) {
          frame.points = positions(frame.arrays.codes, axes, scene.arrays.labels.data);
          frame.box = follow(previous, byPrior ? priorBox(frame.points, one) : extent(frame.points));
          frame.axesKey = key;
        }
        previous = frame.box;
      }
    }
    const coloured = this.colouringOf(shown, scene);
    this.cloud.show({
      points: shown.points,
      dimensions: 2,
      box: shown.box,
      colours: coloured.colours,
      // All classes stand at one place once the code has collapsed: the name of any would hide it.
      names: used !== 0 && coloured.labels && coloured.names ? classNames(shown.points, coloured.labels, coloured.names) : [],
      axisNames: [`unit ${axes[0] + 1}`, one ? "one row for each label" : `unit ${axes[1] + 1}`],
      rows: one,
      equal: variational,
      rings: variational ? priorRings() : [],
    }, this.glide ?? false);
  }

  /** What there is to choose from; the choice stays where it can. @param {Message} scene @param {Message | null} frame */
  offerColours(scene, frame) {
    const choices = runChoices(scene, frame);
    const chosen = choices.find(({ key }) => key === this.coloured)?.key ?? usualColour(scene.meta);
    this.colour.replaceChildren(...choices.map(({ key, label }) => element("option", { value: key, text: label })));
    this.colour.value = chosen;
    this.colourChoice.hidden = choices.length < 2;
    this.colourBy(chosen);
  }

  /** @param {string} key */
  colourBy(key) {
    this.coloured = key;
    this.colouring = undefined;
    this.changed(false);
  }

  /** The colours of a frame, which of labels and factors are those of every frame. @param {Message} shown @param {Message} scene */
  colouringOf(shown, scene) {
    const key = this.coloured ?? usualColour(scene.meta);
    if (!this.colouring || (areOfMoment(key) && this.colouring.of !== shown)) {
      this.colouring = { of: shown, ...runColouring(key, scene, shown) };
      this.legend.show(this.colouring);
    }
    return this.colouring;
  }

  /** The pointer has moved on the map, or onto it. @param {{x: number, y: number, index: number}} at */
  point(at) {
    if (!this.inside && this.decoders.newest?.step !== this.timeline.newest?.meta.step) this.askForWeights();
    this.inside = true;
    this.decodeAt(at);
  }

  /** @param {{x: number, y: number, index: number}} at a place of the map; the index is that of the nearest example */
  decodeAt({ x, y, index }) {
    const { shown, scene, cursor } = this.timeline;
    const { decoder } = this;
    // The map may still show another run, of more examples.
    if (!decoder || !shown || !scene || index < 0 || index >= shown.arrays.codes.shape[0]) return;
    this.diagram.point(index, this.inspector.label);
    const units = scene.meta.latent;
    const code = /** @type {Float32Array} */ (shown.arrays.codes.data.slice(index * units, (index + 1) * units));
    const axes = this.axesNow();
    if (units > 1) code[axes[1]] = y;
    code[axes[0]] = x;
    this.place = { x, y, axes: String(axes) };
    this.was = { shown, decoder, past: cursor !== null };
    this.inspector.show(code, decoder.decode, index);
    this.root.dataset.decoder = String(decoder.step);
    this.explain();
  }

  /** Where somebody wants to be; what was replayed ends there. @param {number} index */
  travel(index) {
    this.machine.stop();
    this.seek(index);
  }

  /** @param {number} index */
  seek(index) {
    this.timeline.seek(index);
    this.changed(false);
  }

  /** @param {number} units */
  makeAxisChoice(units) {
    this.axisChoice.hidden = units <= 2;
    if (units <= 2) return;
    const choice = (/** @type {0 | 1} */ which) => {
      const select = element("select", {
        "aria-label": which ? "Unit on the vertical axis" : "Unit on the horizontal axis",
        onchange: () => {
          this.chosenAxes[which] = select.value === "auto" ? null : Number(select.value);
          this.cloud.fit();
          this.changed(false);
        },
      }, element("option", { value: "auto", text: "widest free" }),
        ...Array.from({ length: units }, (_, i) => element("option", { value: i, text: `unit ${i + 1}` })));
      return select;
    };
    this.axisChoice.replaceChildren(choice(0), element("span", { text: "×" }), choice(1));
  }

  applyTheme() {
    const theme = readTheme(this.root);
    this.root.style.colorScheme = isDark(theme.background) ? "dark" : "light";
    this.cloud.setTheme(theme);
    this.curves.setTheme(theme);
    this.diagram.setTheme(theme);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const target = /** @type {Element} */ (event.target);
    if (!target.closest("input, select, button")) this.transport.key(event);
  }
}

/** @type {import("../wire/host.js").Make} */
export const make = (parent, host) => new Bench(parent, host);
