/**
 * Points as small discs, written straight into the pixels of an image: no canvas shapes, so that 70,000 of them move
 * at frame rate without a graphics card. Pure functions.
 */

/** Positions of a disc within a pixel, along each axis: a quarter of a pixel is finer than the eye follows. */
const PHASES = 4;
/** Samples along each side of a pixel that tell how much of it a disc covers. */
const SAMPLES = 8;
/** Radii are rounded to this, so that few stamps are made while one zooms. */
const RADIUS_STEP = 0.05;

/**
 * The pixels that a disc touches, for each position within a pixel.
 * @typedef {object} Stamp
 * @property {number} reach no pixel of it lies further from the pixel of its centre
 * @property {Int32Array} starts where each phase begins in the arrays below; one more for the end
 * @property {Int16Array} dx
 * @property {Int16Array} dy
 * @property {Uint8Array} alpha coverage times opacity, 1…255
 * @property {Int32Array} offsets dx + width·dy in an image of the given width
 */

/**
 * @typedef {object} Raster
 * @property {Uint32Array} pixels R, G, B, A of straight alpha
 * @property {number} width
 * @property {number} height
 */

/**
 * A disc's stamp.
 * @param {number} radius pixels of the image
 * @param {number} opacity in (0, 1]
 * @param {number} width of the image
 * @returns {Stamp}
 */
export function makeStamp(radius, opacity, width) {
  const reach = Math.ceil(radius) + 1;
  const starts = new Int32Array(PHASES * PHASES + 1);
  /** @type {number[][]} */
  const found = [];
  for (let phase = 0; phase < PHASES * PHASES; phase++) {
    const [cx, cy] = [(phase % PHASES) / PHASES, Math.floor(phase / PHASES) / PHASES];
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        const alpha = Math.round(255 * opacity * coverage(dx - cx, dy - cy, radius));
        if (alpha) found.push([dx, dy, alpha]);
      }
    }
    starts[phase + 1] = found.length;
  }
  return {
    reach,
    starts,
    dx: Int16Array.from(found, (entry) => entry[0]),
    dy: Int16Array.from(found, (entry) => entry[1]),
    alpha: Uint8Array.from(found, (entry) => entry[2]),
    offsets: Int32Array.from(found, (entry) => entry[0] + width * entry[1]),
  };
}

/** Share of the pixel with the corner (x, y) that a disc about the origin covers. @param {number} x @param {number} y @param {number} radius */
function coverage(x, y, radius) {
  const distance = Math.hypot(x + 0.5, y + 0.5);
  if (Math.abs(distance - radius) > Math.SQRT1_2) return Number(distance < radius);
  let inside = 0;
  for (let i = 0; i < SAMPLES; i++) {
    for (let j = 0; j < SAMPLES; j++) {
      if ((x + (i + 0.5) / SAMPLES) ** 2 + (y + (j + 0.5) / SAMPLES) ** 2 <= radius * radius) inside++;
    }
  }
  return inside / SAMPLES ** 2;
}

/** Stamps that were made before are used again. */
export class StampBook {
  constructor() {
    /** @type {Map<string, Stamp>} */
    this.stamps = new Map();
    this.width = 0;
  }

  /** @param {number} radius @param {number} opacity @param {number} width of the image @returns {Stamp} */
  get(radius, opacity, width) {
    if (width !== this.width || this.stamps.size > 256) this.stamps.clear();
    this.width = width;
    const rounded = Math.max(1, Math.round(radius / RADIUS_STEP)) * RADIUS_STEP;
    const key = `${rounded.toFixed(2)} ${opacity.toFixed(3)}`;
    let stamp = this.stamps.get(key);
    if (!stamp) this.stamps.set(key, (stamp = makeStamp(rounded, opacity, width)));
    return stamp;
  }
}

/**
 * What a disc of alpha a over a pixel of alpha b makes, at index 256·a + b: the alpha of both, a + b − ab, and the
 * share of the disc's colour in it, a/(a + b − ab), of 256. (T. Porter, T. Duff, "Compositing Digital Images", 1984.)
 */
const UNION = new Uint8Array(65536);
const SHARE = new Uint16Array(65536);
for (let a = 0; a < 256; a++) {
  for (let b = 0; b < 256; b++) {
    const union = a + b - (a * b) / 255;
    UNION[256 * a + b] = Math.round(union);
    SHARE[256 * a + b] = union ? Math.round((256 * a) / union) : 0;
  }
}

/**
 * Paint points in the given order, each over those before it; a point outside the image, or at NaN, is passed over.
 * @param {Raster} raster
 * @param {Float32Array} positions x and y in turn
 * @param {number} scale pixels of the image for a unit of the positions
 * @param {Uint32Array} colours a pixel for each point; its alpha is not used
 * @param {Stamp[]} stamps
 * @param {Uint8Array | null} kinds which stamp each point has; all the first one when null
 * @param {Uint32Array} order indices of the points to paint
 */
export function paintPoints({ pixels, width, height }, positions, scale, colours, stamps, kinds, order) {
  const fine = scale * PHASES;
  for (let k = 0; k < order.length; k++) {
    const i = order[k];
    const x = Math.round(positions[2 * i] * fine);
    const y = Math.round(positions[2 * i + 1] * fine);
    const stamp = stamps[kinds ? kinds[i] : 0];
    const { reach, alpha } = stamp;
    const air = reach * PHASES;
    if (!(x >= -air && y >= -air && x < width * PHASES + air && y < height * PHASES + air)) continue;
    const column = Math.floor(x / PHASES);
    const row = Math.floor(y / PHASES);
    const phase = (y - row * PHASES) * PHASES + x - column * PHASES;
    const end = stamp.starts[phase + 1];
    const colour = colours[i] & 0xffffff;
    const centre = row * width + column;
    if (column >= reach && row >= reach && column < width - reach && row < height - reach) {
      const { offsets } = stamp;
      for (let at = stamp.starts[phase]; at < end; at++) blend(pixels, centre + offsets[at], colour, alpha[at]);
    } else {
      const { dx, dy, offsets } = stamp;
      for (let at = stamp.starts[phase]; at < end; at++) {
        const [u, v] = [column + dx[at], row + dy[at]];
        if (u >= 0 && v >= 0 && u < width && v < height) blend(pixels, centre + offsets[at], colour, alpha[at]);
      }
    }
  }
}

/** Lay a colour over a pixel; two channels at a time. @param {Uint32Array} pixels @param {number} at @param {number} colour @param {number} alpha */
function blend(pixels, at, colour, alpha) {
  const below = pixels[at];
  const pair = (alpha << 8) | (below >>> 24);
  const share = SHARE[pair];
  const rest = 256 - share;
  const redBlue = ((Math.imul(colour & 0xff00ff, share) + Math.imul(below & 0xff00ff, rest)) >>> 8) & 0xff00ff;
  const green = ((Math.imul(colour & 0xff00, share) + Math.imul(below & 0xff00, rest)) >>> 8) & 0xff00;
  pixels[at] = (UNION[pair] << 24) | redBlue | green;
}

/** Radius of the points, in CSS pixels, when all of them are in view: 3.2 for few, 1.6 for 70,000. */
const FEW = { count: 2000, radius: 3.2 };
const MANY = { count: 70000, radius: 1.6 };
const LARGEST = 5;

/**
 * Radius in CSS pixels: it falls with the logarithm of the number, and grows with the cube root of the zoom.
 * @param {number} count
 * @param {number} closeness 1 when all points are in view, greater when one has zoomed in
 */
export function radiusOf(count, closeness) {
  const share = Math.log(Math.max(count, FEW.count) / FEW.count) / Math.log(MANY.count / FEW.count);
  const radius = Math.max(1.2, FEW.radius + share * (MANY.radius - FEW.radius));
  return Math.max(1, Math.min(LARGEST, radius * Math.cbrt(closeness)));
}
