import assert from "node:assert/strict";
import { test } from "node:test";
import { contourShapes, ellipseOf, lineShapes, markShapes, nameShapes } from "../../../app/web/map/annotations.js";
import { corners, planeGrid, planeNumbers, spaceBox } from "../../../app/web/map/grid.js";

const theme = { text: "#222222", faint: "#666666", line: "#dddddd", panel: "#f6f7f9", background: "#ffffff", accent: "#3d6bd6" };
const size = { width: 900, height: 640 };
const box = { low: [-3, -4], high: [3, 4] };
const same = (coordinates) => Float32Array.from(coordinates);

test("an ellipse on the screen is where its points go", () => {
  for (const [ax, ay, rx, ry, angle] of [[100, -80, 0.5, 0.2, 0], [30, -90, 1, 0.3, 0.7], [50, -50, 0.2, 0.9, -1.2], [10, -70, 1, 1, 2]]) {
    const drawn = ellipseOf(ax, ay, rx, ry, angle);
    for (let t = 0; t < 6.3; t += 0.1) {
      const [u, v] = [rx * Math.cos(t), ry * Math.sin(t)];
      const [x, y] = [ax * (u * Math.cos(angle) - v * Math.sin(angle)), ay * (u * Math.sin(angle) + v * Math.cos(angle))];
      const along = x * Math.cos(drawn.angle) + y * Math.sin(drawn.angle);
      const across = -x * Math.sin(drawn.angle) + y * Math.cos(drawn.angle);
      assert.ok(Math.abs((along / drawn.rx) ** 2 + (across / drawn.ry) ** 2 - 1) < 1e-9);
    }
  }
  assert.equal(ellipseOf(100, -80, 0.5, 0, 0.3).ry < 1e-6, true);
});

test("marks stand where their data is, with their label beside them", () => {
  const marks = ["ring", "cross", "dot", "ellipse"].map((shape, k) => ({ x: 10 * k, y: 5, shape, rx: 1, ry: 2, colour: "#ff0000", label: shape }));
  const shapes = markShapes(marks, same, { ax: 10, ay: -10 }, theme);
  assert.deepEqual(shapes.ellipses.map(({ cx, filled }) => [cx, filled]), [[0, false], [20, true], [30, false]]);
  assert.deepEqual(shapes.texts.map(({ text }) => text), ["ring", "cross", "dot", "ellipse"]);
  shapes.texts.forEach(({ x, y }, k) => assert.ok(x > 10 * k && y === 5));
  const cross = shapes.strokes.filter(({ colour }) => colour === "#ff0000");
  assert.equal(cross.length, 2);
  for (const { points } of cross) assert.deepEqual([(points[0] + points[2]) / 2, (points[1] + points[3]) / 2], [10, 5]);
});

test("a line is drawn over its seam", () => {
  const { strokes } = lineShapes([{ points: Float32Array.of(0, 0, 1, 1), colour: "#ff0000", dash: [3, 3], closed: true }], same, theme);
  assert.deepEqual(strokes.map(({ colour }) => colour), ["#ffffff", "#ff0000"]);
  assert.ok(strokes[0].width > strokes[1].width && strokes[0].closed && strokes[1].dash.length === 2);
});

test("a name that would cover another name or a label is left out", () => {
  const names = [{ text: "one", x: 100, y: 100 }, { text: "two", x: 110, y: 105 }, { text: "three", x: 100, y: 200 }, { text: "four", x: 320, y: 300 }];
  const label = { x: 300, y: 300, text: "a label", size: 12, weight: 600, colour: "#000000", anchor: "start" };
  const { texts } = nameShapes(names, theme, ({ text }) => 8 * text.length, [label]);
  assert.deepEqual(texts.map(({ text }) => text), ["one", "three"]);
});

test("the line around fewer points is stronger; one of a class has its hue, one of all the text's colour", () => {
  const lines = [0.5, 0.9].map((share) => ({ share, points: Float32Array.of(0, 0, 1, 1), closed: true, colour: share === 0.5 ? "#ff0000" : null }));
  const { strokes } = contourShapes(lines, same, theme);
  assert.ok(strokes[0].opacity > strokes[1].opacity);
  assert.ok(strokes[0].colour.includes("#ff0000") && strokes[1].colour === theme.text);
});

test("lines of a plane are at round values, and their numbers say which", () => {
  const { strokes } = planeGrid(box, size, theme, ["unit 1", "unit 2"]);
  const { texts } = planeNumbers(box, size, theme, ["unit 1", "unit 2"]);
  for (const { text, x } of texts.filter(({ anchor, text }) => anchor === "middle" && Number.isFinite(Number(text)))) {
    assert.ok(Math.abs(x - ((Number(text) + 3) / 6) * 900) < 1e-6);
    assert.ok(strokes.some(({ points }) => Math.abs(points[0] - x) <= 1 && points[3] === 640));
  }
  assert.deepEqual(texts.slice(-2).map(({ text }) => text), ["unit 1", "unit 2"]);
  const name = texts.at(-2);
  for (const other of texts.slice(0, -2)) assert.ok(other.y < 600 || other.x < name.x - 40);
});

test("the box of space has twelve edges and names each axis once, with its ends", () => {
  const ball = { centre: [0, 0, 0], radius: 1, low: [-1, -2, -3], high: [1, 2, 3] };
  const all = corners(ball);
  assert.deepEqual([...all.slice(0, 3)], [-1, -2, -3]);
  assert.deepEqual([...all.slice(15, 18)], [1, -2, 3]);
  const pixels = Float32Array.from({ length: 16 }, (_, i) => {
    const [x, y, z] = all.slice(3 * (i >> 1), 3 * (i >> 1) + 3);
    return i & 1 ? 300 - 80 * z + 20 * y : 400 + 150 * x + 60 * y;
  });
  const { strokes, texts } = spaceBox(pixels, ball, size, theme, ["a", "b", "c"]);
  assert.equal(strokes.length, 12);
  assert.equal(new Set(strokes.map(({ points }) => points.map(Math.round).join(" "))).size, 12);
  assert.deepEqual(texts.map(({ text }) => text).filter((text) => "abc".includes(text)), ["a", "b", "c"]);
  const a = texts.find(({ text }) => text === "a");
  assert.ok(a.y > 540, "the first axis is named below the box");
});

test("names of axes in space stay on the canvas, however it is turned", () => {
  const ball = { centre: [0, 0, 0], radius: 1, low: [-1, -2, -3], high: [1, 2, 3] };
  const names = [1, 2, 3].map((k) => `PC ${k} (45 % of the variance)`);
  const small = { width: 360, height: 300 };
  const all = corners(ball);
  for (let t = 0; t < 6.3; t += 0.3) {
    const pixels = Float32Array.from({ length: 16 }, (_, i) => {
      const [x, y, z] = all.slice(3 * (i >> 1), 3 * (i >> 1) + 3);
      const across = Math.cos(t) * x + Math.sin(t) * y;
      return i & 1 ? 150 - 45 * z + 10 * (Math.cos(t) * y - Math.sin(t) * x) : 180 + 80 * across;
    });
    const { texts } = spaceBox(pixels, ball, small, theme, names);
    for (const { x, y, text, size: height } of texts) {
      const half = 0.3 * height * text.length;
      assert.ok(x - half >= 0 && x + half <= 360 && y >= height / 2 && y <= 300 - height / 2, `${text} at ${x}, ${y}`);
    }
  }
});
