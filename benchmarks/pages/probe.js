/**
 * Runs in a page before its own scripts: listens to the sockets and takes times with performance.now().
 * `probe.sockets` counts messages; `probe.frames`, `probe.turns` and `probe.weights` are those of live sockets.
 */
(() => {
  const probe = (window.probe = { sockets: { sent: 0, received: 0 }, frames: [], turns: [], inputs: [], weights: 0 });

  /** Metadata of a live message (see aelib/frames/frame.py). @param {ArrayBuffer} buffer */
  const readMeta = (buffer) => {
    const length = Number(new DataView(buffer).getBigUint64(0, true));
    return JSON.parse(JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length))).__metadata__.message);
  };

  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(...args) {
      super(...args);
      const isLive = this.url.includes("/live/");
      this.addEventListener("message", ({ data }) => {
        const time = performance.now();
        probe.sockets.received += 1;
        if (!isLive || !(data instanceof ArrayBuffer)) return;
        const { kind, step, status, knobs } = readMeta(data);
        if (kind === "frame") probe.frames.push({ time, step, status, knobs });
        if (kind === "weights") probe.weights += 1;
      });
    }

    send(data) {
      probe.sockets.sent += 1;
      if (this.url.includes("/live/")) {
        const command = JSON.parse(data);
        if (command.type === "knob") probe.turns.push({ time: performance.now(), ...command });
      }
      super.send(data);
    }
  };

  /** The first element that fits, inside shadow roots too. @param {string} selector @param {Document | ShadowRoot} root */
  probe.find = (selector, root = document) => {
    const found = root.querySelector(selector);
    if (found) return found;
    for (const host of root.querySelectorAll("*")) {
      const inside = host.shadowRoot && probe.find(selector, host.shadowRoot);
      if (inside) return inside;
    }
    return null;
  };

  /** Whether the bench shows a frame, and (if asked) a status. @param {string} [status] */
  probe.shows = (status) => {
    const data = probe.find("[data-testid=bench]")?.dataset;
    return data?.step !== undefined && (!status || data.status === status);
  };

  /**
   * The time when a condition holds and is painted: the map is drawn at most one animation frame after the
   * bench wrote its attributes, and a task posted from there runs when that frame has gone to the compositor.
   * @param {() => boolean} condition
   */
  probe.painted = (condition) =>
    new Promise((resolve) => {
      const look = () => (condition() ? requestAnimationFrame(() => afterFrame(resolve)) : requestAnimationFrame(look));
      look();
    });

  /** @param {(time: number) => void} done */
  const afterFrame = (done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => done(performance.now());
    port2.postMessage(null);
  };

  /** Milliseconds from the next click on an element until the bench shows a status. @param {string} selector @param {string} status */
  probe.timeClick = (selector, status) => {
    probe.clicked = new Promise((resolve) => {
      const clicked = (event) => {
        if (!event.target.closest(selector)) return;
        document.removeEventListener("click", clicked, true);
        const start = performance.now();
        probe.painted(() => probe.shows(status)).then((end) => resolve(end - start));
      };
      document.addEventListener("click", clicked, true);
    });
  };

  /** Note the time of every input of a knob. @param {string} name */
  probe.watchKnob = (name) => {
    const slider = probe.find(`input[data-knob="${name}"]`);
    slider.addEventListener("input", () => probe.inputs.push(performance.now()), true);
  };

  /** Note what each pointer move over a map costs, and which picture it gives. @param {string} name the map's test id */
  probe.watchMap = (name) => {
    const map = probe.find(`[data-testid=${name}]`);
    const decoded = probe.find("[data-testid=decoded]");
    const moves = (probe.moves = []);
    const pictures = new Set();
    let start = 0;
    map.addEventListener("pointermove", () => (start = performance.now()), true);
    // The map's own listener stands on the same element and was added before: this one runs after it.
    map.addEventListener("pointermove", () => {
      const handled = performance.now() - start;
      const began = start;
      requestAnimationFrame(() =>
        afterFrame((now) => {
          const { width, height } = decoded;
          pictures.add(decoded.getContext("2d").getImageData(0, 0, width, height).data.join());
          moves.push({ handled, painted: now - began });
          probe.pictures = pictures.size;
        }),
      );
    });
  };
})();
