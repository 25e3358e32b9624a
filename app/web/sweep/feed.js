/** What one run of a sweep sends: its frames, and what it is doing. A stacked sweep has one feed, any other one for each cell. */
import { Connection } from "../wire/connection.js";
import { Timeline } from "../wire/timeline.js";
import { fromRun } from "./sweepframe.js";

/** @typedef {import("../wire/wire.js").Message} Message */

/**
 * @typedef {object} Handlers
 * @property {() => void} onChange
 * @property {(text: string) => void} onComplaint the server refused something
 */

export class Feed {
  /** @param {import("../wire/host.js").Connect} connect @param {string} key of the run @param {number} share of the memory for frames @param {Handlers} handlers */
  constructor(connect, key, share, handlers) {
    this.handlers = handlers;
    this.timeline = new Timeline(share);
    this.status = "waiting";
    this.message = "";
    this.pace = /** @type {number | null} */ (null);
    this.aside = /** @type {number | null} */ (null);
    this.connection = new Connection(connect, key, false, {
      onMessage: (message) => this.receive(message),
      onNote: (note) => this.note(note),
      onOpen: (open) => this.opened(open),
    });
  }

  /** @param {boolean} open */
  opened(open) {
    this.lost = !open && !this.connection.refused;
    this.handlers.onChange();
  }

  /** @param {Message} message */
  receive(message) {
    const { kind } = message.meta;
    if (kind === "sweep" || kind === "scene") this.timeline.begin(message);
    else if (this.timeline.scene && (kind === "sweepframe" || kind === "frame")) {
      const frame = kind === "frame" ? fromRun(message) : message;
      this.timeline.push(frame);
      this.status = frame.meta.status;
      this.message = frame.meta.message;
      this.pace = frame.meta.pace ?? null;
      this.aside = frame.meta.aside ?? null;
    } else return;
    this.handlers.onChange();
  }

  /** @param {any} note */
  note(note) {
    if (note.type === "error") this.handlers.onComplaint(note.message);
    else if (note.type === "status") {
      this.status = note.status;
      this.message = note.message;
      this.handlers.onChange();
    }
  }

  /** @param {object} command */
  send(command) {
    this.connection.command(command);
  }

  close() {
    this.connection.close();
  }
}
