/** What lies behind the points: nothing, contours of their density, the decoded plane, or the decoder's magnification. */
import { toBytes } from "../base/picture.js";
import { format } from "../base/scale.js";
import { inverted } from "./places.js";

/** Milliseconds for which the view rests before magnification is asked for again. */
const REST = 250;
/** Share of the view that a field covers beyond each border, so that little moves do not show its end. */
const BEYOND = 0.25;
/** Of the decoded plane beneath points. */
const OPACITY = 0.55;

/**
 * @typedef {"none" | "density" | "decoded" | "magnification"} Name
 * @typedef {import("./space.js").LatentSpace} LatentSpace
 * @typedef {import("../map/cloud.js").PointCloud} PointCloud
 * @typedef {import("../map/view.js").Box} Box
 */

/**
 * What can be behind a layout: only a plane of codes can be decoded, only a code of two units has an area everywhere.
 * @param {import("./space.js").Layout} layout
 * @param {number} units
 * @returns {[Name, string][]}
 */
export function backgroundChoices(layout, units) {
  const plane = layout.dimensions === 2;
  const raw = layout.method === "axes" && layout.units.length === 2;
  /** @type {[Name, string][]} */
  const choices = [["none", "nothing"]];
  if (plane) choices.push(["density", "density"]);
  if (plane && (raw || layout.components)) choices.push(["decoded", "decoded plane"]);
  if (plane && raw && units === 2) choices.push(["magnification", "magnification"]);
  return choices;
}

export class Background {
  /**
   * @param {LatentSpace} space
   * @param {PointCloud} cloud
   * @param {(ends: [string, string] | null) => void} onEnds what the ends of the field's ramp mean
   */
  constructor(space, cloud, onEnds) {
    this.space = space;
    this.cloud = cloud;
    this.onEnds = onEnds;
    /** @type {Name} */
    this.name = "none";
  }

  /** @param {Name} name @param {boolean} byClass whether each colour has contours of its own */
  show(name, byClass) {
    this.name = name;
    this.cloud.setContours(name === "density" ? { byColour: byClass } : null);
    this.cloud.setManifold(name === "decoded" ? this.decoding() : null);
    if (name === "magnification") this.ask(this.cloud.box);
    else {
      this.question?.cancel();
      this.cloud.setField(null);
      this.onEnds(null);
    }
  }

  /** The decoder at each place of the plane; of raw axes the other units are at their means. @returns {import("../map/backdrop.js").Decoding} */
  decoding() {
    const { layout } = this.space;
    const { look, codes, units } = this.space.ready();
    const others = meanOf(codes, units);
    const codeAt = (/** @type {number} */ x, /** @type {number} */ y) => {
      if (layout?.components && layout.mean) return inverted(layout.components, layout.mean, [x, y]);
      const code = others.slice();
      [code[layout?.units[0] ?? 0], code[layout?.units[1] ?? 1]] = [x, y];
      return code;
    };
    return { decodeAt: (x, y) => toBytes(this.space.decode(codeAt(x, y)), look.range), look, opacity: OPACITY };
  }

  /** The view has moved. @param {Box} box */
  moved(box) {
    if (this.name !== "magnification") return;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.ask(box), REST);
  }

  close() {
    clearTimeout(this.resting);
    this.question?.cancel();
  }

  /** @param {Box} box */
  async ask({ low, high }) {
    this.question?.cancel();
    const air = [0, 1].map((k) => BEYOND * (high[k] - low[k]));
    const question = this.space.ask("magnification", {
      label: this.space.told, low: low.map((v, k) => v - air[k]), high: high.map((v, k) => v + air[k]),
    });
    this.question = question;
    try {
      const { meta, arrays } = await question.answer;
      if (this.name !== "magnification") return;
      const values = /** @type {Float32Array} */ (arrays.values.data);
      const [rows, columns] = arrays.values.shape;
      this.cloud.setField({ values, rows, columns, low: meta.low, high: meta.high });
      const finite = values.filter(Number.isFinite).sort();
      this.onEnds([power(finite[0] ?? -Infinity), power(finite[finite.length - 1] ?? -Infinity)]);
    } catch {
      // cancelled, or the connection went: the next view asks again
    }
  }
}

/** @param {number} exponent @returns {string} */
function power(exponent) {
  return format(10 ** exponent);
}

/** @param {Float32Array} codes @param {number} units @returns {Float32Array} */
export function meanOf(codes, units) {
  const sums = new Float64Array(units);
  for (let i = 0; i < codes.length; i++) sums[i % units] += codes[i];
  return Float32Array.from(sums, (sum) => sum / (codes.length / units));
}
