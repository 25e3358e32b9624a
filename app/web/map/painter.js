/** Paints the points of a scene into a canvas, as sprites. */
import { LEVELS } from "./scene.js";
import { paintPoints, radiusOf, StampBook } from "./sprites.js";
import { closeness } from "./view.js";

/** Opacity of points, and of those that fade into the background. */
export const OPACITY = 0.85;
export const DIMMED = 0.13;

export class Painter {
  /** @param {HTMLCanvasElement} canvas @param {{radius?: number, opacity?: number}} [look] the radius is in CSS pixels; by default it depends on how many points are how close */
  constructor(canvas, { radius, opacity = OPACITY } = {}) {
    this.canvas = canvas;
    this.radius = radius;
    this.opacity = opacity;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    this.stamps = new StampBook();
    /** @type {ImageData | null} */
    this.image = null;
    this.pixels = new Uint32Array(0);
  }

  /**
   * Paint the points where they stand. Afterwards the context draws in CSS pixels.
   * @param {import("./scene.js").Scene} scene
   * @param {import("./view.js").Box} box
   * @param {import("./view.js").Size} size
   * @param {number} ratio pixels of the screen for each CSS pixel
   */
  paint(scene, box, size, ratio) {
    const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
    if (this.image?.width !== width || this.image.height !== height) {
      [this.canvas.width, this.canvas.height] = [width, height];
      this.image = this.context.createImageData(width, height);
      this.pixels = new Uint32Array(this.image.data.buffer);
    }
    this.pixels.fill(0);
    const radius = ratio * (this.radius ?? radiusOf(scene.count, closeness(box, scene.fitted(size))));
    const { layout, order, positions } = scene;
    const stamps = scene.ball ? this.spaceStamps(radius, width) : [this.opacity, DIMMED].map((opacity) => this.stamps.get(radius, opacity, width));
    const kinds = scene.ball ? scene.kinds : (layout.dimmed ?? null);
    paintPoints({ pixels: this.pixels, width, height }, positions, ratio, layout.colours, stamps, kinds, order);
    this.context.putImageData(this.image, 0, 0);
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  /** Further back: smaller and fainter; the second half is for dimmed points. @param {number} radius @param {number} width */
  spaceStamps(radius, width) {
    return Array.from({ length: 2 * LEVELS }, (_, k) => {
      const share = (k % LEVELS) / (LEVELS - 1);
      const opacity = (0.3 + 0.65 * share) * (k < LEVELS ? 1 : DIMMED / OPACITY);
      return this.stamps.get(radius * (0.7 + 0.6 * share), opacity, width);
    });
  }
}
