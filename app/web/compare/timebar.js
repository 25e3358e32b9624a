/** The common time machine of all panes, and the transport of the runs among them that train. */
import { element } from "../base/dom.js";
import { lastMoment, seekAll } from "./clock.js";

/** @typedef {import("./model.js").Model} Model @typedef {import("./clock.js").Measure} Measure */

/** Positions of the slider. */
const TICKS = 1000;

export class TimeBar {
  /** @param {Model[]} models @param {() => void} onMoved */
  constructor(models, onMoved) {
    this.models = models;
    this.onMoved = onMoved;
    /** @type {number | null} now */
    this.moment = null;
    this.measure = element("select", { "aria-label": "What is equal in all panes", "data-testid": "compare-measure", onchange: () => this.now() },
      element("option", { value: "step", text: "by step" }), element("option", { value: "epoch", text: "by epoch" }));
    this.slider = element("input", {
      type: "range", min: 0, max: TICKS, value: TICKS, step: 1, "aria-label": "Time machine of all panes", "data-testid": "compare-time",
      oninput: () => this.seek(this.slider.valueAsNumber / TICKS),
    });
    this.text = element("span", { class: "moment", "data-testid": "compare-moment" });
    this.back = element("button", { type: "button", class: "button wide", text: "Now", title: "Back to the newest moment", "data-testid": "compare-now", onclick: () => this.now() });
    this.pause = element("button", { type: "button", class: "button wide", text: "Pause all", "data-testid": "compare-pause", onclick: () => this.command() });
    this.root = element("div", { class: "panel time compare-time" }, element("h3", { text: "Time machine" }), this.measure, this.slider, this.text, this.back, this.pause);
    this.refresh();
  }

  /** @returns {import("../wire/timeline.js").Timeline[]} */
  get timelines() {
    return this.models.map(({ timeline }) => timeline);
  }

  /** Frames have come, or word of a run. */
  refresh() {
    const measure = /** @type {Measure} */ (this.measure.value);
    const last = lastMoment(this.timelines, measure);
    // A run that stood at its end follows the others as far as the moment, and not beyond it.
    if (this.moment !== null) seekAll(this.timelines, this.moment, measure);
    this.root.hidden = last === 0;
    const at = this.moment ?? last;
    const whole = at.toLocaleString("en", { maximumFractionDigits: measure === "step" ? 0 : 1 });
    this.text.textContent = this.moment === null ? "now" : `${measure} ${whole}`;
    this.slider.setAttribute("aria-valuetext", this.text.textContent);
    // A run that trains on makes the past a smaller part of the whole.
    if (last) this.slider.value = String(TICKS * (at / last));
    this.back.disabled = this.moment === null;
    const train = this.models.some(({ status }) => status === "running");
    this.pause.hidden = !this.models.some(({ about }) => about.runs);
    this.pause.textContent = train ? "Pause all" : "Train on";
  }

  /** @param {number} share of the longest run; the end is now */
  seek(share) {
    const measure = /** @type {Measure} */ (this.measure.value);
    this.moment = share >= 1 ? null : share * lastMoment(this.timelines, measure);
    if (this.moment === null) seekAll(this.timelines, null, measure);
    this.refresh();
    this.onMoved();
  }

  now() {
    this.seek(1);
  }

  /** To all runs at once; it means the present. */
  command() {
    const type = this.models.some(({ status }) => status === "running") ? "pause" : "play";
    for (const model of this.models) model.send({ type });
    this.now();
  }
}
