/** Where each layer stands in the drawing: widths of layers to layout. Pure functions. */
import { product } from "../decoder/layers.js";
import { cellOf, exampleGrid, extentOf, gridOf, unitAt } from "./grid.js";

/** @typedef {import("./grid.js").Grid} Grid */

/**
 * A layer in the drawing, in CSS pixels. `layer`: which of the values of a pass, −1 the example before its corruption.
 * `cell`: width and height of one unit.
 * @typedef {{layer: number, kind: "example" | "layer" | "code", grid: Grid, x: number, y: number, width: number, height: number, cell: [number, number]}} Box
 *
 * `enlarged`: whether a unit of the code is drawn larger than the others.
 * @typedef {{boxes: Box[], width: number, top: number, bottom: number, gap: number, enlarged: boolean}} Layout
 */

/** @typedef {{layer: number, unit: number}} Chosen */

/** Codes of so many units have a row for each, with its number. */
export const ROWS = 12;
/** Codes of more units are drawn as large as all other layers. */
const OWN_SIZE = 64;
/** Sides of a unit's cell, at most. */
const LARGEST = 14;
/** Above and below the layers is room for their names. */
const TOP = 40;
const NARROW = 620;

/**
 * Every cell of one size, whatever its layer; only a small code is enlarged.
 * @param {number[][]} shapes of the values of a pass
 * @param {number} codeAt which of them is the code
 * @param {boolean} corrupted whether the example stands before what the encoder sees of it
 * @param {number} width of the drawing
 * @returns {Layout}
 */
export function layOut(shapes, codeAt, corrupted, width) {
  const narrow = width < NARROW;
  const tall = narrow ? 190 : 260;
  const code = gridOf(shapes[codeAt]);
  const rows = code.count <= ROWS;
  const own = code.count <= OWN_SIZE;
  const [, codeRows] = extentOf(code);
  /** @type {[number, number]} */
  const codeCell = rows ? [narrow ? 46 : 112, Math.min(22, Math.floor(tall / codeRows))] : square(Math.min(LARGEST, Math.floor((0.9 * tall) / codeRows)));
  const entries = shapes.map((shape, layer) => {
    const isExample = layer === 0 || layer === shapes.length - 1;
    const kind = /** @type {Box["kind"]} */ (layer === codeAt ? "code" : isExample ? "example" : "layer");
    return { layer, kind, grid: isExample ? exampleGrid(shape) : layer === codeAt ? code : gridOf(shape) };
  });
  if (corrupted) entries.unshift({ ...entries[0], layer: -1 });
  const gap = Math.max(6, Math.min(40, Math.round(width / (4 * entries.length))));
  const free = width - 2 - (entries.length - 1) * gap - (own ? extentOf(code)[0] * codeCell[0] : 0);
  const extents = entries.filter(({ kind }) => kind !== "code" || !own).map(({ grid }) => extentOf(grid));
  const across = extents.reduce((sum, [columns]) => sum + columns, 0);
  const size = whole(Math.min(LARGEST, free / across, tall / Math.max(...extents.map(([, down]) => down))));
  const sizes = entries.map(({ kind, grid }) => {
    const cell = kind === "code" && own ? codeCell : square(size);
    const [columns, down] = extentOf(grid);
    return { cell, width: columns * cell[0], height: down * cell[1] };
  });
  const used = sizes.reduce((sum, box) => sum + box.width, 0) + (entries.length - 1) * gap;
  const height = Math.max(...sizes.map((box) => box.height));
  let x = Math.max(0, (width - used) / 2);
  const boxes = entries.map((entry, k) => {
    const box = { ...entry, ...sizes[k], x, y: TOP + (height - sizes[k].height) / 2 };
    x += sizes[k].width + gap;
    return box;
  });
  return { boxes, width, top: TOP, bottom: TOP + height, gap, enlarged: own && codeCell[1] > size };
}

/** @param {number} side @returns {[number, number]} */
const square = (side) => [side, side];

/** Whole pixels, unless a cell has hardly one. @param {number} size */
const whole = (size) => (size >= 2 ? Math.floor(size) : size);

/** The unit under a place of the drawing. @param {Layout} layout @param {number} px @param {number} py @returns {Chosen | null} */
export function unitUnder({ boxes }, px, py) {
  for (const { layer, grid, x, y, cell } of boxes) {
    const unit = layer < 0 ? -1 : unitAt(grid, Math.floor((px - x) / cell[0]), Math.floor((py - y) / cell[1]));
    if (unit >= 0) return { layer, unit };
  }
  return null;
}

/** The cell of a unit in the drawing. @param {Layout} layout @param {number} layer @param {number} unit @returns {[number, number, number, number]} x, y, width, height */
export function placeOf({ boxes }, layer, unit) {
  const { grid, x, y, cell } = /** @type {Box} */ (boxes.find((box) => box.layer === layer));
  const [column, row] = cellOf(grid, unit);
  return [x + column * cell[0], y + row * cell[1], cell[0], cell[1]];
}

/** The unit that an arrow key leads to: of the next layer the one as far along, or the next of its own; first the code. @param {number[][]} shapes @param {Chosen | null} from @param {[number, number]} way @param {number} codeAt @returns {Chosen} */
export function moved(shapes, from, [across, down], codeAt) {
  if (!from) return { layer: codeAt, unit: 0 };
  const count = (/** @type {number} */ layer) => product(shapes[layer]);
  const layer = Math.max(0, Math.min(shapes.length - 1, from.layer + across));
  const along = layer === from.layer ? from.unit : Math.floor(((from.unit + 0.5) * count(layer)) / count(from.layer));
  return { layer, unit: Math.max(0, Math.min(count(layer) - 1, along + down)) };
}

/**
 * Where the numbers stand, side by side where several act at one place.
 * @param {import("./acting.js").Acting[]} acting
 * @param {Layout} layout
 * @param {number} codeAt
 * @returns {{x: number, number: number}[]}
 */
export function marksOf(acting, { boxes }, codeAt) {
  const middle = (/** @type {number} */ layer) => {
    const box = /** @type {Box} */ (boxes.find((each) => each.layer === layer));
    return box.x + box.width / 2;
  };
  const last = boxes[boxes.length - 1].layer;
  const places = acting.map(({ at }) => {
    if (at === "code") return middle(codeAt);
    if (at === "output") return middle(last);
    if (at === "encoder") return (middle(0) + middle(codeAt)) / 2;
    return at === 0 && boxes[0].layer < 0 ? (middle(-1) + middle(0)) / 2 : middle(at);
  });
  return places.map((x, k) => {
    const same = places.filter((other) => other === x).length;
    const nth = places.slice(0, k).filter((other) => other === x).length;
    return { x: x + 20 * (nth - (same - 1) / 2), number: k + 1 };
  });
}
