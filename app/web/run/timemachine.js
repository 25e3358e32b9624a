/** The time machine: a slider over the frames, the step on show, a replay of all, and a way back to the newest. */
import { element } from "../base/dom.js";
import { explained } from "../base/explained.js";

/** A replay of many frames takes so many milliseconds; each of few is on show for no longer than the other. */
const REPLAY = 12_000;
const FRAME = 150;

export class TimeMachine {
  /**
   * @param {object} handlers
   * @param {(index: number) => void} handlers.onSeek the last one, or beyond, is now
   * @param {import("../base/explained.js").Terms} terms
   */
  constructor(handlers, terms) {
    this.handlers = handlers;
    this.frames = 0;
    this.slider = element("input", {
      type: "range", min: 0, max: 0, value: 0, step: 1, "aria-label": "Time machine", "data-testid": "scrubber",
      oninput: () => {
        this.stop();
        handlers.onSeek(this.slider.valueAsNumber);
      },
    });
    this.moment = element("span", { class: "moment", "data-testid": "moment" });
    this.replay = element("button", { type: "button", class: "button wide", "data-action": "replay", onclick: () => (this.replaying ? this.stop() : this.start()) });
    this.live = element("button", {
      type: "button", class: "button wide live", text: "Now", title: "Back to the newest moment",
      onclick: () => {
        this.stop();
        handlers.onSeek(Infinity);
      },
    });
    this.root = element("div", { class: "panel time" }, element("h3", {}, explained(terms, "time_machine", "Time machine")), this.replay, this.slider, this.moment, this.live);
    this.stop();
  }

  /** @param {import("../wire/timeline.js").Timeline} timeline */
  show({ shown, cursor, frames }) {
    if (!shown) return;
    this.frames = frames.length;
    this.slider.max = String(frames.length - 1);
    this.slider.value = String(cursor ?? frames.length - 1);
    this.moment.textContent = `step ${shown.meta.step.toLocaleString("en")}`;
    this.slider.setAttribute("aria-valuetext", this.moment.textContent);
    this.live.disabled = cursor === null;
    this.replay.disabled = frames.length < 2;
  }

  /** All frames from the first one on, one after another, until now. */
  start() {
    const begun = performance.now();
    const each = Math.min(FRAME, REPLAY / this.frames);
    let last = -1;
    const next = () => {
      const index = Math.floor((performance.now() - begun) / each);
      if (index >= this.frames - 1) {
        this.stop();
        this.handlers.onSeek(Infinity);
        return;
      }
      if (index !== last) this.handlers.onSeek((last = index));
      this.replaying = requestAnimationFrame(next);
    };
    this.replaying = requestAnimationFrame(next);
    this.replay.textContent = "Stop";
    this.replay.title = "Stop here";
  }

  stop() {
    cancelAnimationFrame(this.replaying ?? 0);
    this.replaying = undefined;
    this.replay.textContent = "Replay";
    this.replay.title = "Everything from the first step on, in some seconds";
  }
}
