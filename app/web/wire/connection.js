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
      onOpen: (open) => {
        if (open && this.unsent) this.send(this.unsent);
        if (open) this.unsent = undefined;
        onOpen(open);
      },
    });
  }

  /** Send a command of the user; the last one that finds it closed is sent as soon as it is open. @param {object} command */
  command(command) {
    if (this.open) this.send(command);
    else this.unsent = command;
  }
}
