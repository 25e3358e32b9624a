/**
 * The latent space page: a map of codes, and panels that look at, walk through and draw from the space.
 *
 *   client → space → layout → map view
 *                  ↘ panels, which draw on the map and decode in the browser
 *
 * Hover, pan, zoom, selection, interpolation and sliders never wait for the server.
 */
import { element } from "../base/dom.js";
import { isDark, readTheme } from "../base/palette.js";
import { Client } from "../wire/questions.js";
import { AskedColours, isAsked } from "../space/askedcolours.js";
import { axesLayout, isWhole, Layouts, wasCancelled, WHOLE } from "../space/layouts.js";
import { Legend } from "../space/legend.js";
import { MapView } from "../space/mapview.js";
import { makePanels } from "./panels.js";
import { UnderPointer } from "../space/pointer.js";
import { LatentSpace } from "../space/space.js";
import { Tabs } from "../base/tabs.js";
import { Toolbar } from "./toolbar.js";

/** @typedef {{key: string, limit: number, colour?: string}} Data `colour`: of a link, where there is one */

/** What no answer of the server is: faults of these modules, which the console is told of, too. */
const FAULTS = [TypeError, RangeError, ReferenceError];

export class Latent {
  /** @param {HTMLElement} parent @param {import("../wire/host.js").Host} host */
  constructor(parent, host) {
    this.host = host;
    /** @type {View | undefined} there is none before the first codes are here */
    this.view = undefined;
    /** @type {LatentSpace | undefined} whose codes are on their way */
    this.loading = undefined;
    this.status = element("div", { class: "message", role: "status", text: "Opening the latent space …" });
    this.body = element("div", { class: "latent-body" });
    this.root = element("section", { class: "surface latent", "data-testid": "latent" }, this.status, this.body);
    Object.assign(this.root, { latent: this }); // for tests, and for the curious in their console
    parent.replaceChildren(this.root);
  }

  /** What the page wants shown. @param {Data} data */
  open(data) {
    this.applyTheme();
    if (data.key === this.data?.key && data.limit === this.data.limit) return;
    this.close();
    this.data = data;
    this.view = undefined;
    this.next = undefined;
    this.body.replaceChildren();
    delete this.root.dataset.count;
    this.say("Opening the latent space …");
    const client = new Client(this.host.connect, data.key, {
      onMoved: (stamp) => this.load(stamp),
      onRefused: (text) => this.say(text, "bad"),
      onOpen: (open) => this.connected(open),
    });
    this.client = client;
    this.space = new LatentSpace(client, data.limit, this.host.terms);
  }

  close() {
    this.client?.close();
    this.view?.close();
  }

  /** @param {boolean} open */
  connected(open) {
    this.root.dataset.connected = String(open);
    if (open && this.view) this.space?.tell("moved"); // what was asked in vain is asked again
  }

  /** There are (newer) weights: fetch codes and decoder; while that goes on, only the newest of the next are fetched. @param {string} stamp */
  async load(stamp) {
    const { space } = this;
    if (!space || stamp === space.stamp) return;
    if (stamp === "0") return this.say("This run has no weights yet: they come with its first seconds of training.");
    this.next = stamp;
    if (this.loading === space) return; // what an earlier space still waits for is no reason to wait
    this.loading = space;
    try {
      while (this.next && this.space === space) {
        this.next = undefined;
        const progress = (/** @type {number} */ share, /** @type {string} */ text) => {
          if (!space.meta) this.say(`${text} … ${Math.round(100 * share)} %`);
        };
        const codes = await space.ask("space", {}, progress).answer;
        const weights = await space.ask("weights").answer;
        if (this.space !== space) return;
        space.take(codes, weights);
        this.taken(space);
      }
    } catch (error) {
      if (this.space === space) this.say(/** @type {Error} */ (error).message, "bad");
      if (FAULTS.some((fault) => error instanceof fault)) throw error;
    } finally {
      if (this.loading === space) this.loading = undefined;
    }
  }

  /** Codes are here, for the first time or again. @param {LatentSpace} space */
  taken(space) {
    const { meta, count } = space.ready();
    this.say(meta.lacking);
    this.view ??= this.build(space);
    this.view.opened();
    Object.assign(this.root.dataset, { count, step: meta.step, stamp: meta.stamp });
  }

  /** @param {LatentSpace} space */
  build(space) {
    const view = new View(space, { colour: this.data?.colour ?? "", onColour: (key) => this.host.tell("colour", key) });
    this.body.replaceChildren(...view.parts);
    view.setTheme(readTheme(this.root));
    return view;
  }

  /** @param {string} text @param {"" | "bad"} [tone] */
  say(text, tone = "") {
    this.status.textContent = text;
    this.status.hidden = !text;
    this.status.dataset.tone = tone;
  }

  applyTheme() {
    const theme = readTheme(this.root);
    this.root.style.colorScheme = isDark(theme.background) ? "dark" : "light";
    this.view?.setTheme(theme);
  }
}

/** The map with its toolbar and the panels, of one space. */
class View {
  /** @param {LatentSpace} space @param {{colour: string, onColour: (key: string) => void}} wishes `colour`: to begin with, where it is there */
  constructor(space, wishes) {
    this.space = space;
    this.wishes = wishes;
    this.layouts = new Layouts(space);
    this.asked = new AskedColours(space);
    this.pointer = new UnderPointer(space);
    this.legend = new Legend();
    this.map = new MapView(space, {
      onPlace: (place, index) => this.pointer.show(place, index),
      onField: (ends) => this.legend.showField(ends),
    });
    this.toolbar = new Toolbar({
      onLayout: (wish) => {
        this.complain(""); // here and not in `layOut`: a run that trains on must not take a sentence back unread
        this.layOut(wish);
      },
      onCancel: () => this.layouts.cancel(),
      onColour: (key) => {
        this.complain("");
        wishes.onColour(key);
        this.colourBy(key);
      },
      onCancelColour: () => this.keepColour(),
      onBackground: (name) => this.map.setBackground(name),
      onScale: (scale) => this.map.scaleTo(scale),
      onTool: (tool) => this.map.cloud.setTool(tool),
      onFit: () => this.map.cloud.fit(),
      onSearch: (text) => this.search(text),
      onVector: () => this.tabs.open("attributes"),
      onClear: () => space.select(new Uint32Array(0)),
    }, space.terms);
    this.complaint = element("div", { class: "message", "data-tone": "bad", role: "alert", hidden: true, "data-testid": "complaint" });
    this.tabs = new Tabs("Look into the space", makePanels(space, this.map, (text) => this.complain(text)), () => this.complain(""));
    space.listen((change) => {
      if (change === "point") this.tabs.open("point");
      else if (change === "set") this.showSelection();
    });
    this.parts = [
      this.toolbar.root,
      element("div", { class: "latent-stage" },
        element("div", { class: "panel latent-map" }, this.map.root, this.legend.root),
        element("div", { class: "latent-side" },
          element("div", { class: "panel pointer-panel" }, this.pointer.root),
          this.complaint,
          element("div", { class: "panel latent-panels" }, this.tabs.root))),
    ];
  }

  /** @param {import("../base/palette.js").Theme} theme */
  setTheme(theme) {
    const { text } = this.map.theme ?? theme;
    this.map.setTheme(theme);
    if (text !== theme.text) this.space.tell("theme");
  }

  /** Another space takes its place: nothing moves, listens or waits any more. */
  close() {
    this.tabs.close();
    this.map.close();
  }

  /** The space has come, or has moved on: lay it out (again). */
  opened() {
    const { meta, arrays } = this.space.ready();
    this.showSelection();
    if (!this.wished) {
      this.toolbar.begin(meta, arrays, this.wishes.colour);
      this.colourBy(this.toolbar.colour.value);
      return;
    }
    if (this.wishedColour?.startsWith("clusters ") && !this.asked.question) this.colourBy(this.wishedColour); // of the codes as they are now
    if (this.layouts.question) this.again = true; // it is finished first, or none ever would be
    else this.layOut(this.wished);
  }

  showSelection() {
    this.toolbar.showSelection(this.space.set.length, this.space.ready().count);
  }

  /** @param {import("./toolbar.js").Wish} wish */
  async layOut(wish) {
    this.wished = wish;
    if (wish.method === "axes") {
      this.layouts.cancel();
      this.toolbar.hideProgress();
      this.show(axesLayout(this.space, wish.units), wish);
      const whole = isWhole(this.space, wish.units.length);
      this.toolbar.showScore(null, whole ? WHOLE : "");
      if (whole) return;
      await this.layouts.score(wish.units).then((score) => this.wished === wish && this.toolbar.showScore(score), () => {});
      return;
    }
    try {
      const projection = { method: wish.method, dimensions: wish.dimensions };
      const found = await this.layouts.project(projection, (share, text) => this.toolbar.showProgress(share, text));
      if (this.wished !== wish) return;
      this.show(found.layout, wish);
      const whole = wish.method === "pca" && isWhole(this.space, wish.dimensions);
      this.toolbar.showScore(whole ? null : found.score, whole ? WHOLE : "");
      this.toolbar.hideProgress();
      this.catchUp();
    } catch (error) {
      if (this.wished !== wish) return; // another one is being made
      this.toolbar.hideProgress();
      if (!wasCancelled(error)) this.complain(/** @type {Error} */ (error).message);
      if (!this.laid) return;
      this.wished = this.laid; // the layout on show stays; the controls say so again
      this.toolbar.goBack(this.laid);
      this.catchUp();
    }
  }

  /** The space has moved on while a projection was made: lay it out again. */
  catchUp() {
    if (!this.again || !this.wished) return;
    this.again = false;
    this.layOut(this.wished);
  }

  /** @param {import("../space/space.js").Layout} layout @param {import("./toolbar.js").Wish} wish that it fulfils */
  show(layout, wish) {
    this.laid = wish;
    const before = this.space.layout;
    if (before?.method !== layout.method || before.units.join() !== layout.units.join()) this.map.cloud.fit();
    this.space.show(layout);
    this.toolbar.offerScale(this.map.prior !== null);
    this.toolbar.offerBackgrounds(this.map.backgrounds());
    this.map.setBackground(this.toolbar.backgroundName);
  }

  /** By what is known here, or by what the server says of it. @param {string} key */
  async colourBy(key) {
    this.wishedColour = key;
    if (!isAsked(key)) {
      this.asked.drop();
      this.toolbar.tellColouring("");
      return this.showColours(key, null);
    }
    const long = key.startsWith("clusters ");
    this.toolbar.tellColouring("Asking …", long);
    try {
      const answer = await this.asked.of(key, this.toolbar.settings, (_, text) => this.toolbar.tellColouring(`${text} …`, long));
      this.toolbar.tellColouring("");
      this.showColours(key, answer);
    } catch (error) {
      if (wasCancelled(error)) return; // another colour is wished for, or none
      this.complain(/** @type {Error} */ (error).message);
      this.keepColour();
    }
  }

  /** The colours on show stay; what is asked for others is not wanted any more. */
  keepColour() {
    this.asked.drop();
    this.toolbar.tellColouring("");
    this.wishedColour = this.map.colour;
    this.toolbar.goBackToColour(this.map.colour);
    this.wishes.onColour(this.map.colour);
  }

  /** @param {string} key @param {import("../wire/wire.js").Message | null} answer of the server, where it was asked */
  showColours(key, answer) {
    const coloured = this.map.colourBy(key, answer);
    if (coloured) this.legend.show(coloured);
    if (this.map.background.name === "density") this.map.setBackground("density"); // of each class, or of all
  }

  /** An index puts that example on show; a label selects its examples. @param {string} text */
  search(text) {
    const { meta, labels, count } = this.space.ready();
    const wanted = text.trim().replace(/^#/, "");
    this.complain("");
    if (!wanted) return this.space.select(new Uint32Array(0));
    const label = meta.classes.indexOf(wanted);
    if (label >= 0 && !text.trim().startsWith("#")) {
      this.space.select(Uint32Array.from(Array.from(labels, (_, i) => i).filter((i) => labels[i] === label)));
    } else if (/^\d+$/.test(wanted) && Number(wanted) < count) this.space.choose(Number(wanted));
    else this.complain(`There is no label and no example "${wanted.slice(0, 40)}": indices go from 0 to ${count - 1}${meta.classes.length ? `, labels are ${meta.classes.join(", ")}; write # before an index that is also a label` : ""}.`);
  }

  /** @param {string} text nothing takes the last one back */
  complain(text) {
    this.complaint.textContent = text;
    this.complaint.hidden = !text;
  }
}

/** @type {import("../wire/host.js").Make} */
export const make = (parent, host) => new Latent(parent, host);
