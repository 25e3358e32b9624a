/** The trade-off curve: of each cell the held-out error against what is paid for it, joined in the order of the values. */
import { sizedContext } from "../base/dom.js";
import { axisFor, drawGrid, PAD, placesOf } from "../run/plot.js";
import { format } from "../base/scale.js";
import { SweepPlot } from "./sweepplot.js";

/** Pixels within which a pointer finds a point. */
const REACH = 24;
const RADIUS = 5;
/** Beyond this ratio of the largest error to the least the axis is logarithmic. */
const WIDE = 20;

/**
 * @typedef {object} Point
 * @property {number} k of the cell
 * @property {string} name
 * @property {string} colour
 * @property {number | null} x what is traded, or the value of the cell
 * @property {number | null} y held-out squared error
 * @property {boolean} out whether it has diverged: its figures are old
 *
 * @typedef {object} Picture
 * @property {Point[]} points in the order of the values
 * @property {string} title of the horizontal axis
 * @property {string} unit of the horizontal axis
 * @property {boolean} traded whether the axis is what error is traded for, and not the value
 * @property {"linear" | "log" | "names"} scale of it
 */

/**
 * Whether values are better seen on a logarithmic axis.
 * @param {number[]} values
 */
export function isWide(values) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least > 0 && most / least > WIDE;
}

/**
 * The points that can be drawn, and their axes.
 * @param {Picture} picture
 * @returns {{points: any[], x: import("../run/plot.js").Axis, y: import("../run/plot.js").Axis}}
 */
export function layOut({ points, scale }) {
  const drawn = points.filter((point) => point.x !== null && point.y !== null && !point.out);
  const [xs, ys] = [drawn.map((point) => /** @type {number} */ (point.x)), drawn.map((point) => /** @type {number} */ (point.y))];
  const y = axisFor(ys, isWide(ys));
  if (scale !== "names") return { points: drawn, x: axisFor(xs, scale === "log"), y };
  const x = axisFor(points.map((point) => point.k), false);
  return { points: drawn, x: { share: x.share, ticks: points.map((point) => point.k), write: (k) => points[k].name }, y };
}

/**
 * Where the name of a point stands: above it, or where there is no room at its side, on which there is more of it.
 * @param {number} x of the point
 * @param {number} y of the point
 * @param {number} length of the name
 * @param {number} width of the plot
 * @returns {{x: number, y: number, align: CanvasTextAlign, baseline: CanvasTextBaseline}}
 */
export function besides(x, y, length, width) {
  if (y > PAD.top + 22) {
    const at = Math.max(PAD.left + length / 2, Math.min(width - PAD.right - length / 2, x));
    return { x: at, y: y - 9, align: "center", baseline: "bottom" };
  }
  const right = x < width / 2;
  return { x: x + (right ? 13 : -13), y, align: right ? "left" : "right", baseline: "middle" };
}

/** @extends {SweepPlot<Picture>} */
export class TradePlot extends SweepPlot {
  /** @param {object} handlers @param {(k: number | null) => void} handlers.onHover */
  constructor(handlers) {
    super({
      "data-testid": "trade", "aria-label": "Trade-off curve.",
      onpointermove: (/** @type {PointerEvent} */ event) => this.point(event),
      onpointerdown: (/** @type {PointerEvent} */ event) => this.point(event),
      onpointerleave: () => handlers.onHover(null),
    });
    this.handlers = handlers;
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const { picture, theme } = this;
    if (!picture || !theme || !width) return;
    const context = sizedContext(this.canvas, width, height);
    const { points, x, y } = layOut(picture);
    this.canvas.dataset.points = String(points.length);
    if (!points.length) return;
    const { toX, toY } = placesOf(width, height, x, y);
    this.placed = points.map((point) => ({ k: point.k, x: toX(point.x), y: toY(point.y) }));
    const title = picture.unit ? `${picture.title} (${picture.unit})` : picture.title;
    drawGrid(context, theme, width, height, x, y, picture.scale === "names" ? "" : title);
    if (picture.scale !== "names") this.drawLine(context, theme, points, toX, toY);
    for (const point of points) {
      const on = point.k === this.on;
      context.beginPath();
      context.arc(toX(point.x), toY(point.y), on ? 1.7 * RADIUS : RADIUS, 0, 7);
      context.fillStyle = point.colour;
      context.fill();
      context.strokeStyle = on ? theme.text : theme.background;
      context.lineWidth = on ? 2 : 1;
      context.stroke();
    }
    this.drawNames(context, theme, width, points, toX, toY);
  }

  /** @param {CanvasRenderingContext2D} context @param {import("../base/palette.js").Theme} theme @param {any[]} points @param {(x: number) => number} toX @param {(y: number) => number} toY */
  drawLine(context, theme, points, toX, toY) {
    context.strokeStyle = theme.faint;
    context.lineWidth = 1.5;
    context.beginPath();
    points.forEach((point, i) => (i ? context.lineTo(toX(point.x), toY(point.y)) : context.moveTo(toX(point.x), toY(point.y))));
    context.stroke();
  }

  /** The ends of the curve have their names, and the point that is pointed at. @param {CanvasRenderingContext2D} context @param {import("../base/palette.js").Theme} theme @param {number} width @param {any[]} points @param {(x: number) => number} toX @param {(y: number) => number} toY */
  drawNames(context, theme, width, points, toX, toY) {
    context.font = "600 12px sans-serif";
    context.lineWidth = 3.5;
    context.lineJoin = "round";
    const chosen = points.find((point) => point.k === this.on);
    const ends = this.picture?.scale === "names" ? [] : [points[0], points[points.length - 1]];
    for (const point of chosen ? [chosen] : ends) {
      const { x, y, align, baseline } = besides(toX(point.x), toY(point.y), context.measureText(point.name).width, width);
      context.textAlign = align;
      context.textBaseline = baseline;
      context.strokeStyle = theme.panel;
      context.strokeText(point.name, x, y);
      context.fillStyle = theme.text;
      context.fillText(point.name, x, y);
    }
  }

  /** @param {PointerEvent} event */
  point(event) {
    let found = null;
    let least = REACH;
    for (const { k, x, y } of this.placed ?? []) {
      const distance = Math.hypot(x - event.offsetX, y - event.offsetY);
      if (distance < least) [least, found] = [distance, k];
    }
    this.handlers.onHover(found);
  }
}

/** A cell in words. @param {Picture} picture @param {number} k @returns {string} */
export function sayPoint({ points, title, unit, traded }, k) {
  const point = points[k];
  if (!point || point.y === null) return "";
  const paid = traded && point.x !== null ? `, ${title} ${format(point.x)}${unit && ` ${unit}`}` : "";
  return `${point.name}: error ${format(point.y)}${paid}`;
}
