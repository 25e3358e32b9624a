import assert from "node:assert/strict";
import { test } from "node:test";
import { boxOf, cellsOf, levelOf, Manifold } from "../../../app/web/map/manifold.js";
import { panned, pixelMap, zoomed } from "../../../app/web/map/view.js";

const size = { width: 900, height: 640 };
const box = { low: [-3, -4], high: [3.5, 4] };
/** A clock on which every decoding takes `cost` milliseconds. */
const slow = (cost) => {
  const clock = { time: 0, decoded: [] };
  const manifold = new Manifold((x, y) => {
    clock.time += cost;
    clock.decoded.push([x, y]);
    return `${x} ${y}`;
  }, () => clock.time);
  return { clock, manifold };
};
const finish = (manifold, view) => {
  let frames = 1;
  while (!manifold.cells(view, size).done) frames++;
  return frames;
};

test("cells are about 44 pixels wide and nearly square on the screen, at every zoom", () => {
  let view = box;
  for (let k = 0; k < 60; k++) {
    const { ax, ay } = pixelMap(view, size);
    const { low, high } = boxOf({ level: levelOf(view, size), column: 0, row: 0 });
    const [w, h] = [ax * (high[0] - low[0]), -ay * (high[1] - low[1])];
    assert.ok(w > 31 && w < 62.5 && Math.abs(Math.log2(w / h)) <= 0.126, `${w} × ${h}`);
    view = zoomed(view, size, 0.83, 200, 100);
  }
});

test("cells cover the view without gaps or overlaps, those at its middle first", () => {
  const level = levelOf(box, size);
  const cells = cellsOf(box, level);
  const area = cells.reduce((sum, cell) => {
    const { low, high } = boxOf(cell);
    const side = (k) => Math.max(0, Math.min(high[k], box.high[k]) - Math.max(low[k], box.low[k]));
    assert.ok(side(0) > 0 && side(1) > 0, "each is in view");
    return sum + side(0) * side(1);
  }, 0);
  assert.ok(Math.abs(area - 6.5 * 8) < 1e-9);
  const { low, high } = boxOf(cells[0]);
  assert.ok(low[0] <= 0.25 && high[0] >= 0.25 && low[1] <= 0 && high[1] >= 0);
});

test("a picture is decoded at the middle of its cell, once", () => {
  const { clock, manifold } = slow(0.1);
  finish(manifold, box);
  const { drawn } = manifold.cells(box, size);
  for (const { cell, picture } of drawn) {
    const { low, high } = boxOf(cell);
    assert.equal(picture, `${(low[0] + high[0]) / 2} ${(low[1] + high[1]) / 2}`);
  }
  assert.equal(clock.decoded.length, cellsOf(box, levelOf(box, size)).length);
});

test("one frame decodes for six milliseconds, and at least one cell", () => {
  const fast = slow(1);
  fast.manifold.cells(box, size);
  assert.equal(fast.clock.decoded.length, 6);
  const tardy = slow(50);
  assert.equal(tardy.manifold.cells(box, size).done, false);
  assert.equal(tardy.clock.decoded.length, 1);
});

test("panning decodes only what comes into view, and coming back decodes nothing", () => {
  const { clock, manifold } = slow(0.1);
  finish(manifold, box);
  const before = clock.decoded.length;
  const moved = panned(box, size, -60, 0);
  finish(manifold, moved);
  const fresh = clock.decoded.length - before;
  assert.ok(fresh > 0 && fresh <= 2 * 25, `${fresh}`);
  finish(manifold, box);
  assert.equal(clock.decoded.length, before + fresh);
});

test("while finer cells are decoded, coarser ones lie beneath them", () => {
  const { manifold } = slow(3);
  finish(manifold, box);
  const coarse = levelOf(box, size);
  const view = zoomed(box, size, 0.4, 450, 320);
  const { drawn, done } = manifold.cells(view, size);
  assert.ok(!done);
  assert.deepEqual(drawn[0].cell.level, coarse);
  assert.notDeepEqual(drawn.at(-1).cell.level, coarse);
  finish(manifold, view);
  assert.ok(manifold.cells(view, size).drawn.every(({ cell }) => cell.level[0] !== coarse[0]));
});

test("of many pictures those used last are kept, 4,096 of them", () => {
  const { clock, manifold } = slow(0);
  const decoded = (view) => {
    const before = clock.decoded.length;
    manifold.cells(view, size);
    return clock.decoded.length - before;
  };
  const far = (k) => panned(box, size, 900 * k, 0);
  decoded(box);
  for (let k = 1; k <= 40; k++) {
    assert.ok(decoded(far(k)) > 0);
    assert.equal(decoded(box), 0, "what is looked at again and again stays");
    assert.ok(manifold.pictures.size <= 4096);
  }
  assert.equal(decoded(far(40)), 0);
  assert.ok(decoded(far(1)) > 0);
});
