/** What the browser knows of one latent space: codes, labels, decoder, pictures, the layout on show, what is chosen. */
import { makeDecoder } from "../decoder/decoder.js";
import { toBytes } from "../base/picture.js";
import { isLabelled } from "./colouring.js";
import { Pictures } from "./pictures.js";
import { selected } from "./selection.js";

/**
 * @typedef {import("../wire/wire.js").Message} Message
 *
 * @typedef {object} Projection how a layout was made, as the server describes it
 * @property {"pca" | "umap" | "tsne"} method
 * @property {2 | 3} dimensions
 *
 * @typedef {object} Layout where the examples stand on the map
 * @property {"axes" | "pca" | "umap" | "tsne"} method
 * @property {2 | 3} dimensions
 * @property {Float32Array} points
 * @property {string[] | null} axisNames
 * @property {number[]} units that are the axes, for raw axes
 * @property {Projection | null} projection
 * @property {Float32Array | null} components of a linear projection: rows of unit length, dimensions × units
 * @property {Float32Array | null} mean
 * @property {string} stamp of the weights that it shows
 *
 * @typedef {"opened" | "moved" | "layout" | "point" | "set" | "pictures" | "told" | "theme"} Change `theme`: colours of the page, for what is drawn on the map
 */

export class LatentSpace {
  /** @param {import("../wire/questions.js").Client} client @param {number} limit @param {import("../base/explained.js").Terms} terms what the words of its panels mean */
  constructor(client, limit, terms = {}) {
    this.client = client;
    this.terms = terms;
    this.limit = limit;
    /** @type {Set<(change: Change) => void>} */
    this.listeners = new Set();
    /** @type {Layout | null} */
    this.layout = null;
    /** The example on show, or −1. */
    this.point = -1;
    /** Examples that are selected, in their order. @type {Uint32Array} */
    this.set = new Uint32Array(0);
    /** The class that the decoder is told, or −1. */
    this.told = -1;
  }

  /** @param {(change: Change) => void} listener */
  listen(listener) {
    this.listeners.add(listener);
  }

  /** @param {Change} change */
  tell(change) {
    for (const listener of this.listeners) listener(change);
  }

  /** Ask the server, about as many examples as are here. @param {string} name @param {object} values @param {import("../wire/questions.js").OnProgress} [onProgress] */
  ask(name, values = {}, onProgress = undefined) {
    return this.client.ask(name, { limit: this.limit, ...values }, onProgress);
  }

  /** Take the codes and the decoder, the first time or after the model has moved on. @param {Message} space @param {Message} weights */
  take(space, weights) {
    const first = !this.meta;
    this.meta = space.meta;
    this.stamp = space.meta.stamp;
    /** @type {number} */
    this.units = space.meta.latent;
    /** @type {number} */
    this.count = space.meta.count;
    this.look = { shape: space.meta.shape, range: space.meta.range };
    this.features = space.meta.shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
    this.codes = /** @type {Float32Array} */ (space.arrays.codes.data);
    this.labels = space.arrays.labels.data;
    this.arrays = space.arrays;
    this.decoder = makeDecoder(weights);
    if (first) this.pictures = new Pictures(this);
    this.tell(first ? "opened" : "moved");
  }

  /** @param {number} index @returns {Float32Array} */
  code(index) {
    const { codes, units } = this.ready();
    return codes.slice(index * units, (index + 1) * units);
  }

  /** The example of a code, in the range of the data. @param {Float32Array} code @returns {Float32Array} */
  decode(code) {
    return this.ready().decoder(code, this.told);
  }

  /** The same as 0…255. @param {Float32Array} code */
  decodeBytes(code) {
    return toBytes(this.decode(code), this.ready().look.range);
  }

  /** Units of the code that carry something; undefined where it has no posterior. @returns {number | undefined} */
  get unitsInUse() {
    const { meta, arrays, units } = this.ready();
    return arrays.unit_kl ? units - meta.collapsed.length : undefined;
  }

  /** The name of the label of an example. @param {number} index @returns {string} */
  labelOf(index) {
    const { labels, meta } = this.ready();
    if (!isLabelled(meta)) return "none";
    return meta.classes[labels[index]] ?? Number(labels[index].toPrecision(3)).toString();
  }

  /** @param {number} label */
  tellClass(label) {
    this.told = label;
    this.tell("told");
  }

  /** @param {Layout} layout */
  show(layout) {
    this.layout = layout;
    this.tell("layout");
  }

  /** Put an example on show. @param {number} index */
  choose(index) {
    this.point = index;
    this.tell("point");
  }

  /** Select examples. @param {Uint32Array} indices @param {import("./selection.js").Mode} [mode] */
  select(indices, mode = "replace") {
    this.set = selected(this.set, indices, mode);
    this.tell("set");
  }

  /** Everything that is there once the space is open. */
  ready() {
    const { meta, codes, labels, decoder, look, units, count, arrays, pictures, stamp, features } = this;
    if (!meta || !codes || !labels || !decoder || !look || !units || !count || !arrays || !pictures || !stamp || !features) {
      throw new Error("The latent space is not open yet.");
    }
    return { meta, codes, labels, decoder, look, units, count, arrays, pictures, stamp, features };
  }
}
