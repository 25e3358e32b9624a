/** A socket to the server that connects again by itself when it is lost. */

/** Milliseconds before the first attempt to reconnect; doubles up to the second number. */
const RETRY = [300, 5000];
/** Close codes after which trying again is of no use: no such run, or not allowed. */
const FINAL = [4404, 4403];

export class LastingSocket {
  /** @param {URL} url @param {import("../wire/host.js").Handlers} handlers */
  constructor(url, handlers) {
    this.handlers = handlers;
    this.closed = false;
    /** Whether the server has closed it for good. */
    this.refused = false;
    this.attempts = 0;
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
    socket.onmessage = ({ data }) => (typeof data === "string" ? this.handlers.onText(data) : this.handlers.onBinary(data));
    socket.onclose = (event) => {
      if (this.closed) return;
      this.refused = FINAL.includes(event.code);
      this.handlers.onOpen(false);
      if (this.refused) return;
      this.timer = setTimeout(() => this.connect(), Math.min(RETRY[0] * 2 ** this.attempts++, RETRY[1]));
    };
    this.socket = socket;
  }

  /** @returns {boolean} */
  get open() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  /** Send JSON, if it is open. @param {object} message */
  send(message) {
    if (this.open) this.socket?.send(JSON.stringify(message));
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    this.socket?.close();
  }
}
