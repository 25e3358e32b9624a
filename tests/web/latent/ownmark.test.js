import assert from "node:assert/strict";
import { test } from "node:test";
import { OwnMark } from "../../../app/web/latent/example/ownmark.js";

/** As much of a document as a line of text needs. */
const nodes = { createElement: () => ({ setAttribute() {}, append() {} }) };
const settled = () => new Promise((resolve) => setTimeout(resolve));

test("a place on another state of the layout than the one on show is not marked, and that is said", async () => {
  Object.assign(globalThis, { document: nodes });
  const layout = { method: "umap", dimensions: 2, units: [], components: null, mean: null, stamp: "7", projection: { method: "umap", dimensions: 2 } };
  /** @type {any[]} */
  const drawn = [];
  for (const stamp of ["7", "8"]) {
    const answer = { meta: { layout: stamp, stamp: "8" }, arrays: { points: { data: Float32Array.of(1, 2) } } };
    const space = { layout, ask: () => ({ answer: Promise.resolve(answer), cancel() {} }) };
    const mark = new OwnMark(/** @type {any} */ (space), /** @type {any} */ ({ draw: (_, { marks }) => drawn.push(marks?.length ?? 0) }));
    mark.show(Float32Array.of(0, 0, 0));
    mark.onShown(true);
    await settled();
    assert.equal(drawn.at(-1), stamp === "7" ? 1 : 0);
    assert.match(mark.root.textContent ?? "", stamp === "7" ? /the cross/ : /trained on since this map was made/);
  }
});
