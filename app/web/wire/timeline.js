/** The frames of a run as the browser has them: what the time machine moves through. */

/** @typedef {import("./wire.js").Message} Message */
/** @typedef {{low: [number, number], high: [number, number]}} Box */

/** As many as fit a scrubber and a laptop's memory; the server's log is thinned in the same manner. */
const MAX_FRAMES = 1200;
/** Bytes of frames as they travelled; unpacked they take about three times as much. */
const MAX_BYTES = 24 * 2 ** 20;
/** Fewer are kept in any case. */
const MIN_FRAMES = 16;

/**
 * Indices of `keep` entries nearest to evenly spaced positions, the first and the last among them.
 * @param {number[]} positions that do not decrease
 * @param {number} keep
 * @returns {number[]}
 */
export function evenlySpread(positions, keep) {
  const [first, last] = [positions[0], positions[positions.length - 1]];
  const chosen = [0];
  let at = 0;
  for (let k = 1; k < keep; k++) {
    const target = first + ((last - first) * k) / (keep - 1);
    while (at + 1 < positions.length && Math.abs(positions[at + 1] - target) <= Math.abs(positions[at] - target)) at++;
    if (at !== chosen[chosen.length - 1]) chosen.push(at);
  }
  return chosen;
}

/** Frames without a change that a drag may have in its midst. */
const RESTS = 1;

export class Timeline {
  /** @param {number} [share] of the memory for frames, where several runs are on show */
  constructor(share = 1) {
    this.maxBytes = share * MAX_BYTES;
    /** @type {Message | null} */
    this.scene = null;
    /** @type {Message[]} */
    this.frames = [];
    this.bytes = 0;
    /** Where the time machine stands, or null when it follows the newest frame.
     * @type {number | null} */
    this.cursor = null;
  }

  /** Begin again with another scene. @param {Message} scene */
  begin(scene) {
    this.scene = scene;
    this.frames = [];
    this.bytes = 0;
    this.cursor = null;
  }

  /** Add the newest frame. @param {Message} frame */
  push(frame) {
    this.frames.push(frame);
    this.bytes += frame.bytes;
    const full = this.frames.length > MAX_FRAMES || this.bytes > this.maxBytes;
    if (full && this.frames.length > MIN_FRAMES) this.thin();
  }

  /** Keep half of the frames, evenly spread over the steps; the one on show stays. */
  thin() {
    const shown = this.cursor === null ? null : this.frames[this.cursor];
    const kept = new Set(evenlySpread(this.frames.map((f) => f.meta.step), this.frames.length >> 1));
    this.frames = this.frames.filter((f, i) => kept.has(i) || f === shown);
    this.bytes = this.frames.reduce((sum, f) => sum + f.bytes, 0);
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
   * Every change of a knob that the frames show: where it took effect, and from what to what. One drag, in which it
   * changes from frame to frame, or the hand rests for one, is one change: to where it ended.
   * @returns {{step: number, name: string, from: number, to: number}[]}
   */
  knobChanges() {
    /** @type {{step: number, name: string, from: number, to: number}[]} */
    const changes = [];
    /** The last change of each knob, and the frame that showed it. @type {Record<string, {frame: number, change: typeof changes[0]}>} */
    const last = {};
    for (let i = 1; i < this.frames.length; i++) {
      const [before, after] = [this.frames[i - 1].meta.knobs, this.frames[i].meta.knobs];
      for (const name of Object.keys(after)) {
        const [value, since] = after[name];
        if (value === before[name][0]) continue;
        const goesOn = last[name]?.frame >= i - 1 - RESTS;
        const change = goesOn ? last[name].change : { step: since, name, from: before[name][0], to: value };
        if (goesOn) Object.assign(change, { step: since, to: value });
        else changes.push(change);
        last[name] = { frame: i, change };
      }
    }
    return changes;
  }
}
