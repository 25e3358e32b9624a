/** Pictures of examples as canvases, for the map to draw: made when they are first drawn, those used last are kept. */
import { paint } from "../base/picture.js";

/** Canvases that are kept. */
const KEPT = 1000;

export class Stickers {
  /** @param {import("./space.js").LatentSpace} space */
  constructor(space) {
    this.space = space;
    /** @type {Map<number, HTMLCanvasElement>} */
    this.made = new Map();
  }

  /** @param {number} index @returns {HTMLCanvasElement | null} null while the picture is on its way */
  of(index) {
    const known = this.made.get(index);
    if (known) return known;
    const { pictures, look } = this.space.ready();
    const bytes = pictures.of(index);
    if (!bytes) return null;
    const canvas = document.createElement("canvas");
    paint(canvas, bytes, look);
    this.made.set(index, canvas);
    if (this.made.size > KEPT) this.made.delete(/** @type {number} */ (this.made.keys().next().value));
    return canvas;
  }
}
