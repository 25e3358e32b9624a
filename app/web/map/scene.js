/** Points of a layout in the plane of the view: as they are, or from space by a rotation; gliding, order, neighbours. */
import { extent } from "./placing.js";
import { PointGrid } from "./neighbours.js";
import { paintOrder } from "./order.js";
import { backToFront, ballAround, firstRotation, project, turned } from "./orbit.js";
import { equalScaled, pixelMap } from "./view.js";

/**
 * @typedef {import("./view.js").Box} Box
 * @typedef {import("./view.js").Size} Size
 *
 * @typedef {object} Layout
 * @property {Float32Array} points x and y, or x, y and z, in turn
 * @property {2 | 3} dimensions
 * @property {Uint32Array} colours a packed colour for each point (see colour.js)
 * @property {Uint8Array | null} [dimmed] 1 for each point that fades into the background
 * @property {string[] | null} [axisNames] no lines and numbers without them
 * @property {Box | null} [box] the view of a plane while the user has not chosen one; around all points by default
 * @property {boolean} [rows] whether the vertical axis of a plane has a row for each label: then it has no lines and numbers
 * @property {boolean} [equal] whether both axes of a plane have the same scale; in space they have
 * @property {import("./annotations.js").Name[]} [names] of classes
 * @property {import("./rings.js").Ring[]} [rings] of a plane, beneath the points
 */

/** Levels of nearness in space, each with its own size and opacity. */
export const LEVELS = 12;
/**
 * How points glide to their places.
 * @typedef {object} Glide
 * @property {number} lasts milliseconds
 * @property {(share: number) => number} rest the part of the way that is left after a share of the time
 */

/** To a new layout: quickly, and gently in the end. @type {Glide} */
const ARRIVING = { lasts: 280, rest: (share) => (1 - share) ** 3 };
/** To the next of many frames: at one pace, as they follow each other. @param {number} lasts @returns {Glide} */
export function steadyGlide(lasts) {
  return { lasts, rest: (share) => 1 - share };
}
/** More points than this do not glide: they jump. */
const MAX_GLIDING = 20000;
/** View of space before the user has chosen one: the ball around the points and most of the box around them. */
const SPACE = /** @type {Box} */ ({ low: [-1.2, -1.2], high: [1.2, 1.2] });
const NOTHING = /** @type {Box} */ ({ low: [-1, -1], high: [1, 1] });

export class Scene {
  /** @param {Glide} [glide] */
  constructor(glide = ARRIVING) {
    /** @type {Layout} */
    this.layout = { points: new Float32Array(0), dimensions: 2, colours: new Uint32Array(0) };
    this.count = 0;
    this.rotation = firstRotation();
    /** @type {import("./orbit.js").Ball | null} around points in space; null for a plane */
    this.ball = null;
    /** @type {Float32Array} x and y in turn: the points of a plane, or those of space as they are turned */
    this.plane = new Float32Array(0);
    this.near = new Float32Array(0);
    /** Which stamp each point in space has: its nearness, the second half of the numbers dimmed. */
    this.kinds = new Uint8Array(0);
    /** @type {Uint32Array} in which the points are painted */
    this.order = new Uint32Array(0);
    /** Where the points stand on the screen, in CSS pixels, x and y in turn. */
    this.positions = new Float32Array(0);
    this.extent = NOTHING;
    /** @type {PointGrid | null} */
    this.grid = null;
    this.turned = false;
    this.glide = glide;
    /** @type {Float32Array | null} positions from which points glide */
    this.from = null;
    /** Where the names of the layout stood when they were seen last. @type {Map<string, [number, number]>} */
    this.namesSeen = new Map();
    /** The same as the points set out from there. */
    this.namesFrom = this.namesSeen;
    /** The part of the way that points and names have still to go. */
    this.left = 0;
    this.started = 0;
    /** Whether the points have been put on the screen since there were others. */
    this.placed = false;
  }

  /**
   * @param {Layout} layout
   * @param {boolean} glide whether points glide, if there are as many as before and not too many
   * @param {number} now milliseconds
   */
  set(layout, glide, now) {
    const before = this.layout;
    const count = layout.points.length / layout.dimensions;
    const glides = glide && count === this.count && count <= MAX_GLIDING;
    // What nobody has seen is no place to come from: then they still come from where they were seen last, if anywhere.
    if (!glides) this.from = null;
    else if (this.placed) [this.from, this.namesFrom] = [this.positions.slice(), this.namesSeen];
    this.started = now;
    this.layout = layout;
    this.count = count;
    if (before.points !== layout.points || before.dimensions !== layout.dimensions) this.begin(layout, count);
    if (this.ball) this.turned = true;
    else if (before.dimmed !== layout.dimmed || !this.order.length) this.order = paintOrder(this.plane, this.extent, layout.dimmed ?? null);
  }

  /** @param {Layout} layout @param {number} count */
  begin({ points, dimensions }, count) {
    this.grid = null;
    this.placed = false;
    this.positions = new Float32Array(2 * count);
    this.order = new Uint32Array(0);
    this.ball = dimensions === 3 ? ballAround(points) : null;
    if (this.ball) {
      this.plane = new Float32Array(2 * count);
      this.near = new Float32Array(count);
      this.kinds = new Uint8Array(count);
      this.extent = SPACE;
    } else {
      this.plane = points;
      this.extent = count ? extent(points) : NOTHING;
    }
  }

  /** A view of a plane or of space in a canvas: with equal scales where it must have them. @param {Box} box @param {Size} size @returns {Box} */
  suited(box, size) {
    return this.ball || (this.layout.equal && !this.layout.rows) ? equalScaled(box, size) : box;
  }

  /** The view around all points. @param {Size} size @returns {Box} */
  fitted(size) {
    return this.suited((!this.ball && this.layout.box) || this.extent, size);
  }

  /** Turn space by a drag over pixels. @param {number} dx @param {number} dy */
  turn(dx, dy) {
    this.rotation = turned(this.rotation, dx, dy);
    this.turned = true;
  }

  /** As it was before anyone turned it. */
  turnBack() {
    this.rotation = firstRotation();
    this.turned = true;
  }

  /** In space, the plane of the view follows the rotation. */
  project() {
    if (!this.turned || !this.ball) return;
    this.turned = false;
    this.grid = null;
    project(this.layout.points, this.ball, this.rotation, this.plane, this.near);
    this.order = backToFront(this.near, LEVELS, this.kinds);
    const { dimmed } = this.layout;
    if (!dimmed) return;
    for (let i = 0; i < this.count; i++) if (dimmed[i]) this.kinds[i] += LEVELS;
  }

  /**
   * Put the points on the screen, on their way or arrived.
   * @param {Box} box
   * @param {Size} size
   * @param {number} now milliseconds
   */
  place(box, size, now) {
    this.project();
    const { ax, bx, ay, by } = pixelMap(box, size);
    const { plane, positions } = this;
    for (let i = 0; i < positions.length; i += 2) {
      positions[i] = ax * plane[i] + bx;
      positions[i + 1] = ay * plane[i + 1] + by;
    }
    this.placed = true;
    const share = (now - this.started) / this.glide.lasts;
    if (!(share < 1)) this.from = null;
    this.left = this.from ? this.glide.rest(Math.max(0, share)) : 0;
    if (!this.from) return;
    for (let i = 0; i < positions.length; i++) positions[i] += this.left * (this.from[i] - positions[i]);
  }

  /**
   * The names of the layout, on their way like the points or arrived.
   * @param {Box} box
   * @param {Size} size
   * @returns {import("./annotations.js").Name[]} x and y in pixels
   */
  names(box, size) {
    const toPixels = this.toPixels(box, size);
    const placed = (this.layout.names ?? []).map(({ text, x, y, z = 0 }) => {
      const there = toPixels([x, y, z]);
      const from = this.left ? this.namesFrom.get(text) : undefined;
      const [px, py] = from ? from.map((value, k) => there[k] + this.left * (value - there[k])) : there;
      return { text, x: px, y: py };
    });
    this.namesSeen = new Map(placed.map(({ text, x, y }) => [text, [x, y]]));
    return placed;
  }

  /** Coordinates of the layout, in turn, to x and y on the screen. @param {Box} box @param {Size} size @returns {import("./annotations.js").ToPixels} */
  toPixels(box, size) {
    const { ax, bx, ay, by } = pixelMap(box, size);
    return (coordinates) => {
      let plane = coordinates;
      if (this.ball) {
        const count = Math.floor(coordinates.length / 3);
        plane = new Float32Array(2 * count);
        project(Float32Array.from(coordinates), this.ball, this.rotation, /** @type {Float32Array} */ (plane), new Float32Array(count));
      }
      return Float32Array.from({ length: plane.length & ~1 }, (_, i) => (i & 1 ? ay * plane[i] + by : ax * plane[i] + bx));
    };
  }

  /** The grid that finds neighbours, made when it is first needed. @returns {PointGrid} */
  get neighbours() {
    this.project();
    this.grid ??= new PointGrid(this.plane);
    return this.grid;
  }
}
