/** What all panes look at: the example under the pointer in any of them, the one that was pinned, the selected ones. */

import { selected } from "../space/selection.js";

/** @typedef {"example" | "set"} Change */

export class Focus {
  constructor() {
    /** @type {Set<(change: Change) => void>} */
    this.listeners = new Set();
    this.hovered = -1;
    this.pinned = -1;
    /** @type {Uint32Array} */
    this.set = new Uint32Array(0);
  }

  /** The example on show, or −1. @returns {number} */
  get index() {
    return this.hovered >= 0 ? this.hovered : this.pinned;
  }

  /** @param {(change: Change) => void} listener */
  listen(listener) {
    this.listeners.add(listener);
  }

  /** @param {number} index −1 where no example is near */
  hover(index) {
    const before = this.index;
    this.hovered = index;
    if (this.index !== before) this.tell("example");
  }

  /** Let go of everything. */
  clear() {
    this.pinned = -1;
    this.set = new Uint32Array(0);
    this.tell("example");
    this.tell("set");
  }

  /** Keep an example on show; the same once more lets it go. @param {number} index */
  pin(index) {
    this.pinned = index === this.pinned ? -1 : index;
    this.tell("example");
  }

  /** @param {Uint32Array} indices @param {import("../space/selection.js").Mode} [mode] */
  select(indices, mode = "replace") {
    this.set = selected(this.set, indices, mode);
    this.tell("set");
  }

  /** @param {Change} change */
  tell(change) {
    for (const listener of this.listeners) listener(change);
  }
}
