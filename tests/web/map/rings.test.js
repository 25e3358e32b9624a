import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ringColour, ringShapes, SHARE } from "../../../app/web/map/rings.js";
import { pixelMap } from "../../../app/web/map/view.js";

const theme = { text: "#222222", faint: "#666666", line: "#dddddd", panel: "#f6f7f9", background: "#ffffff", accent: "#3d6bd6" };
const size = { width: 600, height: 600 };
const { ax, bx, ay, by } = pixelMap({ low: [-3, -3], high: [3, 3] }, size);
const toPixels = (coordinates) => Float32Array.from(coordinates, (value, i) => (i & 1 ? ay * value + by : ax * value + bx));
const ring = { centre: [0.5, -0.5], radius: 2, name: "2σ" };

test("a ring is a closed line at its radius around its centre, its name above the top", () => {
  const { strokes, texts } = ringShapes([ring], false, size, toPixels, theme);
  assert.equal(strokes.length, 1);
  assert.ok(strokes[0].closed);
  for (let i = 0; i < strokes[0].points.length; i += 2) {
    const far = Math.hypot(strokes[0].points[i] - 350, strokes[0].points[i + 1] - 350);
    assert.ok(Math.abs(far - 200) < 1e-3, String(far));
  }
  assert.deepEqual(texts.map(({ text, x, y }) => [text, x, y]), [["2σ", 350, 142]]);
});

test("along one unit it is both ends of the interval, from the top to the bottom", () => {
  const { strokes, texts } = ringShapes([ring], true, size, toPixels, theme);
  assert.deepEqual(strokes.map(({ points }) => points), [[150, 0, 150, 600], [550, 0, 550, 600]]);
  assert.deepEqual(texts.map(({ text, x }) => [text, x]), [["2σ", 550]]);
});

test("a ring is seen on both themes, 3:1 against their background, and is fainter than the text", () => {
  const settings = readFileSync(new URL("../../../.streamlit/config.toml", import.meta.url), "utf8");
  const of = (section, name) => settings.split(`[theme.${section}]`)[1].match(new RegExp(`${name} = "(#[0-9a-f]{6})"`))[1];
  const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  // WCAG 2.2: relative luminance and contrast.
  const luminance = (rgb) => rgb.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)).reduce((sum, c, k) => sum + c * [0.2126, 0.7152, 0.0722][k], 0);
  const contrast = (a, b) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  for (const name of ["light", "dark"]) {
    const [text, background] = [channels(of(name, "textColor")), channels(of(name, "backgroundColor"))];
    const mixed = text.map((c, k) => (SHARE * c + (100 - SHARE) * background[k]) / 100);
    assert.ok(contrast(mixed, background) >= 3, name);
    assert.ok(contrast(mixed, background) < contrast(text, background) / 2, name);
  }
  assert.equal(ringColour(theme), `color-mix(in srgb, #222222 ${SHARE}%, #ffffff)`);
});
