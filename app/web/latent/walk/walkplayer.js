/** The walk in motion: a slider from A to B, play and pause, and one large picture for each way. */
import { element } from "../../base/dom.js";
import { paint } from "../../base/picture.js";
import { format } from "../../base/scale.js";
import { nearestCode } from "../../space/paths.js";

/** Seconds from A to B, by what the choice is called. */
const SPEEDS = [["6", "slow"], ["3", "medium"], ["1.5", "fast"]];
/** Steps of the slider. */
const STEPS = 200;
/** Milliseconds for pictures in one frame of the screen: what is left is painted with the next. */
const BUDGET = 8;

export class WalkPlayer {
  /** @param {import("../../space/space.js").LatentSpace} space @param {import("./walkrow.js").WalkRow[]} rows @param {(t: number) => void} onT */
  constructor(space, rows, onT) {
    this.space = space;
    this.rows = rows;
    this.onT = onT;
    this.t = 0;
    this.next = 0;
    this.views = rows.map(({ way }) => ({
      canvas: element("canvas", { class: "walk-large", role: "img", "aria-label": `${way.title} at t`, "data-testid": `walk-large-${way.name}` }),
      note: element("div", { class: "hint walk-note", "data-testid": `walk-note-${way.name}` }),
    }));
    this.button = element("button", { type: "button", class: "button wide walk-play", text: "Play", "data-testid": "walk-play", onclick: () => (this.playing ? this.pause() : this.play()) });
    this.slider = element("input", {
      type: "range", min: 0, max: STEPS, value: 0, "aria-label": "Place on the way from A (0) to B (1)", "data-testid": "walk-t",
      oninput: () => this.seek(Number(this.slider.value) / STEPS),
    });
    this.output = element("output", { class: "walk-t", "data-testid": "walk-t-value" });
    this.speed = element("select", { "aria-label": "Speed", "data-testid": "walk-speed" }, ...SPEEDS.map(([value, text]) => element("option", { value, text })));
    this.speed.value = "3";
    this.root = element("div", { class: "walk-player" },
      element("div", { class: "walk-controls" }, this.button, this.slider, this.output, this.speed),
      element("div", { class: "walk-views" }, ...this.views.map(({ canvas, note }, k) => element("figure", {}, canvas,
        element("figcaption", { text: rows[k].way.title }), note))));
  }

  /** Seconds from A to B. */
  get seconds() {
    return Number(this.speed.value);
  }

  get playing() {
    return this.request !== undefined;
  }

  /** From here on, forth and back until `pause`; or so many times the way and then rest. @param {number} [ways] */
  play(ways = Infinity) {
    this.button.textContent = "Pause";
    for (const { note } of this.views) Object.assign(note, { textContent: "\u00a0", title: "" }); // until the walk rests
    let [before, done] = [performance.now(), this.t];
    const step = (/** @type {number} */ now) => {
      done += Math.max(0, now - before) / 1000 / this.seconds;
      before = now;
      if (done >= ways) return this.seek(ways % 2);
      const phase = done % 2;
      this.request = requestAnimationFrame(step);
      this.go(phase <= 1 ? phase : 2 - phase);
    };
    this.request = requestAnimationFrame(step);
  }

  pause() {
    if (this.request !== undefined) cancelAnimationFrame(this.request);
    this.request = undefined;
    this.button.textContent = "Play";
    this.refresh();
  }

  /** Go there and rest. @param {number} t */
  seek(t) {
    this.go(t);
    this.pause();
  }

  /** @param {number} t */
  go(t) {
    this.t = t;
    this.slider.value = String(Math.round(STEPS * t));
    this.output.textContent = `t = ${t.toFixed(2)}`;
    this.paint(BUDGET);
    this.onT(t);
  }

  /** The large pictures, in turn, as many as can be decoded in time. @param {number} budget in milliseconds */
  paint(budget) {
    const end = performance.now() + budget;
    const { look } = this.space.ready();
    for (let k = 0; k < this.rows.length; k++) {
      const at = this.next++ % this.rows.length;
      const { walk } = this.rows[at];
      if (walk) paint(this.views[at].canvas, walk.picture(this.t), look);
      if (performance.now() > end) return;
    }
  }

  /** How far each code is from real ones, where the walk rests. */
  note() {
    const { codes, units } = this.space.ready();
    this.rows.forEach(({ walk }, k) => {
      if (!walk?.path) return;
      const { index, distance } = nearestCode(codes, units, walk.path(this.t));
      this.views[k].note.textContent = `${format(distance)} from #${index}`;
      this.views[k].note.title = `The nearest real code is that of example ${index}, ${format(distance)} code units away`;
    });
  }

  /** Other walks: show them where the walk is now. */
  refresh() {
    this.paint(Infinity);
    if (!this.playing) this.note();
  }
}
