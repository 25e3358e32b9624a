import assert from "node:assert/strict";
import { test } from "node:test";
import { arrow, isPlain, stepAround } from "../../../app/web/base/keys.js";
import { pressed } from "../../../app/web/base/pressing.js";
import { Transport } from "../../../app/web/run/transport.js";

/** @param {string} key @param {object} [more] @returns {any} */
const press = (key, more = {}) => Object.assign(new Event("keydown", { cancelable: true }), { key, ctrlKey: false, altKey: false, metaKey: false, ...more });

test("keys with a modifier are the browser's", () => {
  assert.ok(isPlain(press("r")) && isPlain(press("r", { shiftKey: true })) && isPlain(press("Escape"), "Escape", "Enter"));
  assert.ok(!isPlain(press("Escape"), "Enter"));
  for (const held of ["ctrlKey", "altKey", "metaKey"]) {
    assert.ok(!isPlain(press("r", { [held]: true })));
    assert.equal(arrow(press("ArrowLeft", { [held]: true })), undefined);
    const event = press("ArrowRight", { [held]: true });
    assert.equal(stepAround(event, 0, 3), -1);
    assert.ok(!event.defaultPrevented);
  }
});

test("arrow keys go around a row, and the page does not scroll", () => {
  const event = press("ArrowLeft");
  assert.equal(stepAround(event, 0, 3), 2);
  assert.ok(event.defaultPrevented);
  assert.equal(stepAround(press("ArrowRight"), 2, 3), 0);
  assert.equal(stepAround(press("ArrowUp"), 1, 3), -1);
  assert.equal(stepAround(press("x"), 1, 3), -1);
  assert.deepEqual(arrow(press("ArrowDown")), [0, 1]);
});

test("letters act in either case", () => {
  const told = /** @type {string[]} */ ([]);
  const transport = { readOnly: false, askedToRewind: () => told.push("rewind") };
  for (const key of ["r", "R"]) Transport.prototype.key.call(/** @type {any} */ (transport), press(key));
  assert.deepEqual(told, ["rewind", "rewind"]);
});

test("a held button tells of its places until it is up, wherever that was; other buttons tell nothing", () => {
  const told = /** @type {number[]} */ ([]);
  const { onpointerdown, onpointermove } = pressed((event) => told.push(event.clientX));
  const fire = (/** @type {(event: any) => void} */ listener, /** @type {number} */ x, /** @type {object} */ more = {}) =>
    listener({ clientX: x, pointerId: 1, button: 0, buttons: 1, currentTarget: { setPointerCapture() {} }, ...more });
  fire(onpointermove, 1); // pressed elsewhere
  fire(onpointerdown, 2, { button: 2, buttons: 2 });
  fire(onpointermove, 3, { buttons: 2 });
  fire(onpointerdown, 4);
  fire(onpointermove, 5);
  fire(onpointermove, 6, { buttons: 0 });
  fire(onpointermove, 7);
  assert.deepEqual(told, [4, 5]);
});
