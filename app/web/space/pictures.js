/**
 * The examples as pictures: loaded in the background up to a limit, beyond that when they are wanted. There may be more
 * of them than a browser has room for: of those that were used least lately the bytes are let go.
 */

/** Bytes that are loaded without being asked for, and that are kept. */
const BACKGROUND_BYTES = 12e6;
const KEPT_BYTES = 128e6;
/** Pictures in one question, at most, and their bytes. */
const CHUNK = { pictures: 2000, bytes: 4e6 };

export class Pictures {
  /** @param {import("./space.js").LatentSpace} space */
  constructor(space) {
    this.space = space;
    const { count, features } = /** @type {{count: number, features: number}} */ (space);
    /** By index, those used last at the end. @type {Map<number, Uint8Array>} */
    this.known = new Map();
    /** Numbers of the columns on show of examples that are rows of a table, in the same order. @type {Map<number, Float32Array>} */
    this.rows = new Map();
    this.kept = Math.floor(KEPT_BYTES / features);
    this.chunk = Math.max(1, Math.min(CHUNK.pictures, Math.floor(CHUNK.bytes / features)));
    /** @type {Set<number>} */
    this.wanted = new Set();
    /** @type {number | undefined} until those that are wanted are asked for */
    this.pending = undefined;
    this.size = features;
    this.fill(0, Math.min(count, Math.floor(BACKGROUND_BYTES / features)));
  }

  /** The bytes of an example, or null while they are not here; then they are asked for. @param {number} index */
  of(index) {
    const bytes = this.known.get(index);
    if (!bytes) {
      this.want([index]);
      return null;
    }
    this.keep(index, bytes);
    return bytes;
  }

  /** The numbers of a row of a table, or null while they are not here; `of` asks for them, too. @param {number} index @returns {Float32Array | null} */
  rowOf(index) {
    return this.of(index) && (this.rows.get(index) ?? null);
  }

  /** @param {number} index @param {Uint8Array} bytes */
  keep(index, bytes) {
    this.known.delete(index);
    this.known.set(index, bytes);
    if (this.known.size <= this.kept) return;
    const oldest = /** @type {number} */ (this.known.keys().next().value);
    this.known.delete(oldest);
    this.rows.delete(oldest);
  }

  /** Ask for those that are not here. @param {Iterable<number>} indices */
  want(indices) {
    for (const index of indices) if (!this.known.has(index)) this.wanted.add(index);
    this.pending ??= setTimeout(() => this.fetch(), 30);
  }

  async fetch() {
    const missing = [...this.wanted].filter((index) => !this.known.has(index));
    const indices = missing.slice(0, this.chunk);
    this.wanted = new Set(missing.slice(this.chunk));
    if (indices.length && !(await this.take({ indices }))) this.wanted.clear();
    this.pending = undefined;
    if (this.wanted.size) this.want([]);
  }

  /** @param {number} first @param {number} end */
  async fill(first, end) {
    for (let at = first; at < end; at += this.chunk) {
      if (!(await this.take({ first: at, count: Math.min(this.chunk, end - at) }))) return;
    }
  }

  /** @param {object} which @returns {Promise<boolean>} whether they came */
  async take(which) {
    try {
      const { arrays } = await this.space.ask("pictures", which).answer;
      const indices = arrays.indices.data;
      for (let k = 0; k < indices.length; k++) {
        // Copies, so that the message can be forgotten.
        const width = arrays.values?.shape[1] ?? 0;
        if (arrays.values) this.rows.set(indices[k], /** @type {Float32Array} */ (arrays.values.data).slice(k * width, (k + 1) * width));
        this.keep(indices[k], /** @type {Uint8Array} */ (arrays.pictures.data).slice(k * this.size, (k + 1) * this.size));
      }
      this.space.tell("pictures");
      return true;
    } catch {
      return false; // without a connection; asked for again when they are needed
    }
  }
}
