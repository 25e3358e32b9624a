/** The map of the space: the cloud with its colours, what is drawn on it, and what happens at a click. */
import { ringAround } from "../map/annotations.js";
import { classNames } from "../map/placing.js";
import { Background, backgroundChoices } from "./background.js";
import { PointCloud } from "../map/cloud.js";
import { colouring } from "./colouring.js";
import { codeAt, projected } from "./places.js";
import { priorBox, priorRings } from "./prior.js";
import { outside } from "./selection.js";
import { Stickers } from "./stickers.js";

/**
 * @typedef {import("./space.js").LatentSpace} LatentSpace
 * @typedef {import("./places.js").Place} Place
 * @typedef {import("../map/annotations.js").Line} Line
 * @typedef {import("../map/annotations.js").Mark} Mark
 * @typedef {(index: number, place: {x: number, y: number}) => void} OnPick
 */

/** Examples by which the places of the classes' names are found, at most. */
const MAX_NAMED = 20000;
/** Names on the map, at most. */
const MAX_NAMES = 30;

export class MapView {
  /**
   * @param {LatentSpace} space
   * @param {object} handlers
   * @param {(place: Place | null, index: number) => void} handlers.onPlace the pointer is at a place of the map, null
   *   where a place has no code (in space); the index is that of the nearest example, or −1
   * @param {(ends: [string, string] | null) => void} handlers.onField what the ends of the background's ramp mean
   */
  constructor(space, handlers) {
    this.space = space;
    this.handlers = handlers;
    this.colour = "label";
    /** Of the map, where the prior is on it. @type {import("./prior.js").Scale} */
    this.scale = "prior";
    /** What the server said of that colour, where it was asked. @type {import("../wire/wire.js").Message | null} */
    this.answer = null;
    /** What the points are coloured by now. @type {import("./colouring.js").Colouring | null} */
    this.coloured = null;
    /** @type {Map<string, {lines?: Line[], marks?: Mark[]}>} */
    this.drawings = new Map();
    /** @type {OnPick | null} */
    this.picking = null;
    this.cloud = new PointCloud({
      onHover: ({ x, y, index }) => this.hover(x, y, index),
      onClick: (index, place) => this.click(index, place),
      onSelect: (indices, mode) => space.select(indices, mode),
      onClear: () => space.select(new Uint32Array(0)),
      onView: (box) => this.background.moved(box),
    });
    this.background = new Background(space, this.cloud, handlers.onField);
    // Little pictures of rows would hide the points and say nothing: they have columns instead.
    if (space.ready().look.shape.length === 3) {
      const stickers = new Stickers(space);
      this.cloud.setThumbnails({ pictureOf: (index) => stickers.of(index) });
    }
    this.root = this.cloud.root;
    space.listen((change) => this.changed(change));
  }

  /** @param {import("./space.js").Change} change */
  changed(change) {
    if (change === "layout") this.show(true);
    else if (change === "set" || change === "point" || change === "theme") this.show(false);
    else if (change === "pictures") this.cloud.refresh();
    else if (change === "told" || change === "moved") this.setBackground(this.background.name);
  }

  /**
   * @param {string} key of a choice of `colourChoices`, or of `askedChoices`
   * @param {import("../wire/wire.js").Message | null} [answer] to the question for that choice
   */
  colourBy(key, answer = null) {
    this.colour = key;
    this.answer = answer;
    return this.show(false);
  }

  /** @param {import("./prior.js").Scale} scale */
  scaleTo(scale) {
    this.scale = scale;
    this.cloud.fit();
    this.show(false);
  }

  /**
   * Where the middle of the prior N(0, I) stands on the map. Null where it is not on it: a code without a posterior has
   * none, and only a plane that is a straight view of the code shows it as it is.
   * @returns {[number, number] | null}
   */
  get prior() {
    const { layout } = this.space;
    const { arrays, units } = this.space.ready();
    if (!arrays.kl || layout?.dimensions !== 2) return null;
    if (layout.method === "axes") return [0, 0];
    if (layout.method !== "pca" || !layout.components || !layout.mean) return null;
    const [x, y] = projected(layout.components, layout.mean, new Float32Array(units));
    return [x, y];
  }

  /** What files are to take along of the colours: how clusters were found, or the place of a column. */
  get asked() {
    const { clustering = null, column = null } = this.answer?.meta ?? {};
    return { clustering, column };
  }

  /** Whether each colour has a name and contours of its own. */
  get isNamed() {
    const { coloured } = this;
    return Boolean(coloured?.names && coloured.labels) && this.colour !== "split" && (coloured?.names?.length ?? 0) <= MAX_NAMES;
  }

  /** Show the layout of the space. @param {boolean} glide @returns {import("./colouring.js").Colouring | null} */
  show(glide) {
    const { layout, set, point } = this.space;
    if (!layout) return null;
    const { meta, arrays, count } = this.space.ready();
    const coloured = colouring(this.colour, meta, arrays, this.answer);
    this.coloured = coloured;
    const rows = layout.method === "axes" && layout.units.length === 1;
    const named = layout.dimensions === 2 && this.isNamed && !rows;
    const names = named ? classNames(layout.points.subarray(0, 2 * MAX_NAMED), Array.prototype.slice.call(coloured.labels, 0, MAX_NAMED), coloured.names ?? []) : [];
    const { prior } = this;
    this.cloud.show({
      points: layout.points, dimensions: layout.dimensions, colours: coloured.colours, axisNames: layout.axisNames, names,
      box: prior && this.scale === "prior" ? priorBox(layout.points, rows, prior) : null, rings: prior ? priorRings(prior) : [],
      dimmed: outside(set, count), equal: layout.method !== "axes" || prior !== null, rows,
    }, glide);
    this.mark("point", layout.dimensions === 2 ? ringAround(layout.points, point, this.theme) : []);
    return coloured;
  }

  /** What can be shown behind the points of the layout on show. @returns {string[][]} */
  backgrounds() {
    return this.space.layout ? backgroundChoices(this.space.layout, this.space.ready().units) : [];
  }

  /** @param {import("./background.js").Name} name */
  setBackground(name) {
    const there = this.backgrounds().some(([other]) => other === name);
    this.background.show(there ? name : "none", this.isNamed);
  }

  /** Stop drawing and asking. */
  close() {
    this.background.close();
    this.cloud.destroy();
  }

  /** @param {import("../base/palette.js").Theme} theme */
  setTheme(theme) {
    this.theme = theme;
    this.cloud.setTheme(theme);
  }

  /** Draw lines and marks in place of those that the same owner drew before. @param {string} owner @param {{lines?: Line[], marks?: Mark[]}} drawing */
  draw(owner, drawing) {
    this.drawings.set(owner, drawing);
    const all = [...this.drawings.values()];
    this.cloud.setLines(all.flatMap(({ lines }) => lines ?? []));
    this.cloud.setMarks(all.flatMap(({ marks }) => marks ?? []));
  }

  /** @param {string} owner @param {Mark[]} marks */
  mark(owner, marks) {
    this.draw(owner, { marks });
  }

  /** Where a code falls on the map; null where only the server can tell. @param {Float32Array} code @returns {[number, number] | null} */
  placeOf(code) {
    const { layout } = this.space;
    if (!layout || layout.dimensions === 3) return null;
    if (layout.method === "axes") return layout.units.length === 2 ? [code[layout.units[0]], code[layout.units[1]]] : null;
    if (!layout.components || !layout.mean) return null;
    const [x, y] = projected(layout.components, layout.mean, code);
    return [x, y];
  }

  /** The code of a place. @param {number} x @param {number} y @param {number} index of the nearest example @returns {Place | null} */
  codeAt(x, y, index) {
    const { layout } = this.space;
    if (!layout || layout.dimensions === 3 || Number.isNaN(x)) return null;
    const { codes, units } = this.space.ready();
    return codeAt(layout, codes, units, x, y, index);
  }

  /** Clicks go to whoever picks, until null. @param {OnPick | null} picking */
  pick(picking) {
    this.picking = picking;
  }

  /** @param {number} x @param {number} y @param {number} index */
  hover(x, y, index) {
    this.handlers.onPlace(this.codeAt(x, y, index), index);
  }

  /** @param {number} index @param {{x: number, y: number}} place */
  click(index, place) {
    if (this.picking) this.picking(index, place);
    else if (index >= 0) this.space.choose(index);
  }
}
