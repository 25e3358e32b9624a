/** Where an example of one's own falls on the map: found here on linear maps, asked for on others. */
import { element } from "../../base/dom.js";
import { Latest } from "../../wire/latest.js";
import { projected } from "../../space/places.js";

/** @typedef {import("../../space/space.js").Layout} Layout */

/** What the mark goes by on the map. */
const OWNER = "own";
const COLOUR = "#e0318c";
/** Why the server cannot place codes on the map on show. */
export const OLDER = "The model has trained on since this map was made: wait for the next one.";

/**
 * The place of a code on a layout; null where only the server can tell, or nobody.
 * @param {Layout} layout
 * @param {Float32Array} code
 * @returns {number[] | null} as many coordinates as the layout has dimensions
 */
export function placeOn({ method, units, components, mean }, code) {
  if (method === "axes") return units.length > 1 ? units.map((unit) => code[unit]) : null;
  return components && mean ? projected(components, mean, code) : null;
}

export class OwnMark {
  /** @param {import("../../space/space.js").LatentSpace} space @param {import("../../space/mapview.js").MapView} map */
  constructor(space, map) {
    this.space = space;
    this.map = map;
    this.shown = false;
    /** @type {Float32Array | null} */
    this.code = null;
    /** The layout that the mark, or the word that there is none, belongs to. @type {Layout | null} */
    this.on = null;
    this.latest = new Latest((/** @type {{layout: Layout, code: Float32Array}} */ { layout, code }) =>
      space.ask("place", { projection: layout.projection, codes: [Array.from(code)] }), {
      onAnswer: ({ meta, arrays }, { layout }) => {
        if (layout !== space.layout) return;
        if (meta.layout === layout.stamp) this.put(Array.from(arrays.points.data));
        else this.lack(OLDER);
      },
      onFailed: (text, { layout }) => layout === space.layout && this.lack(text),
    });
    this.root = element("div", { class: "hint", "data-testid": "own-place" });
  }

  /** @param {Float32Array | null} code null: there is none */
  show(code) {
    this.code = code;
    this.draw();
  }

  /** @param {boolean} shown */
  onShown(shown) {
    this.shown = shown;
    this.draw();
  }

  draw() {
    const { layout } = this.space;
    if (!this.shown || !this.code || !layout) {
      this.latest.drop();
      return this.lack("");
    }
    const place = placeOn(layout, this.code);
    if (place) {
      this.on = layout;
      return this.put(place);
    }
    if (!layout.projection) return this.lack("This map has a row for each label, and yours has none.");
    if (layout !== this.on) this.lack("Looking for its place on the map …"); // the mark of another map must go
    this.on = layout;
    this.latest.want({ layout, code: this.code });
  }

  /** It has no place. @param {string} text why */
  lack(text) {
    this.map.draw(OWNER, {});
    this.say(text);
  }

  /** @param {number[]} place */
  put([x, y, z]) {
    if (!this.shown || !this.code) return;
    this.map.draw(OWNER, { marks: [{ x, y, z, shape: "cross", colour: COLOUR, label: "yours" }] });
    this.say("On the map it is the cross named “yours”.");
  }

  /** @param {string} text */
  say(text) {
    this.root.textContent = text;
  }
}
