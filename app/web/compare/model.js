/** One of the models that are compared: its latent space as it is now, and the frames of its run as they were. */
import { positions } from "../map/placing.js";
import { inUse } from "../run/readouts.js";
import { Connection } from "../wire/connection.js";
import { Client } from "../wire/questions.js";
import { axesLayout, Layouts } from "../space/layouts.js";
import { projected } from "../space/places.js";
import { LatentSpace } from "../space/space.js";
import { toBytes } from "../base/picture.js";
import { Timeline } from "../wire/timeline.js";

/**
 * @typedef {import("../wire/wire.js").Message} Message
 * @typedef {"axes" | "pca" | "umap"} Method
 *
 * @typedef {object} About what the page tells of a model
 * @property {string} key of the run, library entry or rival
 * @property {string} title
 * @property {string} line what it is, in a few words
 * @property {boolean} runs whether it may be training: then this page keeps it going
 * @property {Method} method of its map, to begin with
 *
 * @typedef {object} Handlers
 * @property {(text: string) => void} onSay one sentence, or nothing any more
 * @property {() => void} onSpace codes and decoder are here, for the first time or again
 * @property {(glide: boolean) => void} onMoment there is a new frame
 * @property {() => void} onPictures pictures of examples have come
 */

export class Model {
  /** @param {import("../wire/host.js").Connect} connect @param {About} about @param {number} limit of examples @param {Handlers} handlers */
  constructor(connect, about, limit, handlers) {
    this.about = about;
    this.handlers = handlers;
    this.timeline = new Timeline();
    this.status = "";
    /** Why its run has ended badly, or nothing. */
    this.trouble = "";
    this.client = new Client(connect, about.key, {
      onMoved: (stamp) => this.load(stamp),
      onRefused: (text) => handlers.onSay(text),
      onOpen: (open) => open && this.isOpen && handlers.onSpace(), // what was asked in vain is asked again
    });
    this.space = new LatentSpace(this.client, limit);
    this.space.listen((change) => {
      if (change === "opened" || change === "moved") handlers.onSpace();
      else if (change === "pictures") handlers.onPictures();
    });
    this.layouts = new Layouts(this.space);
    this.connection = new Connection(connect, about.key, !about.runs, {
      onMessage: (message) => this.receive(message),
      onNote: (note) => note.type === "status" && this.heard(note),
      onOpen: () => {},
    });
  }

  close() {
    this.client.close();
    this.connection.close();
  }

  /** Whether codes are here. @returns {boolean} */
  get isOpen() {
    return Boolean(this.space.meta);
  }

  /** There are (newer) weights: fetch codes and decoder, and then the newest of those that came meanwhile. @param {string} stamp */
  async load(stamp) {
    if (stamp === this.space.stamp) return;
    if (stamp === "0") return this.handlers.onSay(this.standing || "This run has no weights yet: they come with its first seconds of training.");
    this.next = stamp;
    if (this.loading) return;
    this.loading = true;
    try {
      while (this.next) {
        this.next = undefined;
        const codes = await this.space.ask("space").answer;
        const weights = await this.space.ask("weights").answer;
        this.space.take(codes, weights);
      }
    } catch (error) {
      if (!this.isOpen) this.handlers.onSay(/** @type {Error} */ (error).message);
    } finally {
      this.loading = false;
    }
  }

  /** @param {Message} message */
  receive(message) {
    if (message.meta.kind === "scene") this.timeline.begin(message);
    else if (message.meta.kind === "frame" && this.timeline.scene) {
      this.timeline.push(message);
      this.status = message.meta.status;
      this.handlers.onMoment(this.timeline.cursor === null && this.about.runs);
    }
  }

  /** What the frames do not tell. @param {{status: string, message: string}} note */
  heard(note) {
    this.status = note.status;
    const trouble = note.status === "failed" || note.status === "diverged" ? note.message : "";
    if (trouble !== this.trouble) {
      this.trouble = trouble;
      this.handlers.onSay(this.standing);
    }
    this.handlers.onMoment(false);
  }

  /** What there is to say while nothing is under way: of its run, or of data that are not here. @returns {string} */
  get standing() {
    return this.trouble || (this.isOpen ? this.space.ready().meta.lacking : "");
  }

  /** Send a command to its run. @param {object} command */
  send(command) {
    if (this.about.runs) this.connection.command(command);
  }

  /** The frame on show; null where it is the space itself, which knows more examples. @returns {Message | null} */
  get frame() {
    const { timeline, space } = this;
    const { shown } = timeline;
    if (!shown || (this.isOpen && timeline.cursor === null && shown.meta.step <= space.ready().meta.step)) return null;
    return shown;
  }

  /** The step on show. @returns {number} */
  get step() {
    return this.frame?.meta.step ?? (this.isOpen ? this.space.ready().meta.step : 0);
  }

  /** Units of the code in use at the moment on show; undefined where it has no posterior. @returns {number | null | undefined} */
  get inUse() {
    const { frame } = this;
    return frame ? inUse(frame.meta) : this.space.unitsInUse;
  }

  /** The units that raw axes show: those that carry most, in their own order where there are but two. @returns {number[]} */
  get units() {
    const { units, meta } = this.space.ready();
    return units <= 2 ? [0, 1].slice(0, units) : meta.order.slice(0, 2);
  }

  /**
   * Lay the newest codes out. @param {Method} method
   * @param {import("../wire/questions.js").OnProgress} onProgress
   * @returns {Promise<import("../space/space.js").Layout>}
   */
  async layOut(method, onProgress) {
    if (method === "axes" || (method === "pca" && this.units.length < 2)) {
      this.layouts.cancel();
      return axesLayout(this.space, this.units);
    }
    return (await this.layouts.project({ method, dimensions: 2 }, onProgress)).layout;
  }

  /**
   * Where the examples of a frame stand in a layout of the newest codes; null where that has no place for them.
   * @param {import("../space/space.js").Layout} layout
   * @param {Message} frame
   * @returns {Float32Array | null}
   */
  pointsOf(layout, frame) {
    const { codes } = frame.arrays;
    const [count, units] = codes.shape;
    if (layout.method === "axes") {
      const [x, y] = layout.units;
      return positions(codes, [x, y ?? x], this.space.ready().labels.subarray(0, count));
    }
    const { components, mean } = layout;
    if (!components || !mean) return null;
    const points = new Float32Array(2 * count);
    const values = /** @type {Float32Array} */ (codes.data);
    for (let i = 0; i < count; i++) points.set(projected(components, mean, values.subarray(i * units, (i + 1) * units)), 2 * i);
    return points;
  }

  /** What an example becomes at the newest moment, as bytes. @param {number} index @returns {Uint8ClampedArray} */
  rebuilt(index) {
    const { meta, labels, decoder, look } = this.space.ready();
    return toBytes(decoder(this.space.code(index), meta.told ? labels[index] : -1), look.range);
  }
}
