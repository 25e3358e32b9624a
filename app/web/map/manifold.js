/** What the decoder makes of the plane: a picture for each cell of a grid, decoded little by little beneath the points. */

/** @typedef {import("./view.js").Box} Box */
/** @typedef {import("./view.js").Size} Size */
/** @typedef {{level: [number, number], column: number, row: number}} Cell */

/** Pixels of a cell's side, as nearly as powers of two allow. */
const SIDE = 44;
/** Pictures that are kept. */
const KEPT = 4096;
/** Milliseconds of decoding in one frame. */
const SLICE = 6;

/**
 * Sides of cells as powers of two in data units: the width is the whole power that comes nearest to `SIDE` pixels, and
 * the height the power in quarters that makes the cell most nearly square on the screen.
 * @param {Box} box
 * @param {Size} size
 * @returns {[number, number]}
 */
export function levelOf({ low, high }, { width, height }) {
  const unit = [(high[0] - low[0]) / width, (high[1] - low[1]) / height];
  const across = Math.round(Math.log2(SIDE * unit[0]));
  return [across, across + Math.round(4 * Math.log2(unit[1] / unit[0])) / 4];
}

/**
 * The cells of a level that a view shows, those nearest to its middle first.
 * @param {Box} box
 * @param {[number, number]} level
 * @returns {Cell[]}
 */
export function cellsOf({ low, high }, level) {
  const side = level.map((k) => 2 ** k);
  const first = low.map((value, k) => Math.floor(value / side[k]));
  const last = high.map((value, k) => Math.ceil(value / side[k]) - 1);
  const middle = [0, 1].map((k) => (low[k] + high[k]) / 2 / side[k] - 0.5);
  /** @type {Cell[]} */
  const cells = [];
  for (let row = first[1]; row <= last[1]; row++) {
    for (let column = first[0]; column <= last[0]; column++) cells.push({ level, column, row });
  }
  const distance = (/** @type {Cell} */ c) => (c.column - middle[0]) ** 2 + (c.row - middle[1]) ** 2;
  return cells.sort((a, b) => distance(a) - distance(b));
}

/** The box of data that a cell covers. @param {Cell} cell @returns {Box} */
export function boxOf({ level, column, row }) {
  const [w, h] = [2 ** level[0], 2 ** level[1]];
  return { low: [column * w, row * h], high: [(column + 1) * w, (row + 1) * h] };
}

/** @param {Cell} cell */
function keyOf({ level, column, row }) {
  return `${level[0]} ${level[1]} ${column} ${row}`;
}

/** @template Picture */
export class Manifold {
  /**
   * @param {(x: number, y: number) => Picture} pictureAt decodes the middle of a cell
   * @param {() => number} [now] milliseconds
   */
  constructor(pictureAt, now = () => performance.now()) {
    this.pictureAt = pictureAt;
    this.now = now;
    /** @type {Map<string, Picture>} those used last at the end */
    this.pictures = new Map();
    /** @type {[number, number] | null} the last level of which all cells in view were there */
    this.whole = null;
  }

  /** @param {Cell} cell @returns {Picture | undefined} */
  get(cell) {
    const key = keyOf(cell);
    const picture = this.pictures.get(key);
    if (picture !== undefined) {
      this.pictures.delete(key);
      this.pictures.set(key, picture);
    }
    return picture;
  }

  /**
   * Decode for one slice of time, at least one cell, and tell what can be drawn: cells of the last whole level beneath
   * those of the level that the view needs.
   * @param {Box} box
   * @param {Size} size
   * @returns {{drawn: {cell: Cell, picture: Picture}[], done: boolean}}
   */
  cells(box, size) {
    const level = levelOf(box, size);
    const needed = cellsOf(box, level);
    const end = this.now() + SLICE;
    let done = true;
    let fresh = 0;
    /** @type {{cell: Cell, picture: Picture}[]} */
    const drawn = [];
    for (const cell of needed) {
      let picture = this.get(cell);
      if (picture === undefined && (!fresh || this.now() < end)) {
        const { low, high } = boxOf(cell);
        picture = this.pictureAt((low[0] + high[0]) / 2, (low[1] + high[1]) / 2);
        this.pictures.set(keyOf(cell), picture);
        fresh++;
      }
      if (picture === undefined) done = false;
      else drawn.push({ cell, picture });
    }
    const beneath = done ? [] : this.stale(box, level);
    if (done) this.whole = level;
    for (const key of this.pictures.keys()) {
      if (this.pictures.size <= Math.max(KEPT, needed.length)) break;
      this.pictures.delete(key);
    }
    return { drawn: [...beneath, ...drawn], done };
  }

  /** Cells of the last whole level that are still kept. @param {Box} box @param {[number, number]} level the one in need */
  stale(box, level) {
    if (!this.whole || (this.whole[0] === level[0] && this.whole[1] === level[1])) return [];
    // Zooming out far, the old cells would be countless and tiny.
    if (level[0] - this.whole[0] + level[1] - this.whole[1] > 4) return [];
    return cellsOf(box, this.whole).flatMap((cell) => {
      const picture = this.get(cell);
      return picture === undefined ? [] : [{ cell, picture }];
    });
  }
}
