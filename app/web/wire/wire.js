/**
 * Messages from the server: safetensors blobs whose metadata holds one JSON object.
 * Layout: u64 header length, JSON header, then the arrays (see the safetensors format).
 */
import { toFloat32 } from "./float16.js";

/**
 * @typedef {object} NdArray
 * @property {Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Int16Array<ArrayBuffer> | Uint8Array<ArrayBuffer>} data float16 arrives widened to float32
 * @property {number[]} shape
 *
 * @typedef {object} Message
 * @property {any} meta the JSON object; `meta.kind` is what the message is
 * @property {Record<string, NdArray>} arrays
 * @property {number} bytes as it travelled
 */

/** @type {Record<string, (buffer: ArrayBuffer, begin: number, count: number) => NdArray["data"]>} */
const READERS = {
  F32: (buffer, begin, count) => new Float32Array(buffer, begin, count),
  F16: (buffer, begin, count) => toFloat32(new Uint16Array(buffer, begin, count)),
  I32: (buffer, begin, count) => new Int32Array(buffer, begin, count),
  I16: (buffer, begin, count) => new Int16Array(buffer, begin, count),
  U8: (buffer, begin, count) => new Uint8Array(buffer, begin, count),
};

/**
 * Read one message; the arrays are views into the buffer where the type allows it.
 * @param {ArrayBuffer} buffer
 * @param {number} [at] where the message begins; a multiple of 8
 * @returns {Message}
 */
export function parseMessage(buffer, at = 0) {
  const headerBytes = Number(new DataView(buffer).getBigUint64(at, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, at + 8, headerBytes)));
  const base = at + 8 + headerBytes;
  /** @type {Record<string, NdArray>} */
  const arrays = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const read = READERS[entry.dtype];
    if (!read) throw new Error(`Arrays of type ${entry.dtype} are not part of the protocol.`);
    const count = entry.shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
    arrays[name] = { data: read(buffer, base + entry.data_offsets[0], count), shape: entry.shape };
  }
  return { meta: JSON.parse(header.__metadata__.message), arrays, bytes: buffer.byteLength };
}
