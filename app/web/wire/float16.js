/** IEEE 754 half precision, by a table of all 65,536 values (256 KB, built once, on first use). */

/** @type {Float32Array | undefined} */
let table;

/** @returns {Float32Array} */
function buildTable() {
  const values = new Float32Array(1 << 16);
  for (let bits = 0; bits < values.length; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    if (exponent === 0) values[bits] = sign * fraction * 2 ** -24;
    else if (exponent === 31) values[bits] = fraction ? NaN : sign * Infinity;
    else values[bits] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  return values;
}

/**
 * @param {Uint16Array} bits
 * @returns {Float32Array<ArrayBuffer>}
 */
export function toFloat32(bits) {
  table ??= buildTable();
  const values = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) values[i] = table[bits[i]];
  return values;
}
