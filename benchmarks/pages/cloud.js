/**
 * Two maps of the same points, each with a `frame(view)` that shows a view and resolves when its pixels are there.
 * Reading a pixel back waits until everything before it has been drawn.
 */
import { packPalette } from "/map/colour.js";
import { PointCloud } from "/map/cloud.js";
import { CLASS_COLOURS } from "/base/palette.js";

const CLASSES = 10;
const THEME = { text: "#222222", faint: "#6b6f76", line: "#e9e9e9", panel: "#f6f7f9", background: "#ffffff", accent: "#3d6bd6" };

/** Numbers in [0, 1), the same every time. @returns {() => number} */
function randomNumbers() {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Ten Gaussians in the plane, whose centres are Gaussian too. @param {number} count */
function gaussians(count) {
  const random = randomNumbers();
  const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const centres = Array.from({ length: CLASSES }, () => [2 * gauss(), 2 * gauss()]);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % CLASSES);
  const points = Float32Array.from({ length: 2 * count }, (_, i) => centres[labels[i >> 1]][i & 1] + 0.5 * gauss());
  return { points, labels };
}

/** The views of a walk: around a circle, four times closer and back. @param {number} share of the walk @returns {{low: [number, number], high: [number, number]}} */
function viewAt(share) {
  const closer = 4 ** -Math.sin(Math.PI * share);
  const [x, y] = [2 * Math.cos(2 * Math.PI * share) - 1.5, 1.5 * Math.sin(2 * Math.PI * share)];
  return { low: [x - 5 * closer, y - 4 * closer], high: [x + 5 * closer, y + 4 * closer] };
}

/** @param {HTMLElement} root @param {number} count */
function ours(root, count) {
  const { points, labels } = gaussians(count);
  const cloud = new PointCloud();
  cloud.root.style.cssText += ";width:100%;height:100%";
  root.append(cloud.root);
  cloud.setTheme(THEME);
  cloud.show({ points, dimensions: 2, colours: packPalette(labels, CLASS_COLOURS), axisNames: ["unit 1", "unit 2"] });
  return {
    show: async (/** @type {any} */ view) => {
      cloud.look(view);
      cloud.draw();
    },
    finish: () => [cloud.base, cloud.canvas, cloud.overlay].forEach((canvas) => canvas.getContext("2d")?.getImageData(0, 0, 1, 1)),
  };
}

/** @param {HTMLElement} root @param {number} count */
async function plotly(root, count) {
  const { points, labels } = gaussians(count);
  const traces = CLASS_COLOURS.map((color, k) => {
    const members = Array.from(labels.keys()).filter((i) => labels[i] === k);
    const [x, y] = [0, 1].map((axis) => Float32Array.from(members, (i) => points[2 * i + axis]));
    return { type: "scattergl", mode: "markers", x, y, marker: { color, size: 3.2, opacity: 0.85 } };
  });
  const layout = { width: root.clientWidth, height: root.clientHeight, margin: { l: 0, r: 0, t: 0, b: 0 }, showlegend: false, hovermode: false };
  await window.Plotly.newPlot(root, traces, layout, { displayModeBar: false });
  const contexts = Array.from(root.querySelectorAll("canvas"), (canvas) => canvas.getContext("webgl")).filter((gl) => gl !== null);
  return {
    show: (/** @type {any} */ { low, high }) =>
      window.Plotly.relayout(root, { "xaxis.range": [low[0], high[0]], "yaxis.range": [low[1], high[1]] }),
    finish: () => contexts.forEach((gl) => gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4))),
  };
}

const made = {};
const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));

/** Make a map. @param {"ours" | "plotly"} name @param {number} count */
export async function make(name, count) {
  const root = document.createElement("div");
  root.style.cssText = "position:fixed;inset:0";
  document.body.append(root);
  made[name] = await { ours, plotly }[name](root, count);
  root.remove();
  made[name].root = root;
}

/** A walk of some frames, each shown in a new animation frame. @param {"ours" | "plotly"} name @param {number} frames @returns {Promise<{work: number, fps: number}>} milliseconds from a change to its pixels, and frames per second of animation */
export async function walk(name, frames) {
  const { root, show, finish } = made[name];
  document.body.replaceChildren(root);
  await show(viewAt(0));
  finish();
  await nextFrame();
  const start = performance.now();
  let work = 0;
  for (let k = 1; k <= frames; k++) {
    const from = performance.now();
    await show(viewAt(k / frames));
    finish();
    work += performance.now() - from;
    await nextFrame();
  }
  return { work: work / frames, fps: (1000 * frames) / (performance.now() - start) };
}
