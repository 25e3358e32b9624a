import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMessage } from "../../../app/web/wire/wire.js";
import { bytesOf, makeMessage } from "../support.js";

test("a message is read with the type and shape of each array", () => {
  const message = makeMessage({ kind: "frame", step: 3, text: "β" }, {
    weights: { dtype: "F32", shape: [2, 2], bytes: bytesOf(new Float32Array([1.5, -2, 0, 3])) },
    codes: { dtype: "F16", shape: [3, 1], bytes: bytesOf(new Uint16Array([0x3c00, 0xc000, 0x0001])) },
    labels: { dtype: "I16", shape: [3], bytes: bytesOf(new Int16Array([1, -1, 300])) },
    strip: { dtype: "U8", shape: [2, 1], bytes: new Uint8Array([0, 255]) },
  });
  const { meta, arrays } = parseMessage(message);
  assert.deepEqual(meta, { kind: "frame", step: 3, text: "β" });
  assert.deepEqual(arrays.weights, { data: new Float32Array([1.5, -2, 0, 3]), shape: [2, 2] });
  assert.deepEqual(arrays.codes, { data: new Float32Array([1, -2, 2 ** -24]), shape: [3, 1] });
  assert.deepEqual(arrays.labels, { data: new Int16Array([1, -1, 300]), shape: [3] });
  assert.deepEqual(arrays.strip, { data: new Uint8Array([0, 255]), shape: [2, 1] });
});

test("a message may have no arrays, or empty ones", () => {
  assert.deepEqual(parseMessage(makeMessage({ kind: "frame" }, {})), { meta: { kind: "frame" }, arrays: {}, bytes: 64 });
  const { arrays } = parseMessage(makeMessage({}, { none: { dtype: "U8", shape: [0, 4] } }));
  assert.equal(arrays.none.data.length, 0);
});

test("arrays are views into the message, not copies", () => {
  const message = makeMessage({}, { a: { dtype: "F32", shape: [4] } });
  assert.equal(parseMessage(message).arrays.a.data.buffer, message);
});

test("an unknown type is told", () => {
  assert.throws(() => parseMessage(makeMessage({}, { a: { dtype: "F64", shape: [1] } })), /F64/);
});

test("what is no message throws, and nothing worse", () => {
  const whole = new Uint8Array(makeMessage({ kind: "frame" }, { a: { dtype: "F32", shape: [8] } }));
  for (const length of [0, 4, 8, 20, whole.length - 4]) {
    assert.throws(() => parseMessage(whole.slice(0, length).buffer));
  }
  assert.throws(() => parseMessage(new Uint8Array(64).fill(255).buffer));
});
