import assert from "node:assert/strict";
import { test } from "node:test";
import { Foreground } from "../../../app/web/map/foreground.js";
import { planeGrid, planeNumbers } from "../../../app/web/map/grid.js";
import { Scene } from "../../../app/web/map/scene.js";
import { toPixel } from "../../../app/web/map/view.js";
import { randomNumbers } from "../support.js";

const theme = { text: "#222222", faint: "#666666", line: "#eeeeee", panel: "#f6f6f6", background: "#ffffff", accent: "#3366dd" };
const box = { low: [-3.1, -2.9], high: [3.3, 3.4] };
const layout = { points: Float32Array.of(-3, -2, 3, 3), dimensions: 2, colours: new Uint32Array(2), axisNames: ["unit 1", "unit 2"], box, names: [{ text: "cat", x: 0, y: 0 }] };

/** Lines and texts of a layout in a canvas of some size. */
function drawn(more = {}, size = { width: 700, height: 400 }) {
  const scene = new Scene();
  scene.set({ ...layout, ...more }, false, 0);
  const foreground = new Foreground(scene, /** @type {any} */ ({ measureText: () => ({ width: 20 }) }));
  const view = { box, size, theme };
  const { strokes } = foreground.below(view);
  const { texts } = foreground.above(view);
  const across = strokes.filter(({ points }) => points[1] === points[3]);
  const numbers = texts.filter(({ text }) => !Number.isNaN(Number(text)));
  return { across, upright: strokes.filter(({ points }) => points[0] === points[2]), numbers, texts: texts.map(({ text }) => text) };
}

test("each number stands at the line of its value", () => {
  const size = { width: 700, height: 400 };
  const { across, upright, numbers } = drawn({}, size);
  assert.ok(numbers.length >= 5);
  for (const { text, x, y, anchor } of numbers) {
    const [px, py] = toPixel(box, size, Number(text), Number(text));
    const near = (/** @type {number[]} */ values, /** @type {number} */ at) => values.some((value) => Math.abs(value - at) <= 1);
    if (anchor === "middle") assert.ok(Math.abs(x - px) < 1e-9 && near(upright.map(({ points }) => points[0]), px));
    else assert.ok(Math.abs(y - py) < 1e-9 && near(across.map(({ points }) => points[1]), py));
  }
});

/** Names as the pages have them. */
const NAMES = ["unit 1", "unit 12", "PC 1 (23 % of the variance)"];
/** The letters of a text are about as wide as this, and as high as its size. */
const LETTER = 6.6;

/** Lines and numbers of a plane, and the rectangle of every text. */
function plane(box, size, names) {
  const { strokes } = planeGrid(box, size, theme, names);
  const { texts } = planeNumbers(box, size, theme, names);
  const rectangles = texts.map(({ x, y, text, anchor }) => {
    const wide = LETTER * text.length;
    const left = x - { start: 0, middle: wide / 2, end: wide }[anchor];
    return { left, right: left + wide, top: y - 5.5, bottom: y + 5.5 };
  });
  const numbers = texts.slice(0, -2).map(({ text, ...rest }) => ({ ...rest, text, value: Number(text.replaceAll(",", "")) }));
  return {
    rectangles,
    columns: { lines: strokes.filter(({ points }) => points[0] === points[2]).map(({ points }) => points[0]), numbers: numbers.filter(({ anchor }) => anchor === "middle") },
    rows: { lines: strokes.filter(({ points }) => points[1] === points[3]).map(({ points }) => points[1]), numbers: numbers.filter(({ anchor }) => anchor === "start") },
  };
}

/** Planes of all shapes around all places; the exponents of ten say how long an axis is and how far it lies from 0. */
function* planes(count, { widths, heights, lengths, away }) {
  const random = randomNumbers(21);
  const among = (/** @type {number[]} */ [low, high]) => low + (high - low) * random();
  for (let i = 0; i < count; i++) {
    const [across, up] = [10 ** among(lengths), 10 ** among(lengths)];
    const [x, y] = [among([-away, away]) * across, among([-away, away]) * up];
    const size = { width: among(widths), height: among(heights) };
    yield [{ low: [x - across / 2, y - up / 2], high: [x + across / 2, y + up / 2] }, size, [NAMES[i % 3], "unit 2"]];
  }
}

test("every plane of a page has at least two numbers along each axis, and few lines", () => {
  for (const [box, size, names] of planes(3000, { widths: [260, 900], heights: [140, 700], lengths: [-1, 3], away: 1 })) {
    const { columns, rows } = plane(box, size, names);
    const told = JSON.stringify([box, size, names]);
    assert.ok(columns.numbers.length >= 2 && rows.numbers.length >= 2, told);
    assert.ok(columns.lines.length <= Math.max(12, size.width / 40) && rows.lines.length <= Math.max(12, size.height / 40), told);
  }
});

test("however small a plane is and wherever it lies, its numbers tell their lines exactly and meet no other text", () => {
  for (const [box, size, names] of planes(3000, { widths: [60, 900], heights: [60, 700], lengths: [-6, 6], away: 100 })) {
    const { columns, rows, rectangles } = plane(box, size, names);
    const told = JSON.stringify([box, size, names]);
    for (const { value, x } of columns.numbers) {
      assert.ok(Math.abs(toPixel(box, size, value, 0)[0] - x) < 0.01 && columns.lines.some((line) => Math.abs(line - x) <= 1), told);
    }
    for (const { value, y } of rows.numbers) {
      assert.ok(Math.abs(toPixel(box, size, 0, value)[1] - y) < 0.01 && rows.lines.some((line) => Math.abs(line - y) <= 1), told);
    }
    // Names may be longer than the smallest planes; numbers give way to them.
    rectangles.slice(0, -2).forEach((a, i) => {
      for (const b of rectangles.slice(i + 1)) assert.ok(a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top, told);
    });
  }
});

test("an axis without a length is drawn without end", () => {
  for (const low of [0, 3, NaN]) plane({ low: [low, low], high: [low, low] }, { width: 300, height: 300 }, NAMES);
});

test("rows of labels have names of axes and classes, and neither lines nor numbers across", () => {
  const { across, upright, numbers, texts } = drawn({ rows: true, axisNames: ["unit 1", "one row for each label"] });
  assert.deepEqual(across, []);
  assert.ok(upright.length >= 2);
  assert.ok(numbers.length && numbers.every(({ anchor }) => anchor === "middle"));
  for (const text of ["unit 1", "one row for each label", "cat"]) assert.ok(texts.includes(text));
});

test("without names of axes there are no lines and no numbers", () => {
  const { across, upright, texts } = drawn({ axisNames: null });
  assert.deepEqual([across, upright, texts], [[], [], ["cat"]]);
});
