/**
 * Maps of the bench and of a sweep's cards, and beside each the same points as a canvas draws circles: one path for each
 * colour, without axes and names. Reading a pixel back waits until everything before it has been drawn.
 */
import { classColour } from "/base/palette.js";
import { PointCloud } from "/map/cloud.js";
import { pointColours } from "/map/colour.js";
import { classNames, extent } from "/map/placing.js";
import { CardMap } from "/sweep/cardmap.js";

const CLASSES = Array.from({ length: 10 }, (_, k) => String(k));
const THEME = { text: "#222222", faint: "#6b6f76", line: "#e9e9e9", panel: "#f6f7f9", background: "#ffffff", accent: "#3d6bd6" };
/** Moments of which a run is made here; after the last one comes the first. */
const MOMENTS = 16;

/** Points of a training run: ten clusters that leave the middle. @param {number} count */
function runOf(count) {
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
  const noise = Float32Array.from({ length: 2 * count }, (_, i) => Math.sin(12.9898 * i) + Math.sin(78.233 * i));
  const moments = Array.from({ length: MOMENTS }, (_, k) =>
    Float32Array.from({ length: 2 * count }, (_, i) => {
      const angle = (2 * Math.PI * labels[i >> 1]) / 10;
      return noise[i] + (k / 4) * (i & 1 ? Math.sin(angle) : Math.cos(angle));
    }));
  return { labels, moments };
}

const readBack = (/** @type {HTMLElement} */ root) => root.querySelectorAll("canvas").forEach((canvas) => canvas.getContext("2d")?.getImageData(0, 0, 1, 1));

/** The bench's map: what it does with a frame, and when the pointer moves. @param {HTMLElement} root @param {number} count */
function bench(root, count) {
  const { labels, moments } = runOf(count);
  const colours = pointColours(labels, CLASSES);
  const cloud = new PointCloud({ onHover: () => {} }, { reach: Infinity });
  cloud.root.style.cssText += ";width:100%;height:100%";
  root.append(cloud.root);
  cloud.setTheme(THEME);
  return {
    frame: (/** @type {number} */ k) => {
      const points = moments[k % MOMENTS];
      cloud.show({ points, dimensions: 2, colours, box: extent(points), names: classNames(points, labels, CLASSES), axisNames: ["unit 1", "unit 2"] });
      cloud.draw();
    },
    move: (/** @type {number} */ x, /** @type {number} */ y) => {
      cloud.controls.point(x, y, false);
      cloud.draw();
    },
  };
}

/** As many cards as a sweep can have. @param {HTMLElement} root @param {number} count @param {number} cards */
function sweep(root, count, cards) {
  const { labels, moments } = runOf(count);
  const colours = pointColours(labels, CLASSES);
  const maps = Array.from({ length: cards }, () => new CardMap());
  tile(root, maps.map(({ canvas }) => canvas));
  for (const map of maps) map.begin(labels, colours);
  const meta = { units: maps.map(() => [0, 1]) };
  const frames = moments.map((points) => {
    const data = new Float32Array(cards * points.length);
    for (let k = 0; k < cards; k++) data.set(points, k * points.length);
    return { meta, arrays: { codes: { data, shape: [cards, count, 2] } } };
  });
  return {
    frame: (/** @type {number} */ k) => maps.forEach((map, cell) => {
      map.show(frames[k % MOMENTS], cell, false);
      map.draw();
    }),
  };
}

/** @param {HTMLElement} root @param {number} count @param {number} [canvases] @param {number} [radius] */
function circles(root, count, canvases = 1, radius = 3.2) {
  const { labels, moments } = runOf(count);
  const all = Array.from({ length: canvases }, () => document.createElement("canvas"));
  tile(root, all);
  const members = CLASSES.map((_, k) => Array.from(labels.keys()).filter((i) => labels[i] === k));
  const paint = (/** @type {HTMLCanvasElement} */ canvas, /** @type {Float32Array} */ points) => {
    const { clientWidth, clientHeight } = canvas;
    const [width, height] = [clientWidth * devicePixelRatio, clientHeight * devicePixelRatio];
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, clientWidth, clientHeight);
    context.globalAlpha = 0.85;
    const { low, high } = extent(points);
    const [sx, sy] = [clientWidth / (high[0] - low[0]), clientHeight / (high[1] - low[1])];
    members.forEach((indices, k) => {
      context.beginPath();
      for (const i of indices) {
        const [x, y] = [(points[2 * i] - low[0]) * sx, (high[1] - points[2 * i + 1]) * sy];
        context.moveTo(x + radius, y);
        context.arc(x, y, radius, 0, 7);
      }
      context.fillStyle = classColour(k);
      context.fill();
    });
  };
  return { frame: (/** @type {number} */ k) => all.forEach((canvas) => paint(canvas, moments[k % MOMENTS])) };
}

/** Beside each other, eight in a row, or one that fills everything. @param {HTMLElement} root @param {HTMLCanvasElement[]} canvases */
function tile(root, canvases) {
  root.style.display = "grid";
  root.style.gridTemplateColumns = `repeat(${Math.min(8, canvases.length)}, 1fr)`;
  for (const canvas of canvases) canvas.style.cssText = canvases.length > 1 ? "width:100%;height:90px" : "width:100%;height:100%";
  root.append(...canvases);
}

const made = {};
const makers = { bench, sweep, circles };

/** Make maps in a place of some size. @param {string} name @param {keyof typeof makers} kind @param {[number, number]} size @param {any[]} settings */
export function make(name, kind, [width, height], settings) {
  const root = document.createElement("div");
  root.style.cssText = `position:fixed;left:0;top:0;width:${width}px;height:${height}px`;
  document.body.replaceChildren(root);
  made[name] = { root, ...makers[kind](root, ...settings) };
}

/** Milliseconds of a frame, from its codes to its pixels. @param {string} name @param {number} frames */
export function play(name, frames) {
  return timed(name, frames, (k) => made[name].frame(k));
}

/** Milliseconds of a move of the pointer, to the pixels of what it marks. @param {string} name @param {number} moves */
export function point(name, moves) {
  const { clientWidth, clientHeight } = made[name].root;
  return timed(name, moves, (k) => made[name].move(clientWidth * (0.5 + 0.4 * Math.cos(k)), clientHeight * (0.5 + 0.4 * Math.sin(1.3 * k))));
}

/** @param {string} name @param {number} times @param {(k: number) => void} act */
async function timed(name, times, act) {
  const { root, frame } = made[name];
  document.body.replaceChildren(root);
  for (let k = 0; k < 3; k++) await new Promise((resolve) => requestAnimationFrame(resolve)); // until it is known to be in view
  frame(0);
  const canvases = Array.from(root.querySelectorAll("canvas"));
  const blank = (/** @type {HTMLCanvasElement} */ canvas) => !canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean);
  if (canvases.filter(blank).length > 1) throw new Error(`${name} has painted nothing.`); // the pointer's canvas may be blank
  const start = performance.now();
  for (let k = 1; k <= times; k++) {
    act(k);
    readBack(root);
  }
  return (performance.now() - start) / times;
}
