/** The time machine: a slider over the frames, the step on show, and a way back to the newest. */
import { element } from "../base/dom.js";
import { explained } from "../base/explained.js";

export class TimeMachine {
  /**
   * @param {object} handlers
   * @param {(index: number) => void} handlers.onSeek the last one, or beyond, is now
   * @param {import("../base/explained.js").Terms} terms
   */
  constructor(handlers, terms) {
    this.slider = element("input", {
      type: "range", min: 0, max: 0, value: 0, step: 1, "aria-label": "Time machine", "data-testid": "scrubber",
      oninput: () => handlers.onSeek(this.slider.valueAsNumber),
    });
    this.moment = element("span", { class: "moment", "data-testid": "moment" });
    this.live = element("button", { type: "button", class: "button wide live", text: "Now", title: "Back to the newest moment", onclick: () => handlers.onSeek(Infinity) });
    this.root = element("div", { class: "panel time" }, element("h3", {}, explained(terms, "time_machine", "Time machine")), this.slider, this.moment, this.live);
  }

  /** @param {import("../wire/timeline.js").Timeline} timeline */
  show({ shown, cursor, frames }) {
    if (!shown) return;
    this.slider.max = String(frames.length - 1);
    this.slider.value = String(cursor ?? frames.length - 1);
    this.moment.textContent = `step ${shown.meta.step.toLocaleString("en")}`;
    this.live.disabled = cursor === null;
  }
}
