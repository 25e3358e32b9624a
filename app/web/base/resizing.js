/** Canvases have the pixels of the screen, so both sizes of an element matter: in CSS pixels, and in those. */

/**
 * Call now and then: whenever an element has another size, also on another screen or under another zoom of the page.
 * @param {Element} target
 * @param {() => void} changed
 * @returns {() => void} to stop
 */
export function watchSize(target, changed) {
  const [css, screen] = [new ResizeObserver(changed), new ResizeObserver(changed)];
  css.observe(target);
  try {
    screen.observe(target, { box: "device-pixel-content-box" });
  } catch {
    // WebKit does not know of it: there a picture has its new pixels when it is drawn the next time.
  }
  return () => {
    css.disconnect();
    screen.disconnect();
  };
}
