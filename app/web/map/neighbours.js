/** A uniform grid over points in the plane, that finds the nearest one in a fraction of a millisecond. Pure. */

/** Points per cell, if they were spread evenly. */
const PER_CELL = 2;
/** Cells along a side, at most. */
const MAX_SIDE = 256;

export class PointGrid {
  /** @param {Float32Array} points x and y in turn; those at NaN are never found */
  constructor(points) {
    this.points = points;
    const count = points.length / 2;
    const side = Math.max(1, Math.min(MAX_SIDE, Math.round(Math.sqrt(count / PER_CELL))));
    this.side = side;
    const low = [Infinity, Infinity];
    const high = [-Infinity, -Infinity];
    for (let i = 0; i < 2 * count; i++) {
      const k = i & 1;
      if (points[i] < low[k]) low[k] = points[i];
      if (points[i] > high[k]) high[k] = points[i];
    }
    this.low = low;
    /** Sides of a cell; 1 where all points share a coordinate. */
    this.cell = [0, 1].map((k) => (high[k] - low[k]) / side || 1);
    /** Points of the cell c are members[starts[c]] … members[starts[c + 1] − 1]. */
    this.starts = new Uint32Array(side * side + 1);
    const cells = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const [x, y] = [points[2 * i], points[2 * i + 1]];
      cells[i] = Number.isNaN(x) || Number.isNaN(y) ? -1 : this.row(y) * side + this.column(x);
      if (cells[i] >= 0) this.starts[cells[i] + 1]++;
    }
    for (let c = 0; c < side * side; c++) this.starts[c + 1] += this.starts[c];
    this.members = new Uint32Array(this.starts[side * side]);
    const next = this.starts.slice();
    for (let i = 0; i < count; i++) if (cells[i] >= 0) this.members[next[cells[i]]++] = i;
  }

  /** @param {number} x @returns {number} */
  column(x) {
    return Math.max(0, Math.min(this.side - 1, Math.floor((x - this.low[0]) / this.cell[0])));
  }

  /** @param {number} y @returns {number} */
  row(y) {
    return Math.max(0, Math.min(this.side - 1, Math.floor((y - this.low[1]) / this.cell[1])));
  }

  /**
   * Index of the point nearest to (x, y), of those no further than `reach`; −1 when there is none.
   * Distances are √((sx·Δx)² + (sy·Δy)²): with the pixels of a unit of data as scales they are pixels.
   * @param {number} x
   * @param {number} y
   * @param {number} sx
   * @param {number} sy
   * @param {number} [reach]
   * @returns {number}
   */
  nearest(x, y, sx, sy, reach = Infinity) {
    const [column, row] = [this.column(x), this.row(y)];
    const { side, cell, low } = this;
    const best = { index: -1, squared: reach * reach };
    for (let ring = 0; ring < side; ring++) {
      // A cell of this ring or of one further out is at least this far away, in each direction that is left.
      const gap = Math.min(
        column - ring >= 0 ? sx * Math.max(0, x - (low[0] + (column - ring + 1) * cell[0])) : Infinity,
        column + ring < side ? sx * Math.max(0, low[0] + (column + ring) * cell[0] - x) : Infinity,
        row - ring >= 0 ? sy * Math.max(0, y - (low[1] + (row - ring + 1) * cell[1])) : Infinity,
        row + ring < side ? sy * Math.max(0, low[1] + (row + ring) * cell[1] - y) : Infinity,
      );
      if (ring > 0 && gap * gap > best.squared) break;
      const [left, right] = [column - ring, column + ring];
      for (let r = Math.max(0, row - ring); r <= Math.min(side - 1, row + ring); r++) {
        const whole = r === row - ring || r === row + ring;
        if (whole) {
          for (let c = Math.max(0, left); c <= Math.min(side - 1, right); c++) this.scan(r * side + c, x, y, sx, sy, best);
        } else {
          if (left >= 0) this.scan(r * side + left, x, y, sx, sy, best);
          if (right < side) this.scan(r * side + right, x, y, sx, sy, best);
        }
      }
    }
    return best.index;
  }

  /** Points of one cell. @param {number} cell @param {number} x @param {number} y @param {number} sx @param {number} sy @param {{index: number, squared: number}} best */
  scan(cell, x, y, sx, sy, best) {
    for (let at = this.starts[cell]; at < this.starts[cell + 1]; at++) {
      const i = this.members[at];
      const squared = (sx * (this.points[2 * i] - x)) ** 2 + (sy * (this.points[2 * i + 1] - y)) ** 2;
      if (squared < best.squared || (squared === best.squared && best.index < 0)) [best.squared, best.index] = [squared, i];
    }
  }

  /** Indices of points within a box of the plane. @param {import("./view.js").Box} box @returns {number[]} in no order */
  within({ low, high }) {
    const found = [];
    for (let r = this.row(low[1]); r <= this.row(high[1]); r++) {
      for (let c = this.column(low[0]); c <= this.column(high[0]); c++) {
        for (let at = this.starts[r * this.side + c]; at < this.starts[r * this.side + c + 1]; at++) {
          const i = this.members[at];
          const [x, y] = [this.points[2 * i], this.points[2 * i + 1]];
          if (x >= low[0] && x <= high[0] && y >= low[1] && y <= high[1]) found.push(i);
        }
      }
    }
    return found;
  }
}
