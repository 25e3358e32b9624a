/** Questions to the server about one latent space: each gets one answer, and word of its progress on the way. */
import { parseMessage } from "./wire.js";

/**
 * @typedef {import("./wire.js").Message} Message
 * @typedef {(share: number, text: string) => void} OnProgress
 * @typedef {{answer: Promise<Message>, cancel: () => void}} Question
 *
 * @typedef {object} Handlers
 * @property {(stamp: string) => void} onMoved which weights there are, "0" for none yet; told at once and whenever there are newer ones
 * @property {(text: string) => void} onRefused there is no such space; nothing can be asked
 * @property {(open: boolean) => void} onOpen
 */

/** What a question ends with when it was cancelled: nobody needs to be told. */
export class Cancelled extends Error {}

export class Client {
  /** @param {import("./host.js").Connect} connect @param {string} key of the run or checkpoint @param {Handlers} handlers */
  constructor(connect, key, handlers) {
    this.handlers = handlers;
    this.last = 0;
    /** @type {Map<number, {resolve: (message: Message) => void, reject: (error: Error) => void, onProgress?: OnProgress}>} */
    this.waiting = new Map();
    this.socket = connect(`latent/${encodeURIComponent(key)}`, {
      onText: (text) => this.note(JSON.parse(text)),
      onBinary: (buffer) => this.answer(buffer),
      onOpen: (open) => {
        if (!open) this.giveUp(new Error("The connection to the server was lost."));
        handlers.onOpen(open);
      },
    });
  }

  /** Nobody will answer what is open. @param {Error} error */
  giveUp(error) {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }

  /**
   * Ask; the answer is rejected with a sentence for people, or with `Cancelled`.
   * @param {string} name
   * @param {object} values
   * @param {OnProgress} [onProgress]
   * @returns {Question}
   */
  ask(name, values, onProgress) {
    const id = ++this.last;
    const answer = new Promise((resolve, reject) => {
      if (!this.socket.open) reject(new Error("There is no connection to the server yet: try again."));
      else {
        this.waiting.set(id, { resolve, reject, onProgress });
        this.socket.send({ ...values, ask: name, id });
      }
    });
    const cancel = () => {
      const waiting = this.waiting.get(id);
      if (!waiting) return;
      this.waiting.delete(id);
      this.socket.send({ ask: "cancel", id });
      waiting.reject(new Cancelled());
    };
    return { answer, cancel };
  }

  /** @param {any} note */
  note(note) {
    if (note.type === "moved") this.handlers.onMoved(note.stamp);
    else if (note.type === "progress") this.waiting.get(note.id)?.onProgress?.(note.share, note.text);
    else if (note.type === "failed" && note.id === null) this.handlers.onRefused(note.message);
    else if (note.type === "failed") {
      this.waiting.get(note.id)?.reject(new Error(note.message));
      this.waiting.delete(note.id);
    }
  }

  /** @param {ArrayBuffer} buffer the number of the question, then the message */
  answer(buffer) {
    const id = Number(new DataView(buffer).getBigUint64(0, true));
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (!waiting) return;
    try {
      waiting.resolve(parseMessage(buffer, 8));
    } catch (error) {
      waiting.reject(/** @type {Error} */ (error));
    }
  }

  close() {
    this.socket.close();
    this.giveUp(new Cancelled());
  }
}
