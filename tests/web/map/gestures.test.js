import assert from "node:assert/strict";
import { test } from "node:test";
import { listenGestures } from "../../../app/web/map/gestures.js";

/** A canvas that tells what its gestures were taken for. */
function stage() {
  const canvas = Object.assign(new EventTarget(), { setPointerCapture() {} });
  const told = [];
  const ending = new AbortController();
  const names = ["leave", "drag", "drop", "abandon", "click", "pinch", "zoom", "fit", "key"];
  const actor = Object.fromEntries(names.map((name) => [name, (...values) => {
    told.push([name, ...values]);
    return name === "key";
  }]));
  listenGestures(/** @type {any} */ (canvas), { ...actor, point() {} }, ending.signal);
  const fire = (type, properties = {}) => {
    const event = Object.assign(new Event(type, { cancelable: true }), properties);
    canvas.dispatchEvent(event);
    return event;
  };
  const pointer = (type, x, y, more = {}) => fire(`pointer${type}`, { pointerId: 1, pointerType: "mouse", button: 0, buttons: Number(type !== "up"), offsetX: x, offsetY: y, ...more });
  return { told, fire, pointer, ending, names: () => told.map(([name]) => name) };
}

test("a press that stays is a click, and one that moves is a drag", () => {
  const { pointer, names, told } = stage();
  pointer("down", 10, 10);
  pointer("move", 12, 11);
  pointer("up", 12, 11);
  assert.deepEqual(names(), ["click"]);
  pointer("down", 10, 10);
  for (const x of [12, 20, 30]) pointer("move", x, 10);
  pointer("up", 30, 10);
  assert.deepEqual(names(), ["click", "drag", "drag", "drop"]);
  // Nothing of the way is lost, not even the part before it was known to be a drag.
  assert.deepEqual(told[1].slice(1, 3), [[10, 10], [20, 10]]);
  assert.deepEqual(told[2].slice(1, 3), [[20, 10], [30, 10]]);
});

test("a second finger makes a pinch of a drag, and neither finger clicks", () => {
  const { pointer, names, told } = stage();
  const touch = (id) => ({ pointerId: id, pointerType: "touch" });
  pointer("down", 100, 100, touch(1));
  pointer("down", 200, 100, touch(2));
  pointer("move", 220, 100, touch(2));
  pointer("up", 220, 100, touch(2));
  pointer("up", 100, 100, touch(1));
  assert.deepEqual(names(), ["abandon", "pinch", "drop"]);
  assert.deepEqual(told[1].slice(1), [[[200, 100], [100, 100]], [[220, 100], [100, 100]]]);
});

test("a wheel zooms by the same factor whatever it counts in, out for down; the page does not scroll", () => {
  const { fire, told } = stage();
  const wheel = (deltaY, deltaMode = 0, ctrlKey = false) => {
    assert.ok(fire("wheel", { deltaY, deltaMode, ctrlKey, offsetX: 5, offsetY: 6 }).defaultPrevented);
    return told.at(-1);
  };
  assert.ok(Math.abs(wheel(100)[1] - 1.18) < 1e-9);
  assert.ok(Math.abs(wheel(-100)[1] - 1 / 1.18) < 1e-9);
  assert.ok(Math.abs(wheel(3, 1)[1] - 1.18) < 0.01);
  assert.deepEqual(wheel(100).slice(2), [5, 6]);
  assert.ok(wheel(10, 0, true)[1] > wheel(10)[1]);
  assert.ok(wheel(1e6)[1] < 2);
});

test("many small steps of a wheel are one large one, and sideways is the browser's", () => {
  const { fire, told } = stage();
  const wheel = (more) => fire("wheel", { deltaX: 0, deltaY: 0, deltaMode: 0, ctrlKey: false, offsetX: 0, offsetY: 0, ...more });
  wheel({ deltaY: -100 });
  for (let i = 0; i < 25; i++) wheel({ deltaY: -4 });
  const [notch, ...steps] = told.map(([, factor]) => factor);
  assert.ok(Math.abs(steps.reduce((a, b) => a * b, 1) - notch) < 1e-12);
  told.length = 0;
  assert.ok(!wheel({ deltaX: 120 }).defaultPrevented);
  assert.deepEqual(told, []);
});

test("a drag whose release nobody heard of has ended when the pointer comes back, and a pen's other button is not its tip", () => {
  const { pointer, names } = stage();
  pointer("down", 10, 10);
  pointer("move", 60, 10);
  pointer("move", 90, 10, { buttons: 0 });
  pointer("move", 95, 10, { buttons: 0 });
  assert.deepEqual(names(), ["drag", "abandon"]);
  pointer("down", 10, 10, { pointerType: "pen", button: 2, buttons: 2 });
  pointer("move", 60, 10, { pointerType: "pen", buttons: 2 });
  assert.deepEqual(names(), ["drag", "abandon"]);
});

test("a right click is not for the cloud, a cancelled press selects nothing, and a held pointer does not leave", () => {
  const { pointer, names } = stage();
  pointer("down", 10, 10, { button: 2 });
  pointer("up", 10, 10, { button: 2 });
  assert.deepEqual(names(), []);
  pointer("down", 10, 10);
  pointer("move", 60, 10);
  pointer("leave", 60, 10);
  pointer("cancel", 60, 10);
  pointer("leave", 60, 10);
  assert.deepEqual(names(), ["drag", "abandon", "leave"]);
});

test("keys that are of use are kept from the page, shortcuts of the browser are not; nothing is heard after the end", () => {
  const { fire, names, ending } = stage();
  assert.ok(fire("keydown", { key: "+" }).defaultPrevented);
  for (const key of ["+", "-", "0", "ArrowLeft", "ArrowRight"]) {
    for (const held of ["ctrlKey", "metaKey", "altKey"]) assert.ok(!fire("keydown", { key, [held]: true }).defaultPrevented);
  }
  fire("dblclick");
  ending.abort();
  fire("keydown", { key: "+" });
  fire("dblclick");
  assert.deepEqual(names(), ["key", "fit"]);
});
