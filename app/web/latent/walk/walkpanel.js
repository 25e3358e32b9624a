/** Interpolate: walks between two codes, straight, on the great circle, and the shortest under the decoder's metric. */
import { element } from "../../base/dom.js";
import { isPlain } from "../../base/keys.js";
import { meantPoint, usualEnds } from "./ends.js";
import { wasCancelled } from "../../space/layouts.js";
import { linear, polyline, spherical, usualDistance } from "../../space/paths.js";
import { STATIONS } from "../../space/routes.js";
import { Slices } from "../../base/slices.js";
import { toldChoice } from "../../space/toldchoice.js";
import { pixelMap } from "../../map/view.js";
import { WalkBall } from "./walkball.js";
import { swap, WalkEnd } from "./walkend.js";
import { WalkExport } from "./walkexport.js";
import { WalkLines } from "./walklines.js";
import { WalkPlayer } from "./walkplayer.js";
import { TEXT, WalkRow } from "./walkrow.js";

/** @typedef {import("./walkrow.js").Way} Way */

/** Ways from A to B, in their order; the colours stand out from those of classes, on light and dark. @type {Way[]} */
const WAYS = [
  { name: "linear", title: "linear", says: "straight from A to B", colour: TEXT, dash: [8, 5] },
  { name: "spherical", title: "spherical", says: "turns evenly about 0", colour: "#d6409f", dash: [2, 4] },
  { name: "geodesic", title: "geodesic", says: "the shortest by the decoder's metric", colour: "#12a150", dash: [] },
  { name: "blend", title: "pixel blend", says: "the rival: A and B mixed pixel by pixel", colour: TEXT, dash: [] },
];
/** Bars are full at the farthest code, or at so many times the usual distance between examples. */
const FULL = 4;
/** Share below which a path counts as no shorter. */
const SAME = 5e-4;

export class WalkPanel {
  name = "walk";
  title = "Interpolate";

  /** @param {import("../../space/space.js").LatentSpace} space @param {import("../../space/mapview.js").MapView} map @param {(text: string) => void} complain */
  constructor(space, map, complain) {
    this.space = space;
    this.map = map;
    this.complain = complain;
    this.shown = false;
    this.stale = true;
    this.slices = new Slices();
    const { labels, meta } = space.ready();
    const end = (/** @type {"A" | "B"} */ letter) => new WalkEnd(letter, space, {
      onPick: (wanted) => this.pick(wanted ? letter : null), onCode: () => this.changed(), complain,
    });
    this.a = end("A");
    this.b = end("B");
    [this.a.end, this.b.end] = usualEnds(labels, meta.classes.length > 0);
    this.rows = WAYS.map((way) => new WalkRow(way, space, (t) => this.player.seek(t)));
    const [straight, turning, shortest, mixed] = this.rows;
    this.linear = straight;
    this.spherical = turning;
    this.geodesic = shortest;
    this.blend = mixed;
    this.player = new WalkPlayer(space, this.rows, (t) => this.lines.go(t));
    this.ball = new WalkBall(space, map, () => this.shown && this.lines.draw());
    this.lines = new WalkLines(space, map, {
      rows: this.rows, ends: [this.a, this.b], more: () => this.ball.lines(map.theme?.text ?? "#888888"), say: (text) => (this.mapNote.textContent = text),
    });
    this.exporting = new WalkExport(space, this.rows, {
      title: () => `${meta.title}: from ${this.a.caption.textContent} to ${this.b.caption.textContent}`,
      theme: () => /** @type {import("../../base/palette.js").Theme} */ (map.theme), seconds: () => this.player.seconds, complain,
    });
    this.hint = element("div", { class: "hint", role: "status", "data-testid": "walk-hint" });
    this.mapNote = element("div", { class: "hint", "data-testid": "walk-map-note" });
    this.key = element("p", { class: "hint walk-key" });
    const swapping = element("button", { type: "button", class: "button walk-swap", text: "⇄", title: "Swap A and B", "aria-label": "Swap A and B", "data-testid": "walk-swap", onclick: () => swap(this.a, this.b) });
    this.root = element("div", { class: "walk", "data-testid": "walk" },
      element("p", { class: "hint walk-intro", text: "Ways from one code to another, decoded. Where a way leaves the examples, its pictures become unlike any of them." }),
      element("div", { class: "walk-ends" }, this.a.root, swapping, this.b.root),
      toldChoice(space), this.hint, this.player.root, ...this.rows.map((row) => row.root), this.key, this.mapNote, this.ball.root, this.exporting.root);
    this.player.seek(0);
    space.listen((change) => this.heard(change));
    for (const one of [this.a, this.b]) one.find();
  }

  /** @param {boolean} shown */
  onShown(shown) {
    this.shown = shown;
    if (!shown) {
      this.player.pause();
      this.stopPicking();
      this.lines.clear();
      return;
    }
    if (this.stale) this.refresh();
    else this.laidOut();
    if (!this.greeted && !matchMedia("(prefers-reduced-motion: reduce)").matches) this.player.play(2);
    this.greeted = true;
  }

  /** @param {import("../../space/space.js").Change} change */
  heard(change) {
    if (change === "moved" || change === "told") this.again();
    else if (change === "point") for (const end of [this.a, this.b]) end.describe();
    else if (change === "layout" && this.shown) this.laidOut();
    else if (change === "theme" && this.shown) this.lines.draw();
    else if (change === "pictures" && (!this.blend.walk || this.waiting)) this.arrived();
  }

  /** The map is another one. */
  laidOut() {
    this.lines.lay();
    this.ball.ask();
  }

  /** The model, or what its decoder is told, is another one: ends are encoded anew. */
  again() {
    const { count } = this.space.ready();
    for (const one of [this.a, this.b]) {
      if (one.end.kind === "example" && one.end.index >= count) one.end = { kind: "example", index: count - 1 };
      one.find();
    }
  }

  /** Pictures of ends came. */
  arrived() {
    for (const one of [this.a, this.b]) one.describe();
    if (this.stale || !this.a.code || !this.b.code) return;
    this.mix();
    this.work();
  }

  /** An end has another code. */
  changed() {
    this.stale = true;
    this.hint.textContent = "";
    if (this.shown) this.refresh();
  }

  /** Walk between the ends as they are now. */
  refresh() {
    const [a, b] = [this.a.code, this.b.code];
    if (!a || !b) return;
    this.stale = false;
    for (const row of this.rows) row.distances.fill(NaN);
    this.take(this.linear, linear(a, b));
    this.take(this.spherical, spherical(a, b));
    this.spherical.note(a.length === 1 ? "as linear: one unit has no direction" : this.spherical.way.says);
    this.mix();
    this.work();
    this.player.refresh();
    this.lines.lay();
    this.ball.move(a);
    this.seek(a, b);
  }

  /** Go on with whatever is left to paint and to measure, of all rows in turn. */
  work() {
    const { rows } = this;
    const measuring = this.measuring();
    function* all() {
      for (const row of rows) yield* row.work;
      yield* measuring;
    }
    this.root.dataset.painting = "true";
    this.slices.begin(all(), () => (this.root.dataset.painting = "false"));
  }

  /** What is usual between examples, once for each state of the model. */
  *measuring() {
    const { codes, units, stamp } = this.space.ready();
    if (this.measured === stamp) return;
    this.usual = yield* usualDistance(codes, units);
    this.measured = stamp;
    this.showDistances();
  }

  /** @param {WalkRow} row @param {import("../../space/paths.js").Path} path */
  take(row, path) {
    row.take({ path, picture: (t) => this.space.decodeBytes(path(t)) }, () => this.showDistances());
    row.showLength(null);
  }

  /** The blend of both ends' pictures; waits for them. */
  mix() {
    const [a, b] = [this.a.bytes(), this.b.bytes()];
    this.waiting = !a || !b;
    if (!a || !b) return;
    const { range: [low, high] } = this.space.ready().look;
    this.blend.take({ path: null, picture: (t) => Float32Array.from(a, (value, i) => (1 - t) * value + t * b[i]) });
    const gap = Math.hypot(...Array.from(a, (value, i) => b[i] - value)) * ((high - low) / 255);
    this.blend.showLength(gap);
    this.player.refresh();
  }

  /** Ask for the shortest path. @param {Float32Array} a @param {Float32Array} b */
  async seek(a, b) {
    this.question?.cancel();
    this.geodesic.take(null);
    this.geodesic.say("Looking for the shortest path …");
    const question = this.space.ask("geodesic", { begin: Array.from(a), end: Array.from(b), frames: STATIONS, label: this.space.told },
      (share, text) => this.geodesic.say(`${text} … ${Math.round(100 * share)} %`));
    this.question = question;
    try {
      const { meta, arrays } = await question.answer;
      if (this.question !== question) return;
      this.geodesic.say("");
      this.take(this.geodesic, polyline(/** @type {Float32Array} */ (arrays.points.data), a.length));
      this.work();
      this.showLengths(meta.lengths);
      this.player.refresh();
      this.lines.lay();
    } catch (error) {
      if (!wasCancelled(error)) this.geodesic.say(`There is no shortest path: ${/** @type {Error} */ (error).message}`);
    }
  }

  /** @param {{linear: number, spherical: number, geodesic: number}} lengths of the decoded walks */
  showLengths(lengths) {
    const saved = lengths.linear ? 1 - lengths.geodesic / lengths.linear : 0;
    this.linear.showLength(lengths.linear);
    this.spherical.showLength(lengths.spherical);
    this.geodesic.showLength(lengths.geodesic, saved > SAME ? `${(100 * saved).toFixed(saved < 0.1 ? 1 : 0)} % shorter than linear` : "no shorter than linear");
  }

  /** All rows by one measure. */
  showDistances() {
    const usual = this.usual ?? 0;
    const known = this.rows.flatMap(({ distances }) => Array.from(distances)).filter((value) => !Number.isNaN(value));
    for (const row of this.rows) row.showDistances(Math.max(FULL * usual, ...known), usual);
    this.key.textContent = "Length: how far the picture changes on the way, Σ‖x̂ᵢ₊₁ − x̂ᵢ‖ in units of the data (of the blend, ‖B − A‖). "
      + `Bars: from each code to that of the nearest example; the line across marks what is usual between examples, ${usual.toPrecision(2)} code units. Tall bars mean a hole.`;
  }

  /** The next click on the map is for an end, or for none. @param {"A" | "B" | null} letter */
  pick(letter) {
    for (const one of [this.a, this.b]) one.picking.setAttribute("aria-pressed", String(one.letter === letter));
    this.hint.textContent = letter ? `Click a point or a place on the map to make it ${letter}; Escape leaves ${letter} as it is.` : "";
    this.map.pick(letter && ((index, place) => this.picked(letter === "A" ? this.a : this.b, index, place)));
    this.ending?.abort();
    if (!letter) return;
    this.map.root.scrollIntoView({ block: "nearest" }); // on a phone it is above
    this.ending = new AbortController();
    document.addEventListener("keydown", (event) => isPlain(event, "Escape") && this.pick(null), { signal: this.ending.signal });
  }

  stopPicking() {
    if (this.hint.textContent || this.map.picking) this.pick(null);
  }

  /** @param {WalkEnd} end @param {number} index @param {{x: number, y: number}} place */
  picked(end, index, place) {
    const { layout } = this.space;
    const { box, size } = this.map.cloud;
    if (layout && meantPoint(place, layout.points, index, pixelMap(box, size))) {
      this.pick(null);
      return end.choose({ kind: "example", index });
    }
    const found = this.map.codeAt(place.x, place.y, index);
    if (!found) return (this.hint.textContent = "Only points can be picked in space: click one of them.");
    this.pick(null);
    end.choose({ kind: "place", code: found.code });
  }
}
