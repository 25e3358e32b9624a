/** The frames of a run as the browser has them: what the time machine moves through. */

/** @typedef {import("./wire.js").Message} Message */
/** @typedef {{low: [number, number], high: [number, number]}} Box */

/** As many as fit a scrubber and a laptop's memory; the server's log is thinned in the same manner. */
const MAX_FRAMES = 1200;

export class Timeline {
  constructor() {
    /** @type {Message | null} */
    this.scene = null;
    /** @type {Message[]} */
    this.frames = [];
    /** Where the time machine stands, or null when it follows the newest frame.
     * @type {number | null} */
    this.cursor = null;
  }

  /** Begin again with another scene. @param {Message} scene */
  begin(scene) {
    this.scene = scene;
    this.frames = [];
    this.cursor = null;
  }

  /** Add the newest frame. @param {Message} frame */
  push(frame) {
    this.frames.push(frame);
    if (this.frames.length <= MAX_FRAMES) return;
    const shown = this.cursor === null ? null : this.frames[this.cursor];
    const last = this.frames.length - 1;
    this.frames = this.frames.filter((f, i) => i % 2 === 0 || i === last || f === shown);
    if (shown) this.cursor = this.frames.indexOf(shown);
  }

  /** The frame on show. @returns {Message | null} */
  get shown() {
    return this.frames[this.cursor ?? this.frames.length - 1] ?? null;
  }

  /** The newest frame. @returns {Message | null} */
  get newest() {
    return this.frames[this.frames.length - 1] ?? null;
  }

  /** Move to a frame; the last one means to follow the run again. @param {number} index */
  seek(index) {
    const clamped = Math.max(0, Math.min(this.frames.length - 1, Math.round(index)));
    this.cursor = clamped === this.frames.length - 1 ? null : clamped;
  }

  /** Index of the frame nearest to a training step. @param {number} step @returns {number} */
  indexOfStep(step) {
    let best = 0;
    this.frames.forEach((frame, i) => {
      if (Math.abs(frame.meta.step - step) <= Math.abs(this.frames[best].meta.step - step)) best = i;
    });
    return best;
  }

  /**
   * Every change of a knob that the frames show: where it took effect, and from what to what.
   * @returns {{step: number, name: string, from: number, to: number}[]}
   */
  knobChanges() {
    const changes = [];
    for (let i = 1; i < this.frames.length; i++) {
      const [before, after] = [this.frames[i - 1].meta.knobs, this.frames[i].meta.knobs];
      for (const name of Object.keys(after)) {
        const [value, since] = after[name];
        if (value !== before[name][0]) changes.push({ step: since, name, from: before[name][0], to: value });
      }
    }
    return changes;
  }
}
