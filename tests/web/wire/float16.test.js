import assert from "node:assert/strict";
import { test } from "node:test";
import { toFloat32 } from "../../../app/web/wire/float16.js";

/** Half precision by the letter of IEEE 754: shift the fields into a float32 and correct the exponent. */
function reference(bits) {
  const view = new DataView(new ArrayBuffer(4));
  const sign = (bits & 0x8000) << 16;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 31) view.setUint32(0, (sign | 0x7f800000 | (fraction << 13)) >>> 0);
  else if (exponent) view.setUint32(0, (sign | ((exponent + 112) << 23) | (fraction << 13)) >>> 0);
  else {
    view.setUint32(0, (sign | (113 << 23) | (fraction << 13)) >>> 0); // (1 + f) 2⁻¹⁴, less the 1 that is not there
    return view.getFloat32(0) - (sign ? -1 : 1) * 2 ** -14;
  }
  return view.getFloat32(0);
}

const ALL = Uint16Array.from({ length: 1 << 16 }, (_, i) => i);

test("all 65,536 values", () => {
  const values = toFloat32(ALL);
  assert.equal(values.length, 1 << 16);
  for (const bits of ALL) {
    const expected = reference(bits);
    // Of a zero only the value is compared: its sign is lost in the subtraction above.
    assert.ok(expected === 0 ? values[bits] === 0 : Object.is(values[bits], Math.fround(expected)), `0x${bits.toString(16)}: ${values[bits]} for ${expected}`);
  }
  assert.ok(Object.is(values[0x8000], -0));
});

test("agrees with the engine where it knows half precision", { skip: typeof Float16Array === "undefined" }, () => {
  const ours = toFloat32(ALL);
  new Float16Array(ALL.buffer).forEach((value, bits) => assert.ok(Object.is(ours[bits], value), `0x${bits.toString(16)}`));
});

test("landmarks", () => {
  const bits = new Uint16Array([0x0000, 0x3c00, 0xbc00, 0x7bff, 0xfbff, 0x0001, 0x0400, 0x7c00, 0xfc00, 0x3555]);
  assert.deepEqual(Array.from(toFloat32(bits)), [0, 1, -1, 65504, -65504, 2 ** -24, 2 ** -14, Infinity, -Infinity, 0.333251953125]);
  assert.ok(toFloat32(new Uint16Array([0x7e00])).every(Number.isNaN));
  assert.equal(toFloat32(new Uint16Array()).length, 0);
});
