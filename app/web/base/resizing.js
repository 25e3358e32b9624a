/** Canvases have the pixels of the screen, so two things matter: an element's size, and how many of those a CSS pixel has. */

/**
 * Call whenever an element has another size, or its page another screen or zoom.
 * @param {Element} target
 * @param {() => void} changed
 * @returns {() => void} to stop; not needed for an element that goes
 */
export function watchSize(target, changed) {
  const ending = new AbortController();
  const observer = new ResizeObserver(() => changed());
  observer.observe(target);
  // The observer holds on to `changed` for as long as there is the element; the screen outlives all elements.
  watchRatio(new WeakRef(changed), ending.signal);
  return () => {
    observer.disconnect();
    ending.abort();
  };
}

/** @param {WeakRef<() => void>} changed @param {AbortSignal} signal */
function watchRatio(changed, signal) {
  const tell = () => {
    changed.deref()?.();
    if (changed.deref()) watchRatio(changed, signal);
  };
  matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener("change", tell, { once: true, signal });
}
