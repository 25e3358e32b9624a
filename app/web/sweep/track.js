/** The feeds of a sweep as one: a moment of all its cells, a time machine over all its frames, one status. */

/** @typedef {import("./feed.js").Feed} Feed */
/** @typedef {import("../wire/wire.js").Message} Message */
/** @typedef {{name: string, label: string, short: string, unit: string, sentence: string}} Trade see `aelib.sweep.trade` */

/** What the whole is doing: the first of these that any of its runs is doing. */
const RANK = ["running", "loading", "waiting", "paused", "stopped", "finished", "failed", "diverged"];
/** Of these a worker is working on the run. */
const ACTIVE = ["running", "loading", "waiting"];
/** Of these the last word is not spoken. */
const UNDECIDED = [...ACTIVE, "paused"];

/**
 * The status of several runs as one: as long as any goes on, the whole does.
 * @param {string[]} statuses
 * @returns {string}
 */
export function together(statuses) {
  return RANK.find((status) => statuses.includes(status)) ?? "waiting";
}

/**
 * Whether a command means a run.
 * @param {string} command
 * @param {string} status of the run
 * @param {string} whole status of all together
 */
function isMeant(command, status, whole) {
  if (command === "pause") return ACTIVE.includes(status);
  if (command === "stop") return UNDECIDED.includes(status);
  if (command === "step") return status === whole || UNDECIDED.includes(status);
  return command !== "play" || status === whole;
}

export class Track {
  /** @param {Pick<Feed, "timeline" | "status" | "message" | "pace" | "aside" | "lost" | "send">[]} feeds @param {number} cells */
  constructor(feeds, cells) {
    this.feeds = feeds;
    this.cells = cells;
    /** Where the time machine stands, or null when it follows the newest frames. @type {number | null} */
    this.step = null;
  }

  /** Whose frames the time machine moves through: those of the run that is furthest. */
  get leader() {
    const reached = (/** @type {Pick<Feed, "timeline">} */ feed) => feed.timeline.newest?.meta.step ?? -1;
    return this.feeds.reduce((best, feed) => (reached(feed) > reached(best) ? feed : best)).timeline;
  }

  /** What does not change: of the first run that has told it. @returns {Message | null} */
  get scene() {
    return this.feeds.find((feed) => feed.timeline.scene)?.timeline.scene ?? null;
  }

  /** What all cells pay for less error, where that is the same for all. @returns {Trade | null} */
  get trade() {
    const [first, ...others] = this.feeds.map((feed) => feed.timeline.scene?.meta.trade);
    return first && others.every((other) => other?.name === first.name) ? first : null;
  }

  /** Where cell k is found. @param {number} k */
  placeOf(k) {
    return this.feeds.length === 1 ? { feed: this.feeds[0], at: k } : { feed: this.feeds[k], at: 0 };
  }

  /**
   * Cell k in the moment on show: its frame, and which of the frame's cells it is. No frame while it has none.
   * @param {number} k
   * @returns {{frame: Message | null, at: number}}
   */
  shown(k) {
    const { feed, at } = this.placeOf(k);
    return { frame: feed.timeline.shown, at };
  }

  /** The step from which cell k is no more trained, its loss being no number; 0 while it is. @param {number} k */
  divergedAt(k) {
    const { feed, at } = this.placeOf(k);
    const { shown, newest, cursor } = feed.timeline;
    if (!shown) return feed.status === "diverged" ? 1 : 0;
    // A run tells it by its status: a frame of it may not be there any more.
    return shown.meta.diverged[at] || (this.feeds.length > 1 && cursor === null && feed.status === "diverged" ? newest?.meta.step : 0);
  }

  /** Whether the run of cell k has failed while others may go on. @param {number} k */
  hasFailed(k) {
    return this.feeds.length > 1 && this.placeOf(k).feed.status === "failed";
  }

  /** What does not change of cell k: a larger code is shown with fewer examples. @param {number} k @returns {Message | null} */
  sceneOf(k) {
    return this.placeOf(k).feed.timeline.scene;
  }

  /** Frames of cell k, oldest first. @param {number} k @returns {{frames: Message[], at: number}} */
  framesOf(k) {
    const { feed, at } = this.placeOf(k);
    return { frames: feed.timeline.frames, at };
  }

  // --- time machine ------------------------------------------------------------------------------

  /** Move to the frames nearest to a step; at or beyond the newest one it follows again. @param {number | null} step */
  seekStep(step) {
    this.step = step !== null && step < (this.leader.newest?.meta.step ?? 0) ? step : null;
    this.keepPlace();
  }

  /** Move to a frame of the leader. @param {number} index */
  seekIndex(index) {
    const { frames } = this.leader;
    this.seekStep(frames[Math.max(0, Math.min(frames.length - 1, index))]?.meta.step ?? null);
  }

  /** After new frames: every run shows what is nearest to the step on show. */
  keepPlace() {
    for (const { timeline } of this.feeds) {
      if (this.step === null) timeline.cursor = null;
      else timeline.seek(timeline.indexOfStep(this.step));
    }
  }

  // --- what it is doing --------------------------------------------------------------------------

  get status() {
    return together(this.feeds.map((feed) => feed.status));
  }

  /** What a person should know, once. @returns {string} */
  get message() {
    if (this.feeds.some((feed) => feed.lost)) return "The connection to the server is lost; trying again.";
    const told = (/** @type {string} */ status) => this.feeds.find((feed) => feed.status === status && feed.message)?.message;
    return told("failed") ?? told(this.status) ?? "";
  }

  /** Figures for the transport: the furthest run's step, and what all together do in a second. @returns {Message | null} */
  get summary() {
    const { shown } = this.leader;
    if (!shown) return null;
    const rate = this.feeds.reduce((sum, { timeline }) => sum + (timeline.shown?.meta.rate ?? 0), 0);
    return { ...shown, meta: { ...shown.meta, rate } };
  }

  /**
   * Send a command to the runs that it means: pause to those that are trained, stop to those that could be, play and
   * step to those that rest like the whole does, so that a finished one among paused ones is not extended, and a
   * diverged one stays marked; anything else to all.
   * @param {{type: string}} command
   */
  send(command) {
    const { status } = this;
    for (const feed of this.feeds) {
      if (isMeant(command.type, feed.status, status)) feed.send(command);
    }
  }
}
