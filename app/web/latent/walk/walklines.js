/** The walks on the map: lines from A to B, marks that move along them, and whatever else the panel draws there. */
import { wasCancelled } from "../../space/layouts.js";
import { polyline, sampled } from "../../space/paths.js";
import { coordinates, placeOfExample, route, STATIONS } from "../../space/routes.js";
import { plainColour } from "./walkrow.js";

/** Owner of the drawing on the map. */
const OWNER = "walk";
const ONE_UNIT = "A code of one unit has no place of its own on this map, which has a row for each label: the walks are not drawn.";
const UNKNOWN = "This map has no place for codes between the examples: the walks are not drawn.";

/** @typedef {import("../../map/annotations.js").Line} Line @typedef {import("../../map/annotations.js").Mark} Mark */

export class WalkLines {
  /**
   * @param {import("../../space/space.js").LatentSpace} space
   * @param {import("../../space/mapview.js").MapView} map
   * @param {object} shown
   * @param {import("./walkrow.js").WalkRow[]} shown.rows
   * @param {import("./walkend.js").WalkEnd[]} shown.ends
   * @param {() => Line[]} shown.more other lines
   * @param {(text: string) => void} shown.say why there are no lines
   */
  constructor(space, map, { rows, ends, more, say }) {
    this.space = space;
    this.map = map;
    this.rows = rows;
    this.ends = ends;
    this.more = more;
    this.say = say;
    this.t = 0;
    /** Coordinates in turn, by the name of the way. @type {Map<string, Float32Array>} */
    this.routes = new Map();
    /** @type {Line[]} */
    this.lines = [];
  }

  /** The walks or the map are others. */
  async lay() {
    const { layout } = this.space;
    if (!layout) return;
    this.question?.cancel();
    this.question = undefined;
    const walks = this.rows.flatMap(({ way, walk }) => (walk?.path ? [{ name: way.name, path: walk.path }] : []));
    this.routes = new Map();
    for (const { name, path } of walks) {
      const found = route(layout, path);
      if (found) this.routes.set(name, found);
    }
    this.say(this.routes.size ? "" : layout.projection ? UNKNOWN : ONE_UNIT);
    this.draw();
    if (layout.method === "umap" && !this.routes.size) await this.place(layout, walks);
  }

  /** Ask where the codes fall on a map that only the server knows. @param {import("../../space/space.js").Layout} layout @param {{name: string, path: import("../../space/paths.js").Path}[]} walks */
  async place(layout, walks) {
    this.say("Looking for the places of the walks on this map …");
    const codes = walks.flatMap(({ path }) => sampled(path, STATIONS).map((code) => Array.from(code)));
    const question = this.space.ask("place", { projection: layout.projection, codes });
    this.question = question;
    try {
      const { arrays } = await question.answer;
      const points = /** @type {Float32Array} */ (arrays.points.data);
      const length = STATIONS * layout.dimensions;
      walks.forEach(({ name }, k) => this.routes.set(name, points.slice(k * length, (k + 1) * length)));
      this.say("");
      this.draw();
    } catch (error) {
      if (!wasCancelled(error)) this.say(/** @type {Error} */ (error).message);
    }
  }

  /** Draw everything anew. */
  draw() {
    const fits = (/** @type {Float32Array} */ points) => points.length === STATIONS * (this.space.layout?.dimensions ?? 0);
    this.lines = [
      ...this.more(),
      ...this.rows.flatMap(({ way }) => {
        const points = this.routes.get(way.name);
        return points && fits(points) ? [{ points, colour: plainColour(way, this.map.theme), width: 3, dash: way.dash }] : [];
      }),
    ];
    this.go(this.t);
  }

  /** The marks move there. @param {number} t */
  go(t) {
    this.t = t;
    const { layout } = this.space;
    if (!layout) return;
    const moving = this.rows.flatMap(({ way }) => {
      const points = this.routes.get(way.name);
      return points ? [mark(Array.from(polyline(points, layout.dimensions)(t)), plainColour(way, this.map.theme))] : [];
    });
    this.map.draw(OWNER, { lines: this.lines, marks: [...moving, ...this.endMarks(layout)] });
  }

  /** @param {import("../../space/space.js").Layout} layout @returns {Mark[]} */
  endMarks(layout) {
    return this.ends.flatMap(({ letter, end, code }) => {
      const place = end.kind === "example" ? placeOfExample(layout, end.index) : code && (coordinates(layout, code) ?? this.placed(letter, layout));
      return place ? [{ ...mark(place, this.map.theme?.text ?? "#888888"), label: letter }] : [];
    });
  }

  /** Where the server put an end. @param {string} letter @param {import("../../space/space.js").Layout} layout @returns {number[] | null} */
  placed(letter, { dimensions }) {
    const points = this.routes.get("linear");
    return points ? Array.from(letter === "A" ? points.slice(0, dimensions) : points.slice(-dimensions)) : null;
  }

  clear() {
    this.question?.cancel();
    this.map.draw(OWNER, {});
  }
}

/** @param {number[]} place @param {string} colour @returns {Mark} */
function mark([x, y, z], colour) {
  return { x, y, z, shape: "dot", colour };
}
