/** The layouts of the map: raw axes made here, projections made by the server and remembered. */
import { positions } from "../map/placing.js";
import { Cancelled } from "../wire/questions.js";

/** @typedef {import("./space.js").Layout} Layout @typedef {import("./space.js").LatentSpace} LatentSpace */
/** @typedef {{trustworthiness: number, continuity: number, k: number, count: number}} Score */

/** Projections that are remembered. */
const KEPT = 12;

/**
 * The raw axes: the examples at some units of their codes; a code of one unit gets a row for each label.
 * @param {LatentSpace} space
 * @param {number[]} units
 * @returns {Layout}
 */
export function axesLayout(space, units) {
  const { codes, units: width, count, labels, stamp } = space.ready();
  const common = { method: /** @type {const} */ ("axes"), projection: null, components: null, mean: null, stamp };
  if (units.length === 3) {
    const points = new Float32Array(3 * count);
    for (let i = 0; i < count; i++) units.forEach((unit, k) => (points[3 * i + k] = codes[i * width + unit]));
    return { ...common, dimensions: 3, points, axisNames: units.map((unit) => `unit ${unit + 1}`), units };
  }
  const [x, y] = units;
  const points = positions({ data: codes, shape: [count, width] }, [x, y ?? x], labels);
  return { ...common, dimensions: 2, points, axisNames: [`unit ${x + 1}`, y === undefined ? "one row for each label" : `unit ${y + 1}`], units };
}

/** Said in place of a score, which would be 100 % of nothing. */
export const WHOLE = "the whole code: nothing is projected away";

/** Whether a layout along straight axes shows all that there is of the codes. @param {LatentSpace} space @param {number} dimensions */
export function isWhole(space, dimensions) {
  return dimensions >= space.ready().units;
}

export class Layouts {
  /** @param {LatentSpace} space */
  constructor(space) {
    this.space = space;
    /** @type {Map<string, {layout: Layout, score: Score, explained: number[] | null}>} */
    this.made = new Map();
    /** @type {import("../wire/questions.js").Question | null} */
    this.question = null;
  }

  /**
   * A projection with its score; only the last one asked for is made.
   * @param {import("./space.js").Projection} projection
   * @param {import("../wire/questions.js").OnProgress} onProgress
   */
  async project(projection, onProgress) {
    this.cancel();
    const key = JSON.stringify([projection, this.space.stamp]);
    const known = this.made.get(key);
    if (known) return known;
    const question = this.space.ask("project", { projection }, onProgress);
    this.question = question;
    try {
      const { meta, arrays } = await question.answer;
      const { method, dimensions } = projection;
      const explained = arrays.explained ? Array.from(arrays.explained.data) : null;
      const axisNames = explained && explained.map((share, k) => `PC ${k + 1} (${Math.round(100 * share)} % of the variance)`);
      /** @type {Layout} */
      const layout = {
        method, dimensions, projection, units: [], axisNames, stamp: meta.stamp,
        points: /** @type {Float32Array} */ (arrays.points.data),
        components: /** @type {Float32Array | null} */ (arrays.components?.data ?? null),
        mean: /** @type {Float32Array | null} */ (arrays.mean?.data ?? null),
      };
      const found = { layout, score: meta.score, explained };
      this.made.set(JSON.stringify([projection, meta.stamp]), found);
      if (this.made.size > KEPT) this.made.delete(/** @type {string} */ (this.made.keys().next().value));
      return found;
    } finally {
      if (this.question === question) this.question = null;
    }
  }

  /** The score of raw axes. @param {number[]} units @returns {Promise<Score>} */
  async score(units) {
    const { meta } = await this.space.ask("score", { axes: units }).answer;
    return meta.score;
  }

  /** Nobody waits for it any more. */
  cancel() {
    this.question?.cancel();
    this.question = null;
  }
}

/** @param {unknown} error @returns {boolean} */
export function wasCancelled(error) {
  return error instanceof Cancelled;
}
