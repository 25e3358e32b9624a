/** The examples as pictures: loaded in the background up to a limit, beyond that when they are wanted. */

/** Bytes that are loaded without being asked for. */
const BACKGROUND_BYTES = 12e6;
/** Pictures in one question. */
const CHUNK = 2000;

export class Pictures {
  /** @param {import("./space.js").LatentSpace} space */
  constructor(space) {
    this.space = space;
    const { count, features } = /** @type {{count: number, features: number}} */ (space);
    this.bytes = new Uint8Array(count * features);
    this.known = new Uint8Array(count);
    /** @type {Set<number>} */
    this.wanted = new Set();
    /** @type {number | undefined} until those that are wanted are asked for */
    this.pending = undefined;
    this.size = features;
    this.fill(0, Math.min(count, Math.floor(BACKGROUND_BYTES / features)));
  }

  /** The bytes of an example, or null while they are not here; then they are asked for. @param {number} index */
  of(index) {
    if (this.known[index]) return this.bytes.subarray(index * this.size, (index + 1) * this.size);
    this.want([index]);
    return null;
  }

  /** Ask for those that are not here. @param {Iterable<number>} indices */
  want(indices) {
    for (const index of indices) if (!this.known[index]) this.wanted.add(index);
    this.pending ??= setTimeout(() => this.fetch(), 30);
  }

  async fetch() {
    const indices = [...this.wanted].filter((index) => !this.known[index]).slice(0, CHUNK);
    this.wanted.clear();
    if (indices.length) await this.take({ indices });
    this.pending = undefined;
    if (this.wanted.size) this.want([]);
  }

  /** @param {number} first @param {number} end */
  async fill(first, end) {
    for (let at = first; at < end; at += CHUNK) {
      if (!(await this.take({ first: at, count: Math.min(CHUNK, end - at) }))) return;
    }
  }

  /** @param {object} which @returns {Promise<boolean>} whether they came */
  async take(which) {
    try {
      const { arrays } = await this.space.ask("pictures", which).answer;
      const indices = arrays.indices.data;
      for (let k = 0; k < indices.length; k++) {
        this.bytes.set(arrays.pictures.data.subarray(k * this.size, (k + 1) * this.size), indices[k] * this.size);
        this.known[indices[k]] = 1;
      }
      this.space.tell("pictures");
      return true;
    } catch {
      return false; // without a connection; asked for again when they are needed
    }
  }
}
