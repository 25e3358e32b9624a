/** A loss of all cells over the steps. */
import { element, sizedContext } from "../base/dom.js";
import { pressed } from "../base/pressing.js";
import { axisFor, clipped, drawGrid, drawMoment, placesOf, shareUnder, stepAxis } from "../run/plot.js";
import { SweepPlot } from "./sweepplot.js";

/** @typedef {import("./sweepframe.js").Figure} Figure */

/** What can be chosen. @type {Record<Figure, string>} */
const FIGURES = { loss: "held-out loss", squared_error: "held-out squared error", train: "training loss" };
const THIN = 1.4;

/**
 * @typedef {object} Picture
 * @property {{k: number, colour: string, places: [number, number][]}[]} lines step and value
 * @property {number} last step
 * @property {number} at the step on show
 */

/** @extends {SweepPlot<Picture>} */
export class LossPlot extends SweepPlot {
  /**
   * @param {object} handlers
   * @param {(step: number) => void} handlers.onSeek
   * @param {() => void} handlers.onChoose another figure
   */
  constructor(handlers) {
    super({
      "data-testid": "losses",
      "aria-label": "Loss of every cell by step. Click to move the time machine there.",
      ...pressed((event) => this.seek(event)),
    });
    this.handlers = handlers;
    this.choice = element("select", { "aria-label": "Which loss", onchange: () => handlers.onChoose() },
      ...Object.entries(FIGURES).map(([value, text]) => element("option", { value, text })));
  }

  /** @returns {Figure} */
  get figure() {
    return /** @type {Figure} */ (this.choice.value);
  }

  /** @param {PointerEvent} event */
  seek(event) {
    if (this.picture) this.handlers.onSeek(shareUnder(event) * this.picture.last);
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const { picture, theme } = this;
    if (!picture || !theme || !width) return;
    const context = sizedContext(this.canvas, width, height);
    const [x, y] = [stepAxis(picture.last), axisFor(picture.lines.flatMap((line) => line.places.map(([, value]) => value)))];
    const { toX, toY } = placesOf(width, height, x, y);
    drawGrid(context, theme, width, height, x, y, "step");
    context.lineJoin = "round";
    clipped(context, width, height, () => {
      for (const { k, colour, places } of picture.lines) {
        context.globalAlpha = this.on === null || this.on === k ? 1 : 0.25;
        context.lineWidth = this.on === k ? 2 * THIN : THIN;
        context.strokeStyle = colour;
        context.beginPath();
        places.forEach(([step, value], i) => (i ? context.lineTo(toX(step), toY(value)) : context.moveTo(toX(step), toY(value))));
        context.stroke();
      }
    });
    context.globalAlpha = 1;
    drawMoment(context, height, toX(picture.at), theme.text);
  }
}
