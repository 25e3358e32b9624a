/** Holding the left button, the tip of a pen or a finger on something. Other buttons are the browser's. */

const PRIMARY = 1;

/** @param {PointerEvent} event of going down */
export function isPress(event) {
  return event.button === 0;
}

/** Whether it is still down: a release may have happened where nobody heard of it. @param {PointerEvent} event of moving */
export function isHeld(event) {
  return (event.buttons & PRIMARY) !== 0;
}

/**
 * Listeners that tell of a press and of where it is drawn to, until it is released.
 * @param {(event: PointerEvent) => void} tell
 */
export function pressed(tell) {
  /** @type {number | undefined} */
  let held;
  return {
    onpointerdown: (/** @type {PointerEvent} */ event) => {
      if (!isPress(event)) return;
      held = event.pointerId;
      /** @type {Element} */ (event.currentTarget).setPointerCapture(held);
      tell(event);
    },
    onpointermove: (/** @type {PointerEvent} */ event) => {
      if (event.pointerId !== held) return;
      if (isHeld(event)) tell(event);
      else held = undefined;
    },
  };
}
