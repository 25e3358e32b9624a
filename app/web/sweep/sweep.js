/**
 * A sweep while it trains: a card for each value, the trade-off curve, the losses, a time machine.
 *
 *   feeds (one run, or one for each cell) → track → cards, trade-off curve, losses
 *
 * Hovering, scrubbing and choosing an example never wait for the server's script.
 */
import { colouring, usualColour } from "../space/colouring.js";
import { Legend } from "../space/legend.js";
import { element } from "../base/dom.js";
import { explained, withSentence } from "../base/explained.js";
import { isDark, readTheme } from "../base/palette.js";
import { labelled } from "../base/parts.js";
import { TimeMachine } from "../run/timemachine.js";
import { Transport } from "../run/transport.js";
import { Card } from "./card.js";
import { cellColour } from "./colours.js";
import { Examples } from "./examples.js";
import { Feed } from "./feed.js";
import { LossPlot } from "./lossplot.js";
import { sharedBox } from "./sharedscale.js";
import { figureOf } from "./sweepframe.js";
import { Track } from "./track.js";
import { sayPoint, TradePlot } from "./tradeplot.js";

/** Points of a line of losses, at most. */
const LINE_POINTS = 300;
/** With more cards than this each is smaller. */
const FEW_CARDS = 16;

/**
 * @typedef {object} Data what the page wants shown
 * @property {string} key of the sweep
 * @property {string[]} members ids of its runs
 * @property {boolean} stacked whether one run trains all cells
 * @property {string} label of what is swept
 * @property {string[]} names of the cells
 * @property {(number | null)[]} values null where they are no numbers
 * @property {"linear" | "log"} scale
 */

export class SweepView {
  /** @param {HTMLElement} parent @param {import("../wire/host.js").Host} host */
  constructor(parent, host) {
    this.host = host;
    /** @type {Card[]} */
    this.cards = [];
    /** @type {number | null} the cell that is pointed at */
    this.on = null;
    /** @type {import("./tradeplot.js").Picture | undefined} what the trade-off curve shows */
    this.picture = undefined;
    /** @type {number | undefined} the frame of the screen that paints what has changed */
    this.request = undefined;
    this.transport = new Transport({ onCommand: (command) => this.command(command) }, host.terms);
    this.examples = new Examples({ onChoose: () => this.changed(false) });
    this.trade = new TradePlot({ onHover: (k) => this.hover(k) });
    this.losses = new LossPlot({ onSeek: (step) => this.seek((track) => track.seekStep(step)), onChoose: () => this.changed(false) });
    this.scale = element("select", { "aria-label": "Scale of the maps", "data-testid": "scale", onchange: () => this.changed(false) },
      element("option", { value: "shared", text: "one for all" }), element("option", { value: "own", text: "each its own" }));
    this.tradeTitle = element("h3", { text: "Trade-off" });
    this.tradeHint = element("span", { class: "hint", "data-testid": "pointed" });
    this.legend = new Legend();
    this.grid = element("div", { class: "cards", role: "group", "aria-label": "Cells of the sweep" });
    this.time = new TimeMachine({ onSeek: (index) => this.seek((track) => track.seekIndex(index)) }, host.terms);
    this.root = element("section", { class: "surface sweep", "data-testid": "sweep", onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event), onpointerdown: (/** @type {PointerEvent} */ event) => this.closeMenus(event) },
      this.transport.root,
      this.transport.message,
      this.transport.complaint,
      element("div", { class: "panel sweep-head" },
        element("h3", { text: "Example" }), this.examples.root,
        labelled(explained(host.terms, "shared_scale", "Scale"), this.scale),
        element("span", { class: "hint", text: "Each map shows the codes of held-out examples; below it, what that model makes of the chosen one." })),
      this.legend.root,
      this.grid,
      element("div", { class: "plots" },
        element("div", { class: "panel" }, element("div", { class: "panel-head" }, this.tradeTitle, this.tradeHint), this.trade.root),
        element("div", { class: "panel" }, element("div", { class: "panel-head" }, element("h3", {}, explained(host.terms, "loss", "Loss")), element("span", { class: "hint", text: "click to travel" }), this.losses.choice), this.losses.root)),
      this.time.root);
    parent.replaceChildren(this.root);
    this.applyTheme();
  }

  /** @param {Data} data */
  open(data) {
    this.applyTheme();
    if (data.key === this.data?.key) return;
    this.close();
    this.data = data;
    this.scene = null;
    this.on = null;
    this.transport.begin(false);
    this.transport.setStatus("waiting", "");
    this.cards = data.names.map((name, k) => new Card(name, cellColour(k, data.names.length), {
      onHover: (on) => this.hover(on ? k : null),
      onMenu: () => this.cards.forEach((card, i) => i !== k && card.toggle(false)),
      onOpen: () => this.host.tell("open", k),
    }, this.host.terms));
    this.applyTheme();
    this.grid.replaceChildren(...this.cards.map((card) => card.root));
    this.grid.dataset.many = String(data.names.length > FEW_CARDS);
    this.feeds = data.members.map((key) => new Feed(this.host.connect, key, 1 / data.members.length, {
      onChange: () => this.changed(true),
      onComplaint: (text) => this.transport.complain(text),
    }));
    this.track = new Track(this.feeds, data.names.length);
  }

  close() {
    for (const feed of this.feeds ?? []) feed.close();
  }

  // --- what the user does ------------------------------------------------------------------------

  /** A command of the transport; it means the present, so the time machine comes back to it. @param {{type: string}} command */
  command(command) {
    this.track?.seekStep(null);
    this.track?.send(command);
    this.changed(false);
  }

  /** @param {(track: Track) => void} move */
  seek(move) {
    if (this.track) move(this.track);
    this.changed(false);
  }

  /** A card or a point is pointed at: both stand out. @param {number | null} k */
  hover(k) {
    this.on = k;
    this.cards.forEach((card, i) => card.highlight(i === k));
    this.trade.highlight(k);
    this.losses.highlight(k);
    this.say();
  }

  /** @param {PointerEvent} event */
  closeMenus(event) {
    for (const card of this.cards) if (!card.root.contains(/** @type {Node} */ (event.target))) card.toggle(false);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const target = /** @type {Element} */ (event.target);
    if (!target.closest("input, select, button")) this.transport.key(event);
  }

  // --- showing -----------------------------------------------------------------------------------

  /** Repaint at the next animation frame. @param {boolean} glide whether points may move there smoothly */
  changed(glide) {
    this.glide = glide;
    this.request ??= requestAnimationFrame(() => {
      this.request = undefined;
      this.paint();
    });
  }

  paint() {
    const { track } = this;
    if (!track) return;
    track.keepPlace();
    this.transport.setStatus(track.status, track.message, track.status === "failed" && !track.summary);
    this.root.dataset.status = track.status;
    const { scene, summary, leader } = track;
    if (!scene || !summary) return;
    if (scene !== this.scene) this.begin(scene);
    this.cards.forEach((card, k) => {
      const own = track.sceneOf(k);
      if (own && own !== card.scene) card.begin(own);
      card.show({
        ...track.shown(k),
        example: this.examples.chosen,
        diverged: track.divergedAt(k) ?? 0,
        failed: track.hasFailed(k),
        glide: (this.glide ?? false) && track.step === null,
        trade: track.trade,
      });
    });
    // What has diverged would make dots of all others.
    const wanted = this.cards.map((card, k) => (track.divergedAt(k) ? null : card.map.wanted));
    const box = this.scale.value === "shared" ? sharedBox(wanted) : null;
    for (const card of this.cards) card.map.share(box);
    this.showTrade();
    this.showLosses(summary.meta.step);
    this.transport.setNumbers(summary, scene);
    this.transport.setPace(track.feeds[0].pace);
    this.transport.setAside(track.feeds[0].aside);
    this.time.show(leader);
    Object.assign(this.root.dataset, { step: summary.meta.step, newest: leader.newest?.meta.step, frames: leader.frames.length });
  }

  /** @param {import("../wire/wire.js").Message} scene */
  begin(scene) {
    this.scene = scene;
    this.legend.show(colouring(usualColour(scene.meta), scene.meta, scene.arrays));
    this.examples.begin(scene);
  }

  /** Error against what is traded for it, or against the value where nothing is. */
  showTrade() {
    const { data, track } = this;
    if (!data || !track) return;
    const { trade } = track;
    this.nameTrade(trade);
    const numeric = data.values.every((value) => value !== null);
    this.picture = {
      points: data.names.map((name, k) => {
        const { frame, at } = track.shown(k);
        const x = trade ? frame?.meta.trade?.[at] ?? null : numeric ? data.values[k] : k;
        return { k, name, colour: cellColour(k, data.names.length), x, y: frame && figureOf(frame, at, "squared_error"), out: Boolean(track.divergedAt(k)) };
      }),
      title: trade ? trade.label : data.label,
      unit: trade ? trade.unit : "",
      traded: Boolean(trade),
      scale: trade ? "linear" : numeric ? data.scale : "names",
    };
    this.trade.show(this.picture);
    this.say();
  }

  /** @param {import("./track.js").Trade | null} trade */
  nameTrade(trade) {
    const name = trade?.name ?? "squared_error";
    if (this.tradeTitle.dataset.of === name) return;
    this.tradeTitle.dataset.of = name;
    const { terms } = this.host;
    this.tradeTitle.replaceChildren(trade
      ? explained(withSentence(terms, name, trade.label, trade.sentence), name, "Trade-off")
      : explained(terms, name, "Held-out error"));
  }

  /** The point that is pointed at in words, or what the curve shows. */
  say() {
    if (!this.picture) return;
    const out = this.picture.points.filter((point) => point.out).length;
    const left = out ? ` · ${out} diverged, left out` : "";
    this.tradeHint.textContent = this.on === null
      ? `held-out squared error against ${this.picture.title}${left}`
      : sayPoint(this.picture, this.on);
  }

  /** @param {number} at the step on show */
  showLosses(at) {
    const { data, track } = this;
    if (!data || !track) return;
    const lines = data.names.map((_, k) => {
      const { frames, at: cell } = track.framesOf(k);
      const every = Math.ceil(frames.length / LINE_POINTS);
      /** @type {[number, number][]} */
      const places = [];
      frames.forEach((frame, i) => {
        const value = i % every === 0 || i === frames.length - 1 ? figureOf(frame, cell, this.losses.figure) : null;
        const gone = frame.meta.diverged[cell];
        if (value !== null && !gone) places.push([frame.meta.step, value]);
      });
      return { k, colour: cellColour(k, data.names.length), places };
    });
    this.losses.show({ lines, last: Math.max(1, track.leader.newest?.meta.step ?? 1), at });
  }

  applyTheme() {
    const theme = readTheme(this.root);
    this.root.style.colorScheme = isDark(theme.background) ? "dark" : "light";
    this.trade.setTheme(theme);
    this.losses.setTheme(theme);
    for (const card of this.cards) card.map.setTheme(theme);
  }
}

/** @type {import("../wire/host.js").Make} */
export const make = (parent, host) => new SweepView(parent, host);
