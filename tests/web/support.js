/** What the tests of the modules share: messages as the server writes them. */

const SIZES = { F32: 4, F16: 2, I16: 2, U8: 1, F64: 8 };

/**
 * A safetensors message of zeros or of given bytes.
 * @param {object} meta
 * @param {Record<string, {dtype: string, shape: number[], bytes?: Uint8Array}>} arrays in the order of their bytes
 * @returns {ArrayBuffer}
 */
export function makeMessage(meta, arrays) {
  const header = { __metadata__: { message: JSON.stringify(meta) } };
  let offset = 0;
  for (const [name, { dtype, shape }] of Object.entries(arrays)) {
    const length = SIZES[dtype] * shape.reduce((a, b) => a * b, 1);
    header[name] = { dtype, shape, data_offsets: [offset, offset + length] };
    offset += length;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const padded = new Uint8Array(8 * Math.ceil(text.length / 8)).fill(32);
  padded.set(text);
  const message = new Uint8Array(8 + padded.length + offset);
  new DataView(message.buffer).setBigUint64(0, BigInt(padded.length), true);
  message.set(padded, 8);
  for (const [name, { bytes }] of Object.entries(arrays)) {
    if (bytes) message.set(bytes, 8 + padded.length + header[name].data_offsets[0]);
  }
  return message.buffer;
}

/** The bytes of a typed array. @param {ArrayBufferView} values @returns {Uint8Array} */
export function bytesOf(values) {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** The same numbers every time, in [0, 1). @param {number} seed @returns {() => number} */
export function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
