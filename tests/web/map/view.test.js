import assert from "node:assert/strict";
import { test } from "node:test";
import { boundedFactor, closeness, equalScaled, panned, pinched, toData, toPixel, zoomed } from "../../../app/web/map/view.js";

const box = { low: [-2, 1], high: [4, 5] };
const size = { width: 900, height: 640 };
const near = (a, b) => a.forEach((value, k) => assert.ok(Math.abs(value - b[k]) < 1e-9, `${a} is not ${b}`));

test("the corners of the view are the corners of the canvas, y upwards", () => {
  near(toPixel(box, size, -2, 5), [0, 0]);
  near(toPixel(box, size, 4, 1), [900, 640]);
  near(toData(box, size, 0, 640), [-2, 1]);
  near(toData(box, size, ...toPixel(box, size, 0.3, 4.2)), [0.3, 4.2]);
});

test("what is dragged follows the pointer", () => {
  const at = toData(box, size, 100, 200);
  near(toPixel(panned(box, size, 35, -20), size, ...at), [135, 180]);
});

test("the data under the pointer stays while one zooms, and the sides change by the factor", () => {
  const at = toData(box, size, 700, 50);
  const closer = zoomed(box, size, 0.25, 700, 50);
  near(toPixel(closer, size, ...at), [700, 50]);
  near([closer.high[0] - closer.low[0], closer.high[1] - closer.low[1]], [1.5, 1]);
  assert.ok(Math.abs(closeness(closer, box) - 4) < 1e-9);
});

test("what was under two fingers stays under them when they move apart, together, or both along", () => {
  const before = [[200, 300], [400, 300]];
  for (const now of [[[100, 300], [500, 300]], [[250, 300], [350, 300]], [[230, 350], [430, 350]]]) {
    const view = pinched(box, size, before, now);
    before.forEach((finger, k) => near(toPixel(view, size, ...toData(box, size, ...finger)), now[k]));
  }
});

test("fingers in one place do no harm", () => {
  const view = pinched(box, size, [[200, 300], [200, 300]], [[200, 300], [200, 300]]);
  near([...view.low, ...view.high], [...box.low, ...box.high]);
});

test("a view of equal scales holds the box, has the same middle, and is not widened twice", () => {
  for (const wide of [{ width: 900, height: 300 }, { width: 200, height: 700 }]) {
    const view = equalScaled(box, wide);
    assert.ok(view.low[0] <= box.low[0] && view.low[1] <= box.low[1] && view.high[0] >= box.high[0] && view.high[1] >= box.high[1]);
    near([(view.high[0] - view.low[0]) / wide.width], [(view.high[1] - view.low[1]) / wide.height]);
    near([view.low[0] + view.high[0], view.low[1] + view.high[1]], [2, 6]);
    const again = equalScaled(view, wide);
    near([...again.low, ...again.high], [...view.low, ...view.high]);
  }
});

test("one cannot zoom out of sight of the points, nor into the noise of their numbers", () => {
  let view = box;
  for (let i = 0; i < 500; i++) view = zoomed(view, size, boundedFactor(view, box, 1.3), 450, 320);
  assert.ok(view.high[0] - view.low[0] < 6 * 20.001);
  for (let i = 0; i < 500; i++) view = zoomed(view, size, boundedFactor(view, box, 0.7), 450, 320);
  assert.ok(view.high[0] - view.low[0] > 6 / 1.001e5);
});
