/** The live socket of one run: hands out parsed messages, takes commands. */
import { LastingSocket } from "./lastingsocket.js";
import { parseMessage } from "./wire.js";

/**
 * @typedef {object} Handlers
 * @property {(message: import("./wire.js").Message) => void} onMessage
 * @property {(note: any) => void} onNote small JSON objects: status, error
 * @property {(open: boolean) => void} onOpen
 */

export class Connection extends LastingSocket {
  /** @param {string} key of the run or checkpoint @param {boolean} look whether only to look @param {Handlers} handlers */
  constructor(key, look, { onMessage, onNote, onOpen }) {
    super(`live/${encodeURIComponent(key)}${look ? "?look=1" : ""}`, {
      onText: (text) => onNote(JSON.parse(text)),
      onBinary: (buffer) => onMessage(parseMessage(buffer)),
      onOpen,
    });
  }
}
