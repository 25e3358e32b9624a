/** The live socket of one run: reconnects by itself, hands out parsed messages. */
import { parseMessage } from "./wire.js";

/** Milliseconds before the first attempt to reconnect; doubles up to the second number. */
const RETRY = [300, 5000];
/** Close codes after which trying again is of no use: no such run, or not allowed. */
const FINAL = [4404, 4403];

/**
 * @typedef {object} Handlers
 * @property {(message: import("./wire.js").Message) => void} onMessage
 * @property {(note: any) => void} onNote small JSON objects: status, error, reset
 * @property {(open: boolean) => void} onOpen
 */

export class Connection {
  /** @param {string} key of the run or checkpoint @param {boolean} look whether only to look @param {Handlers} handlers */
  constructor(key, look, handlers) {
    this.handlers = handlers;
    this.closed = false;
    this.attempts = 0;
    const url = new URL(`live/${encodeURIComponent(key)}`, document.baseURI);
    url.protocol = url.protocol.replace("http", "ws");
    url.search = look ? "?look=1" : "";
    url.hash = "";
    this.url = url;
    this.connect();
  }

  connect() {
    const socket = new WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.attempts = 0;
      this.handlers.onOpen(true);
    };
    socket.onmessage = (event) => {
      if (typeof event.data === "string") this.handlers.onNote(JSON.parse(event.data));
      else this.handlers.onMessage(parseMessage(event.data));
    };
    socket.onclose = (event) => {
      if (this.closed) return;
      this.handlers.onOpen(false);
      if (FINAL.includes(event.code)) return;
      const wait = Math.min(RETRY[0] * 2 ** this.attempts++, RETRY[1]);
      this.timer = setTimeout(() => this.connect(), wait);
    };
    this.socket = socket;
  }

  /** Send a command, if the socket is open. @param {object} command */
  send(command) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(command));
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    this.socket?.close();
  }
}
