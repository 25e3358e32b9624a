import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { explained, placed, withSentence } from "../../../app/web/base/explained.js";

const WINDOW = { width: 1000, height: 800 };
const TERMS = { kl: { name: "KL divergence", sentence: "How far it is.", formula: "KL(q ‖ p)", watch: "At 0 it says nothing." } };

/** As much of an element as words need. */
class Node extends EventTarget {
  attributes = /** @type {Record<string, string>} */ ({});
  children = /** @type {any[]} */ ([]);
  style = {};
  textContent = "";
  hiddenTimes = 0;
  constructor(/** @type {string} */ tag) {
    super();
    this.tag = tag;
  }
  setAttribute(/** @type {string} */ name, /** @type {string} */ value) {
    this.attributes[name] = value;
  }
  append(/** @type {any[]} */ ...children) {
    this.children.push(...children);
  }
  replaceChildren(/** @type {any[]} */ ...children) {
    this.children = children;
  }
  contains(/** @type {any} */ other) {
    return other === this || this.children.includes(other);
  }
  getBoundingClientRect() {
    return { left: 20, top: 30, bottom: 50 };
  }
  hidePopover() {
    this.hiddenTimes++;
  }
}

beforeEach(() => Object.assign(globalThis, {
  document: { createElement: (/** @type {string} */ tag) => new Node(tag) }, innerWidth: WINDOW.width, innerHeight: WINDOW.height,
  listening: 0, addEventListener: (/** @type {string} */ name, /** @type {any} */ on, /** @type {any} */ { signal }) => {
    globalThis.listening++;
    signal.addEventListener("abort", () => globalThis.listening--);
  },
}));
afterEach(() => {
  for (const name of ["document", "innerWidth", "innerHeight", "addEventListener", "listening"]) delete (/** @type {any} */ (globalThis)[name]);
});

const toggle = (/** @type {string} */ newState) => Object.assign(new Event("beforetoggle"), { newState });
const leaves = (/** @type {any} */ relatedTarget) => Object.assign(new Event("focusout"), { relatedTarget });

test("words are a button that names its note, and tells readers of the screen the sentence", () => {
  const { children: [word, note] } = /** @type {any} */ (explained(TERMS, "kl", "β·KL", { class: "badge" }));
  assert.deepEqual([word.tag, word.textContent, word.attributes.class], ["button", "β·KL", "term badge"]);
  assert.equal(word.attributes.popovertarget, note.attributes.id);
  assert.equal(word.attributes["aria-description"], "How far it is.");
  assert.deepEqual([note.attributes.popover, note.attributes.role, note.attributes["aria-label"]], ["auto", "note", "KL divergence"]);
  const another = /** @type {any} */ (explained(TERMS, "kl", "KL")).children[1];
  assert.notEqual(another.attributes.id, note.attributes.id);
});

test("a note has its text while it is open, and then follows its word", () => {
  const { children: [, note] } = /** @type {any} */ (explained(TERMS, "kl", "KL"));
  assert.deepEqual(note.children, []);
  note.dispatchEvent(toggle("open"));
  assert.deepEqual(note.children.map((/** @type {any} */ part) => part.textContent), ["KL divergence", "How far it is.", "KL(q ‖ p)", "At 0 it says nothing."]);
  assert.deepEqual([note.style.left, note.style.top, globalThis.listening], ["20px", "56px", 2]);
  note.dispatchEvent(toggle("closed"));
  assert.deepEqual([note.children, globalThis.listening], [[], 0]);
});

test("who goes on by keys leaves it closed; a touch of nothing in particular does not", () => {
  const words = /** @type {any} */ (explained(TERMS, "kl", "KL"));
  const [word, note] = words.children;
  for (const kept of [null, note, word]) words.dispatchEvent(leaves(kept));
  assert.equal(note.hiddenTimes, 0);
  words.dispatchEvent(leaves(new Node("button")));
  assert.equal(note.hiddenTimes, 1);
});

test("what the glossary does not know stays as it is", () => {
  const words = /** @type {any} */ (explained({}, "kl", "KL", { class: "badge" }));
  assert.deepEqual([words.tag, words.textContent, words.attributes, words.children], ["span", "KL", { class: "badge" }, []]);
});

test("a sentence of one's own comes first, and stands alone without a term", () => {
  assert.equal(withSentence(TERMS, "kl", "KL weight", "1 is the bound.").kl?.sentence, "1 is the bound. How far it is.");
  assert.deepEqual(withSentence({}, "new", "New", "It is new."), { new: { name: "New", sentence: "It is new.", formula: "", watch: "" } });
});

test("a note stands below its word, above where there is more room, and never beyond the window", () => {
  assert.deepEqual(placed({ left: 100, top: 100, bottom: 120 }, WINDOW), { left: 100, width: 340, top: 126, bottom: null, height: 666 });
  const low = placed({ left: 900, top: 740, bottom: 760 }, WINDOW);
  assert.deepEqual(low, { left: 652, width: 340, top: null, bottom: 66, height: 726 });
  const phone = placed({ left: 350, top: 300, bottom: 320 }, { width: 320, height: 640 });
  assert.deepEqual([phone.left, phone.width], [8, 304]);
});
