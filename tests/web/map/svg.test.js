import assert from "node:assert/strict";
import { test } from "node:test";
import { packColour } from "../../../app/web/map/colour.js";
import { joined } from "../../../app/web/map/shapes.js";
import { escaped, svgDocument } from "../../../app/web/map/svg.js";

const drawing = (parts) => ({ width: 300, height: 200, background: "#ffffff", backdrop: null, below: joined(), points: [], above: joined(), ...parts });

test("points are circles within a group of their colour, to a tenth of a pixel; those out of view are left out", () => {
  const points = {
    positions: Float32Array.of(10.04, 20.06, 30, 40, 5000, 40, 50, 60), radius: 3.21, opacity: 0.85,
    colours: Uint32Array.of(packColour("#ff0000"), packColour("#0000ff"), packColour("#ff0000"), packColour("#ff0000")), order: Uint32Array.of(3, 1, 2, 0),
  };
  const text = svgDocument(drawing({ points: [points] }));
  assert.ok(text.includes('<g fill="#ff0000" fill-opacity="0.85"><circle cx="50" cy="60" r="3.2"/><circle cx="10" cy="20.1" r="3.2"/></g>'));
  assert.ok(text.includes('<g fill="#0000ff" fill-opacity="0.85"><circle cx="30" cy="40" r="3.2"/></g>'));
  assert.equal(text.match(/<circle/g).length, 3);
});

test("text is text, whatever it holds", () => {
  assert.equal(escaped(`<b a="1" c='2'>&\u0001</b>`), "&lt;b a=&quot;1&quot; c=&apos;2&apos;&gt;&amp;&lt;/b&gt;");
  const evil = `"/><script>alert(1)</script>`;
  const text = svgDocument(drawing({
    background: evil,
    above: {
      strokes: [{ points: [0, 0, 1, 1], colour: evil }],
      ellipses: [{ cx: 1, cy: 1, rx: 2, ry: 2, angle: 0, colour: evil, filled: true }],
      texts: [{ x: 1, y: 2, text: evil, size: 12, weight: 400, colour: evil, anchor: "start" }],
    },
  }));
  assert.ok(!text.includes("<script"));
  assert.ok(text.includes("&lt;script&gt;"));
});

test("lines are paths, closed ones closed, dashes and opacity where there are some", () => {
  const strokes = [{ points: [0, 0, 10.26, 5], colour: "#111111" }, { points: [1, 1, 2, 2, 3, 1], colour: "#222222", width: 2, dash: [4, 2], closed: true, opacity: 0.5 }];
  const text = svgDocument(drawing({ below: { strokes, ellipses: [], texts: [] } }));
  assert.ok(text.includes('d="M0 0L10.3 5" fill="none" stroke="#111111" stroke-width="1"'));
  assert.ok(text.includes('d="M1 1L2 2L3 1Z"') && text.includes('stroke-dasharray="4 2"') && text.includes('opacity="0.5"'));
});

test("every element that is opened is closed", () => {
  const ellipses = [{ cx: 1, cy: 1, rx: 2, ry: 1, angle: Math.PI / 2, colour: "#333333", filled: false }];
  const texts = [{ x: 1, y: 2, text: "unit 1", size: 11, weight: 400, colour: "#444444", anchor: "end" }];
  const text = svgDocument(drawing({ backdrop: "data:image/png;base64,AAAA", above: { strokes: [], ellipses, texts } }));
  const open = [];
  for (const [, close, name, self] of text.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
    if (self) continue;
    if (close) assert.equal(open.pop(), name);
    else open.push(name);
  }
  assert.deepEqual(open, []);
  assert.ok(text.includes('transform="rotate(90 1 1)"'));
  assert.ok(text.startsWith('<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200" viewBox="0 0 300 200"'));
});
