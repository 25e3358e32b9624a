/**
 * Words that explain themselves: a button that opens a note with a sentence, the formula and what to watch.
 *
 * The note is the browser's own popover: Escape and a click elsewhere close it, and one at a time is open. Who hears the
 * page hears the sentence with the button, and the rest right behind it once it is open.
 */
import { element } from "./dom.js";

/**
 * @typedef {{name: string, sentence: string, formula: string, watch: string}} Term
 * @typedef {Record<string, Term | undefined>} Terms by the name of what is shown: the glossary, as a host has it
 */

/** Of a note, in pixels: how wide, and how far from its word and from the borders of the window. */
const [WIDTH, GAP, AIR] = [340, 6, 8];

/** Notes so far: each has a name of its own. */
let made = 0;

/**
 * Where a note stands: below its word, above where there is more room, and within the window.
 * @param {{left: number, top: number, bottom: number}} word
 * @param {{width: number, height: number}} within
 * @returns {{left: number, width: number, top: number | null, bottom: number | null, height: number}} from the borders
 *   of the window, the height at most
 */
export function placed(word, within) {
  const width = Math.min(WIDTH, within.width - 2 * AIR);
  const left = Math.max(AIR, Math.min(word.left, within.width - AIR - width));
  const [above, below] = [word.top - GAP - AIR, within.height - word.bottom - GAP - AIR];
  // As tall as any note of that width, or so.
  const under = below >= Math.min(above, WIDTH / 2);
  return under ? { left, width, top: word.bottom + GAP, bottom: null, height: below } : { left, width, top: null, bottom: within.height - word.top + GAP, height: above };
}

/**
 * The glossary, where what is shown brings a sentence of its own: that comes first, and stands alone where there is no term.
 * @param {Terms} terms
 * @param {string} name
 * @param {string} title
 * @param {string} sentence
 * @returns {Terms}
 */
export function withSentence(terms, name, title, sentence) {
  const { name: known, ...term } = terms[name] ?? { name: title, sentence: "", formula: "", watch: "" };
  return { [name]: { ...term, name: known, sentence: [sentence, term.sentence].filter(Boolean).join(" ") } };
}

/**
 * Words with what they mean; as they are where the glossary has nothing of that name.
 * @param {Terms} terms
 * @param {string} name of what is shown
 * @param {string} text
 * @param {Record<string, any>} [properties] of the element that says it
 * @returns {HTMLElement}
 */
export function explained(terms, name, text, properties = {}) {
  const term = terms[name];
  if (!term) return element("span", { ...properties, text });
  const id = `term-${++made}`;
  const { name: title, sentence, formula, watch } = term;
  // It is empty until it opens: what is not on show is no text of the page.
  const note = element("span", {
    class: "note", popover: "auto", role: "note", id, "aria-label": title,
    onbeforetoggle: (/** @type {ToggleEvent} */ event) => (event.newState === "open" ? begin() : end()),
  });
  const word = element("button", { ...properties, type: "button", class: `term ${properties.class ?? ""}`.trim(), popovertarget: id, "aria-description": sentence, "data-term": name, text });
  /** @type {AbortController | undefined} while it is open */
  let open;

  function stand() {
    const { left, width, top, bottom, height } = placed(word.getBoundingClientRect(), { width: innerWidth, height: innerHeight });
    const pixels = (/** @type {number | null} */ value) => (value === null ? "auto" : `${value}px`);
    Object.assign(note.style, { left: pixels(left), width: pixels(width), top: pixels(top), bottom: pixels(bottom), maxHeight: pixels(height) });
  }

  function begin() {
    note.replaceChildren(element("b", { text: title }), element("span", { text: sentence }),
      ...(formula ? [element("code", { text: formula })] : []), ...(watch ? [element("span", { class: "note-watch", text: watch })] : []));
    stand();
    open = new AbortController();
    for (const moves of ["scroll", "resize"]) addEventListener(moves, stand, { capture: true, passive: true, signal: open.signal });
  }

  function end() {
    open?.abort();
    note.replaceChildren();
  }

  return element("span", {
    class: "explained",
    // Who goes on by keys has read it.
    onfocusout: (/** @type {FocusEvent} */ event) => event.relatedTarget && !note.contains(/** @type {Node} */ (event.relatedTarget)) && event.relatedTarget !== word && note.hidePopover(),
  }, word, note);
}
