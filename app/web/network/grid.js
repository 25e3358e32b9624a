/** Units as cells: those of a layer in columns and rows, those of a convolution as a stack of maps. Pure functions. */
import { product } from "../decoder/layers.js";

/**
 * `maps`: columns and rows of maps. `width`, `height`: of one map, in cells. `gap`: cells between maps. `overlaid`:
 * whether all channels are at one place, as the colours of a picture are. `count`: of the units.
 * @typedef {{maps: [number, number], width: number, height: number, gap: number, overlaid: boolean, count: number}} Grid
 */

/** So many units stand in one column. */
const COLUMN = 12;
/** How many times as high as wide a layer is, and a stack of maps. */
const SLIM = 4;
const STACKED = 2;

/** @param {number[]} shape [units] or [channels, height, width] @returns {Grid} */
export function gridOf(shape) {
  const count = product(shape);
  if (shape.length !== 3) {
    const width = count <= COLUMN ? 1 : Math.ceil(Math.sqrt(count / SLIM));
    return { maps: [1, 1], width, height: Math.ceil(count / width), gap: 0, overlaid: false, count };
  }
  const [channels, height, width] = shape;
  const columns = Math.max(1, Math.min(channels, Math.round(Math.sqrt((channels * height) / (STACKED * width)))));
  return { maps: [columns, Math.ceil(channels / columns)], width, height, gap: channels > 1 ? 1 : 0, overlaid: false, count };
}

/** Whether examples of a shape are seen as pictures, grey or in colour. @param {number[]} shape */
export const isPicture = (shape) => shape.length === 3 && (shape[0] === 1 || shape[0] === 3);

/** An example: pictures with their colours at one place. @param {number[]} shape @returns {Grid} */
export function exampleGrid(shape) {
  const [channels, height, width] = shape;
  if (shape.length !== 3 || channels !== 3) return gridOf(shape);
  return { maps: [1, 1], width, height, gap: 0, overlaid: true, count: channels * height * width };
}

/** Cells across and down. @param {Grid} grid @returns {[number, number]} */
export function extentOf({ maps: [columns, rows], width, height, gap }) {
  return [columns * width + (columns - 1) * gap, rows * height + (rows - 1) * gap];
}

/** Where a unit's cell is: its column and row. @param {Grid} grid @param {number} unit @returns {[number, number]} */
export function cellOf({ maps: [columns], width, height, gap, overlaid }, unit) {
  const area = width * height;
  const map = overlaid ? 0 : Math.floor(unit / area);
  const within = unit % area;
  return [(map % columns) * (width + gap) + (within % width), Math.floor(map / columns) * (height + gap) + Math.floor(within / width)];
}

/** The unit whose cell is there, −1 where there is none. @param {Grid} grid @param {number} column @param {number} row */
export function unitAt({ maps: [columns, rows], width, height, gap, count }, column, row) {
  const [across, down] = [Math.floor(column / (width + gap)), Math.floor(row / (height + gap))];
  const [x, y] = [column - across * (width + gap), row - down * (height + gap)];
  if (column < 0 || row < 0 || across >= columns || down >= rows || x >= width || y >= height) return -1;
  const unit = (down * columns + across) * width * height + y * width + x;
  return unit < count ? unit : -1;
}
