/** Mouse, pen, fingers, wheel and keys over a canvas, told as what they mean for a map. */
import { isPlain } from "../base/keys.js";
import { isHeld, isPress } from "../base/pressing.js";

/** A press that moves less than this many pixels is a click. */
const SLACK = 4;
/** Zoom per pixel that a wheel scrolls: a notch of 100 pixels makes a factor of 1.18. */
const WHEEL = Math.log(1.18) / 100;
/** Pixels of a line and of a page, for wheels that count in these. */
const LINE = 33;
const PAGE = 400;

/** A pinch on a touchpad comes as a wheel with the control key, in steps this many times finer. */
const PINCH = 6;

/**
 * @typedef {object} Actor
 * @property {(px: number, py: number) => void} point the pointer stands here
 * @property {() => void} leave
 * @property {(from: [number, number], to: [number, number], event: PointerEvent) => void} drag one pointer moves while it is held
 * @property {(event: PointerEvent) => void} drop a drag ends
 * @property {() => void} abandon a drag turns into something else
 * @property {(event: PointerEvent) => void} click a press without a drag, where the pointer stands
 * @property {(before: [number, number][], now: [number, number][]) => void} pinch
 * @property {(factor: number, px: number, py: number) => void} zoom
 * @property {() => void} fit a double click
 * @property {(event: KeyboardEvent) => boolean} key whether it was of use
 */

/**
 * Listen until the signal aborts.
 * @param {HTMLElement} canvas
 * @param {Actor} actor
 * @param {AbortSignal} signal
 */
export function listenGestures(canvas, actor, signal) {
  /** @type {Map<number, [number, number]>} */
  const held = new Map();
  /** @type {{at: [number, number], moved: boolean} | null} */
  let press = null;
  const on = (/** @type {string} */ type, /** @type {(event: any) => void} */ listener) =>
    canvas.addEventListener(type, listener, { signal, passive: false });
  const release = (/** @type {PointerEvent} */ event) => {
    held.delete(event.pointerId);
    if (!held.size) press = null;
  };

  on("pointerleave", (event) => {
    if (!held.has(event.pointerId)) actor.leave();
  });
  on("pointerdown", (/** @type {PointerEvent} */ event) => {
    if (!isPress(event)) return;
    held.set(event.pointerId, [event.offsetX, event.offsetY]);
    canvas.setPointerCapture(event.pointerId);
    if (held.size === 1) {
      press = { at: [event.offsetX, event.offsetY], moved: false };
      actor.point(event.offsetX, event.offsetY);
    } else {
      actor.abandon();
      if (press) press.moved = true;
    }
  });
  on("pointermove", (/** @type {PointerEvent} */ event) => {
    const now = /** @type {[number, number]} */ ([event.offsetX, event.offsetY]);
    if (held.has(event.pointerId) && !isHeld(event)) {
      // It was released where nobody heard of it.
      actor.abandon();
      release(event);
    }
    const before = held.get(event.pointerId);
    if (!before) return actor.point(...now);
    held.set(event.pointerId, now);
    const other = [...held].find(([id]) => id !== event.pointerId)?.[1];
    if (other) return actor.pinch([before, other], [now, other]);
    if (press && !press.moved && Math.hypot(now[0] - press.at[0], now[1] - press.at[1]) < SLACK) {
      held.set(event.pointerId, before);
      return actor.point(...now);
    }
    if (press) press.moved = true;
    actor.drag(before, now, event);
    actor.point(...now);
  });
  on("pointerup", (/** @type {PointerEvent} */ event) => {
    if (held.size === 1 && press && held.has(event.pointerId)) {
      if (press.moved) actor.drop(event);
      else actor.click(event);
    }
    release(event);
  });
  on("pointercancel", (event) => {
    actor.abandon();
    release(event);
  });
  on("wheel", (/** @type {WheelEvent} */ event) => {
    if (!event.deltaY) return; // sideways: the browser's
    event.preventDefault();
    const pixels = event.deltaY * [1, LINE, PAGE][event.deltaMode] * (event.ctrlKey ? PINCH : 1);
    actor.zoom(Math.exp(WHEEL * Math.max(-300, Math.min(300, pixels))), event.offsetX, event.offsetY);
  });
  on("dblclick", () => actor.fit());
  on("keydown", (/** @type {KeyboardEvent} */ event) => {
    // Alt with Enter takes from a selection; no browser has a use for it.
    if ((isPlain(event) || isTaking(event)) && actor.key(event)) event.preventDefault();
  });
}

/** @param {KeyboardEvent} event */
function isTaking(event) {
  return event.altKey && event.key === "Enter" && !event.ctrlKey && !event.metaKey;
}
