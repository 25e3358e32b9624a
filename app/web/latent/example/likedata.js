/**
 * A picture of one's own made like the data: where each example is one figure on one ground, as digits are, a figure of
 * another size, in another place, of weak contrast or of ink on paper is foreign only by that. Pure functions.
 *
 * Shares are from 0 to 1, places and sizes are in shares of the picture's width and height.
 */

/** Share of the border's pixels that are of the ground, at least, where data have one. */
const ON_BORDER = 0.8;
/** So far from the ground a pixel is still of it, and a figure has at least this contrast. */
const SAME = 24 / 255;
/** Share of a figure's strongest pixel from which a pixel counts for its extent. */
const EXTENT = 0.3;
/** What a single speck or a line of the paper has is not what the ink has: these shares of pixels are passed over. */
const SPECKS = 0.005;
const PAPER = 0.95;
/** How far beyond what the data have a figure may be, and is left as it is. */
const SLACK = 0.1;

/**
 * @typedef {{left: number, top: number, right: number, bottom: number}} Box
 * @typedef {object} Figure
 * @property {number[]} ground its colour, a number for each channel
 * @property {Float32Array} ink how much of each pixel is the figure's, from 0 to 1
 * @property {number} strength the figure's contrast
 * @property {boolean} bright whether it is brighter than the ground
 * @property {Box} box
 * @property {[number, number]} centre of its mass
 *
 * @typedef {object} Habits what the figures of the data have in common
 * @property {number[]} ground
 * @property {boolean} bright
 * @property {number} strength the middle one
 * @property {number} weakest
 * @property {number[]} sides the larger side of the box: least, middle, greatest
 * @property {[number, number]} centre the mean one
 * @property {number} spread how far a centre is from that, at most
 */

/**
 * The colour of the border of a picture, channel by channel: the middle one.
 * @param {ArrayLike<number>} shares channel by channel
 * @param {number[]} shape
 * @returns {number[]}
 */
export function groundOf(shares, [channels, height, width]) {
  const border = borderOf(height, width);
  return Array.from({ length: channels }, (_, c) => quantile(border.map((at) => shares[c * height * width + at]), 0.5));
}

/**
 * The figure of a picture, told from its ground by the border.
 * @param {ArrayLike<number>} shares channel by channel
 * @param {number[]} shape
 * @returns {Figure | null} null where nothing stands out
 */
export function figureOf(shares, [channels, height, width]) {
  const area = height * width;
  const border = borderOf(height, width);
  const ground = groundOf(shares, [channels, height, width]);
  const distance = new Float32Array(area);
  let brightness = 0;
  for (let at = 0; at < area; at++) {
    for (let c = 0; c < channels; c++) {
      const step = shares[c * area + at] - ground[c];
      distance[at] = Math.max(distance[at], Math.abs(step));
      brightness += step * Math.abs(step); // what stands out counts most
    }
  }
  const paper = quantile(border.map((at) => distance[at]), PAPER);
  const strength = quantile(distance, 1 - SPECKS);
  if (strength - paper < SAME) return null;
  const ink = distance.map((value) => Math.max(0, Math.min(1, (value - paper) / (strength - paper))));
  const box = { left: 1, top: 1, right: 0, bottom: 0 };
  let [mass, x, y] = [0, 0, 0];
  for (let at = 0; at < area; at++) {
    const [column, row] = [at % width, Math.floor(at / width)];
    mass += ink[at];
    x += ink[at] * (column + 0.5);
    y += ink[at] * (row + 0.5);
    if (ink[at] < EXTENT) continue;
    box.left = Math.min(box.left, column / width);
    box.right = Math.max(box.right, (column + 1) / width);
    box.top = Math.min(box.top, row / height);
    box.bottom = Math.max(box.bottom, (row + 1) / height);
  }
  return { ground, ink, strength, bright: brightness > 0, box, centre: [x / mass / width, y / mass / height] };
}

/**
 * What the figures of examples have in common; null where they are no figures on one ground.
 * @param {ArrayLike<number>[]} examples shares, channel by channel
 * @param {number[]} shape
 * @returns {Habits | null}
 */
export function habitsOf(examples, shape) {
  const [channels, height, width] = shape;
  const area = height * width;
  const border = borderOf(height, width);
  const figures = examples.map((shares) => figureOf(shares, shape)).filter((figure) => figure !== null);
  if (figures.length < examples.length / 2 || !figures.length) return null;
  const ground = Array.from({ length: channels }, (_, c) => quantile(figures.map((figure) => figure.ground[c]), 0.5));
  const isGround = (/** @type {ArrayLike<number>} */ shares, /** @type {number} */ at) =>
    ground.every((value, c) => Math.abs(shares[c * area + at] - value) <= SAME);
  const onGround = examples.reduce((sum, shares) => sum + border.filter((at) => isGround(shares, at)).length, 0);
  if (onGround < ON_BORDER * border.length * examples.length) return null;
  const of = (/** @type {number[]} */ values) => [0, 0.5, 1].map((share) => quantile(values, share));
  const strengths = of(figures.map(({ strength }) => strength));
  const centre = /** @type {[number, number]} */ ([0, 1].map((k) => figures.reduce((sum, figure) => sum + figure.centre[k], 0) / figures.length));
  return {
    ground, centre, strength: strengths[1], weakest: strengths[0],
    bright: figures.filter(({ bright }) => bright).length * 2 > figures.length,
    sides: of(figures.map(({ box }) => sideOf(box))),
    spread: Math.max(...figures.map((figure) => apart(figure.centre, centre))),
  };
}

/**
 * Whether a figure might be one of the data's as it is.
 * @param {Figure} figure
 * @param {Habits} habits
 */
export function isUsual(figure, habits) {
  const side = sideOf(figure.box);
  return figure.ground.every((value, c) => Math.abs(value - habits.ground[c]) <= SAME) && figure.bright === habits.bright
    && side >= habits.sides[0] - SLACK && side <= habits.sides[2] + SLACK
    && apart(figure.centre, habits.centre) <= habits.spread + SLACK / 2 && figure.strength >= habits.weakest - SLACK;
}

/**
 * Where a picture is to stand in a frame so that its figure has the usual size and place.
 * @param {Figure} figure
 * @param {{width: number, height: number}} picture
 * @param {Habits} habits
 * @param {{width: number, height: number}} frame
 * @returns {{x: number, y: number, width: number, height: number}}
 */
export function placed({ box, centre }, picture, habits, frame) {
  const scale = habits.sides[1] / Math.max(
    ((box.right - box.left) * picture.width) / frame.width, ((box.bottom - box.top) * picture.height) / frame.height);
  const [width, height] = [scale * picture.width, scale * picture.height];
  return { x: habits.centre[0] * frame.width - centre[0] * width, y: habits.centre[1] * frame.height - centre[1] * height, width, height };
}

/**
 * The figure in the data's colours: of grey data on their ground in their contrast, of colour in its own colours.
 * @param {Figure} figure
 * @param {ArrayLike<number>} shares of the same picture
 * @param {Habits} habits
 * @returns {Float32Array} channel by channel
 */
export function inked({ ink }, shares, { ground, bright, strength }) {
  const area = ink.length;
  return Float32Array.from(shares, (share, i) => {
    const [c, at] = [Math.floor(i / area), i % area];
    const full = ground.length === 3 ? share : ground[c] + (bright ? strength : -strength);
    return Math.max(0, Math.min(1, ground[c] + ink[at] * (full - ground[c])));
  });
}

/** The larger side of a box. @param {Box} box */
const sideOf = ({ left, top, right, bottom }) => Math.max(right - left, bottom - top);

/** @param {[number, number]} a @param {[number, number]} b */
const apart = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** Indices of the pixels along the edges. @param {number} height @param {number} width */
function borderOf(height, width) {
  return Array.from({ length: height * width }, (_, at) => at)
    .filter((at) => at < width || at >= (height - 1) * width || at % width === 0 || at % width === width - 1);
}

/** @param {ArrayLike<number>} values @param {number} share */
function quantile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.round(share * (sorted.length - 1))];
}
