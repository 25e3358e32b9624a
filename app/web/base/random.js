/** Random numbers from a seed: the same draws for the same seed, in every browser. */

/**
 * Numbers in [0, 1): the generator mulberry32 (T. Ettinger 2017).
 * @param {number} seed
 * @returns {() => number}
 */
export function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Draws from N(0, I) (Box and Muller 1958).
 * @param {number} count
 * @param {number} seed
 * @returns {Float32Array}
 */
export function normal(count, seed) {
  const random = uniform(seed);
  return Float32Array.from({ length: count }, () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
}

/** One of some things. @template T @param {ArrayLike<T>} things at least one @param {number} seed @returns {T} */
export function oneOf(things, seed) {
  return things[Math.floor(uniform(seed)() * things.length)];
}
