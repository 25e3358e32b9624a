import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { watchSize } from "../../../app/web/base/resizing.js";

/** A page whose sizes and whose screen change when a test says so. */
class Stage {
  /** @type {Set<() => void>} */
  observers = new Set();
  /** @type {Map<string, EventTarget>} */
  queries = new Map();

  constructor() {
    const { observers, queries } = this;
    Object.assign(globalThis, {
      devicePixelRatio: 1,
      matchMedia: (/** @type {string} */ query) => {
        if (!queries.has(query)) queries.set(query, new EventTarget());
        return queries.get(query);
      },
      ResizeObserver: class {
        constructor(/** @type {() => void} */ changed) {
          this.changed = changed;
        }
        observe() {
          observers.add(this.changed);
        }
        disconnect() {
          observers.delete(this.changed);
        }
      },
    });
  }

  resize() {
    for (const changed of this.observers) changed();
  }

  /** Another screen, or another zoom of the page. @param {number} ratio */
  move(ratio) {
    const before = `(resolution: ${globalThis.devicePixelRatio}dppx)`;
    globalThis.devicePixelRatio = ratio;
    this.queries.get(before)?.dispatchEvent(new Event("change"));
  }
}

/** @type {Stage} */
let stage;
beforeEach(() => (stage = new Stage()));
afterEach(() => {
  for (const name of ["devicePixelRatio", "matchMedia", "ResizeObserver"]) delete (/** @type {any} */ (globalThis)[name]);
});

test("a new size and a new screen are both told, screen after screen, until it is stopped", () => {
  const told = /** @type {number[]} */ ([]);
  const stop = watchSize(/** @type {any} */ ({}), () => told.push(globalThis.devicePixelRatio));
  stage.resize();
  for (const ratio of [2, 1, 1.25, 1]) stage.move(ratio);
  assert.deepEqual(told, [1, 2, 1, 1.25, 1]);
  stop();
  stage.resize();
  stage.move(3);
  assert.equal(told.length, 5);
});
