/** Pictures in place of points, where one has zoomed in so far that few of them are in view. */

/** Pictures appear when at most this many points are in view, and go when there are more than the second number. */
const FEW = 400;
const TOO_MANY = 520;
/** Sides of a picture, in pixels, by how many points are in view. */
const SIDES = [{ most: 30, side: 62 }, { most: 110, side: 44 }, { most: Infinity, side: 30 }];
/** Pixels between pictures. */
const GAP = 4;
/** Width of the frame in the point's colour. */
const FRAME = 2;

/**
 * Which points show a picture so that no two pictures overlap: those shown before keep their place, then in the order
 * of their indices.
 * @param {ArrayLike<number>} candidates indices
 * @param {Float32Array} positions x and y in turn, pixels
 * @param {number} cell no two chosen points are nearer than this along both axes
 * @param {Set<number>} before
 * @returns {number[]}
 */
export function choose(candidates, positions, cell, before) {
  /** @type {Map<string, number[]>} */
  const taken = new Map();
  const free = (/** @type {number} */ i) => {
    const [x, y] = [positions[2 * i], positions[2 * i + 1]];
    const [column, row] = [Math.floor(x / cell), Math.floor(y / cell)];
    for (let r = row - 1; r <= row + 1; r++) {
      for (let c = column - 1; c <= column + 1; c++) {
        const hit = taken.get(`${c} ${r}`)?.some((j) => Math.abs(positions[2 * j] - x) < cell && Math.abs(positions[2 * j + 1] - y) < cell);
        if (hit) return false;
      }
    }
    const key = `${column} ${row}`;
    taken.set(key, [...(taken.get(key) ?? []), i]);
    return true;
  };
  const order = Array.from(candidates).sort((a, b) => Number(before.has(b)) - Number(before.has(a)) || a - b);
  return order.filter(free);
}

export class Thumbnails {
  /**
   * @param {(index: number) => HTMLCanvasElement | null} pictureOf null while there is none; it is asked again
   * @param {(indices: number[]) => void} onWanted the points whose pictures are missing, when these change
   */
  constructor(pictureOf, onWanted = () => {}) {
    this.pictureOf = pictureOf;
    this.onWanted = onWanted;
    /** @type {Set<number>} */
    this.shown = new Set();
    this.on = false;
    this.scale = 0;
    this.side = SIDES[SIDES.length - 1].side;
    this.wanted = "";
  }

  /**
   * Which points show a picture now.
   * @param {number[]} candidates points in view or close to it
   * @param {number} visible how many are in view
   * @param {Float32Array} positions CSS pixels
   * @param {number} scale pixels of a unit of data; the size of pictures changes only with it
   */
  update(candidates, visible, positions, scale) {
    this.on = visible <= (this.on ? TOO_MANY : FEW);
    if (scale !== this.scale) {
      this.scale = scale;
      this.side = /** @type {{side: number}} */ (SIDES.find(({ most }) => visible <= most)).side;
    }
    this.shown = new Set(this.on ? choose(candidates, positions, this.side + GAP, this.shown) : []);
  }

  /**
   * @param {CanvasRenderingContext2D} context in CSS pixels
   * @param {Float32Array} positions CSS pixels
   * @param {import("./view.js").Size} size
   * @param {(index: number) => string} colourOf
   * @param {(index: number) => boolean} dimmed
   */
  draw(context, positions, { width, height }, colourOf, dimmed) {
    const missing = [];
    const { side } = this;
    for (const index of this.shown) {
      const [x, y] = [positions[2 * index], positions[2 * index + 1]];
      if (x < -side || y < -side || x > width + side || y > height + side) continue;
      const picture = this.pictureOf(index);
      if (!picture) {
        missing.push(index);
        continue;
      }
      const scaled = side / Math.max(picture.width, picture.height);
      const [across, down] = [Math.round(scaled * picture.width), Math.round(scaled * picture.height)];
      const [left, top] = [Math.round(x - across / 2), Math.round(y - down / 2)];
      context.globalAlpha = dimmed(index) ? 0.25 : 1;
      context.fillStyle = colourOf(index);
      context.fillRect(left - FRAME, top - FRAME, across + 2 * FRAME, down + 2 * FRAME);
      // Few large pixels stay sharp squares; many are smoothed.
      context.imageSmoothingEnabled = picture.width > side / 2;
      context.drawImage(picture, left, top, across, down);
    }
    context.globalAlpha = 1;
    context.imageSmoothingEnabled = true;
    const wanted = missing.join(" ");
    if (wanted !== this.wanted && missing.length) this.onWanted(missing);
    this.wanted = wanted;
  }
}
