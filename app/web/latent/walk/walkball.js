/** Geodesic balls: lines of equal distance from one end under the decoder's metric, on codes of two units. */
import { element } from "../../base/dom.js";
import { format } from "../../base/scale.js";
import { fieldLines } from "../../map/isolines.js";
import { wasCancelled } from "../../space/layouts.js";
import { coordinates } from "../../space/routes.js";

/** Lines around the centre. */
const LINES = 4;
/** Share of the places in view that lie within the last of them, about. */
const WITHIN = 0.6;
/** Air around view and centre, as a share of their extent. */
const AIR = 0.05;

/** @typedef {import("../../map/annotations.js").Line} Line */

/**
 * A rectangle of codes that covers places and a centre.
 * @param {ArrayLike<number>[]} codes of two units
 * @returns {{low: [number, number], high: [number, number]}}
 */
export function around(codes) {
  const [low, high] = [Math.min, Math.max].map((extreme) => [0, 1].map((k) => extreme(...codes.map((code) => code[k]))));
  const air = [0, 1].map((k) => AIR * (high[k] - low[k]) || AIR);
  return { low: [low[0] - air[0], low[1] - air[1]], high: [high[0] + air[0], high[1] + air[1]] };
}

/** A round step, 1, 2 or 5 times a power of ten, so that `LINES` of them lie within most of the field. @param {Float32Array} values */
export function ballStep(values) {
  const sorted = values.filter(Number.isFinite).sort();
  const rough = sorted[Math.floor(WITHIN * (sorted.length - 1))] / LINES;
  if (!(rough > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(rough));
  return Number(([5, 2, 1].find((m) => m * power <= rough) ?? 1) * power);
}

export class WalkBall {
  /** @param {import("../../space/space.js").LatentSpace} space @param {import("../../space/mapview.js").MapView} map @param {() => void} onLines there are other lines */
  constructor(space, map, onLines) {
    this.space = space;
    this.map = map;
    this.onLines = onLines;
    /** @type {import("../../map/isolines.js").Field | null} */
    this.field = null;
    this.check = element("input", { type: "checkbox", "data-testid": "walk-ball", onchange: () => this.ask() });
    this.note = element("span", { class: "hint", role: "status", "data-testid": "walk-ball-note" });
    this.root = element("div", { class: "walk-ball" },
      element("label", { class: "walk-check" }, this.check, element("span", { text: "Geodesic ball around A" })), this.note);
    this.root.hidden = space.ready().units !== 2;
    /** @type {Float32Array | null} */
    this.centre = null;
  }

  /** Another centre, or another decoder. @param {Float32Array | null} centre */
  move(centre) {
    this.centre = centre;
    this.ask();
  }

  /** Measure what is in view. */
  async ask() {
    this.question?.cancel();
    this.question = undefined;
    const { centre, map, space } = this;
    if (!this.check.checked || !centre) return this.take(null, "");
    const { low, high } = map.cloud.box;
    const corners = [[low[0], low[1]], [low[0], high[1]], [high[0], low[1]], high].map(([x, y]) => map.codeAt(x, y, -1)?.code);
    if (corners.some((code) => !code)) return this.take(null, "It is drawn on maps in the plane: choose code axes or PCA in 2-D.");
    this.note.textContent = "measuring …";
    const question = space.ask("ball", { centre: Array.from(centre), label: space.told, ...around([.../** @type {Float32Array[]} */ (corners), centre]) });
    this.question = question;
    try {
      const { meta, arrays } = await question.answer;
      const [rows, columns] = arrays.values.shape;
      const values = /** @type {Float32Array} */ (arrays.values.data);
      const step = ballStep(values);
      this.step = step;
      this.take({ values, rows, columns, low: meta.low, high: meta.high },
        step ? `Lines every ${format(step)} of decoded length from A: where they are close, pictures change fast.` : "The decoder makes the same picture everywhere in view.");
    } catch (error) {
      if (!wasCancelled(error)) this.take(null, /** @type {Error} */ (error).message);
    }
  }

  /** @param {import("../../map/isolines.js").Field | null} field @param {string} text */
  take(field, text) {
    const there = this.field !== null;
    this.field = field;
    this.note.textContent = text;
    if (field || there) this.onLines();
  }

  /** What to draw on the map. @param {string} colour @returns {Line[]} */
  lines(colour) {
    const { field, step } = this;
    const { layout } = this.space;
    if (!field || !step || !layout || layout.dimensions === 3 || !coordinates(layout, new Float32Array(2))) return [];
    const levels = Array.from({ length: LINES }, (_, k) => (k + 1) * step);
    return levels.flatMap((level) => fieldLines(field, level)).map(({ points, closed }) => {
      const placed = new Float32Array(points.length);
      for (let i = 0; i < points.length; i += 2) placed.set(/** @type {number[]} */ (coordinates(layout, points.subarray(i, i + 2))), i);
      return { points: placed, closed, colour, width: 1.5, opacity: 0.9 };
    });
  }
}
