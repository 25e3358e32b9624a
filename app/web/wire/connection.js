/** The live messages of one run: hands them out parsed, takes commands. */
import { parseMessage } from "./wire.js";

/**
 * @typedef {object} Handlers
 * @property {(message: import("./wire.js").Message) => void} onMessage
 * @property {(note: any) => void} onNote small JSON objects: status, error
 * @property {(open: boolean) => void} onOpen
 */

export class Connection {
  /** @param {import("./host.js").Connect} connect @param {string} key of the run or checkpoint @param {boolean} look whether only to look @param {Handlers} handlers */
  constructor(connect, key, look, { onMessage, onNote, onOpen }) {
    this.socket = connect(`live/${encodeURIComponent(key)}${look ? "?look=1" : ""}`, {
      onText: (text) => onNote(JSON.parse(text)),
      onBinary: (buffer) => onMessage(parseMessage(buffer)),
      onOpen: (open) => {
        if (open && this.unsent) this.send(this.unsent);
        if (open) this.unsent = undefined;
        onOpen(open);
      },
    });
  }

  /** Whether the server has closed it for good. */
  get refused() {
    return this.socket.refused;
  }

  /** Send what is of no use later, if it is open. @param {object} message */
  send(message) {
    this.socket.send(message);
  }

  /** Send a command of the user; the last one that finds it closed is sent as soon as it is open. @param {object} command */
  command(command) {
    if (this.socket.open) this.send(command);
    else this.unsent = command;
  }

  close() {
    this.socket.close();
  }
}
