/**
 * How a convolutional decoder grows a picture: nearest-neighbour upsampling, convolution, transposed convolution; and
 * how an encoder halves it: convolution with stride 2.
 *
 * A picture lies flat, channel after channel and row after row. Each function here makes an operation for
 * pictures of one size; the operation answers in an array of its own, which its next call overwrites.
 */

/** @typedef {[number, number, number]} Size channels, height, width */
/** @typedef {(x: Float32Array) => Float32Array} Step */

/** Weights in one 3 × 3 kernel. */
const KERNEL = 9;

/**
 * Each pixel twice in each direction, cropped to the output: y[i, j] = x[⌊i / 2⌋, ⌊j / 2⌋].
 * @param {Size} input
 * @param {Size} output the same channels, and at most twice the height and width
 * @returns {Step}
 */
export function makeUpsample([channels, height, width], [, tall, wide]) {
  const y = new Float32Array(channels * tall * wide);
  return (x) => {
    let at = 0;
    for (let channel = 0; channel < channels; channel++) {
      for (let i = 0; i < tall; i++) {
        const row = (channel * height + (i >> 1)) * width;
        for (let j = 0; j < wide; j++) y[at++] = x[row + (j >> 1)];
      }
    }
    return y;
  };
}

/**
 * Convolution with stride 1 and padding 1, as PyTorch's `conv2d` (a cross-correlation):
 * y[o, i, j] = bias[o] + Σ weight[o, c, u, v] x[c, i + u − 1, j + v − 1].
 * @param {Float32Array} weight (outputs, inputs, 3, 3)
 * @param {Float32Array} bias
 * @param {Size} input
 * @param {Size} output the same height and width
 * @returns {Step}
 */
export function makeConvolution(weight, bias, input, output) {
  const [inputs, height, width] = input;
  const [outputs] = output;
  const y = new Float32Array(outputs * height * width);
  const addBorder = makeBorder(input);
  const across = width + 2;
  return (x) => {
    const framed = addBorder(x);
    for (let o = 0; o < outputs; o++) {
      const plane = o * height * width;
      y.fill(bias[o], plane, plane + height * width);
      for (let c = 0; c < inputs; c++) {
        const k = (o * inputs + c) * KERNEL;
        const [w00, w01, w02, w10, w11, w12, w20, w21, w22] = weight.subarray(k, k + KERNEL);
        for (let i = 0; i < height; i++) {
          const to = plane + i * width;
          const above = (c * (height + 2) + i) * across;
          const here = above + across;
          const below = here + across;
          for (let j = 0; j < width; j++) {
            y[to + j] +=
              w00 * framed[above + j] + w01 * framed[above + j + 1] + w02 * framed[above + j + 2] +
              w10 * framed[here + j] + w11 * framed[here + j + 1] + w12 * framed[here + j + 2] +
              w20 * framed[below + j] + w21 * framed[below + j + 1] + w22 * framed[below + j + 2];
          }
        }
      }
    }
    return y;
  };
}

/**
 * Convolution with stride 2 and padding 1, as PyTorch's `conv2d`:
 * y[o, i, j] = bias[o] + Σ weight[o, c, u, v] x[c, 2i + u − 1, 2j + v − 1].
 *
 * A loop of its own: one for both strides takes a tenth longer with stride 1, and a quarter longer with stride 2.
 * @param {Float32Array} weight (outputs, inputs, 3, 3)
 * @param {Float32Array} bias
 * @param {Size} input
 * @param {Size} output half the height and width, rounded up
 * @returns {Step}
 */
export function makeStrided(weight, bias, input, output) {
  const [inputs, height, width] = input;
  const [outputs, low, narrow] = output;
  const y = new Float32Array(outputs * low * narrow);
  const addBorder = makeBorder(input);
  const across = width + 2;
  return (x) => {
    const framed = addBorder(x);
    for (let o = 0; o < outputs; o++) {
      const plane = o * low * narrow;
      y.fill(bias[o], plane, plane + low * narrow);
      for (let c = 0; c < inputs; c++) {
        const k = (o * inputs + c) * KERNEL;
        const [w00, w01, w02, w10, w11, w12, w20, w21, w22] = weight.subarray(k, k + KERNEL);
        for (let i = 0; i < low; i++) {
          const to = plane + i * narrow;
          const above = (c * (height + 2) + 2 * i) * across;
          const here = above + across;
          const below = here + across;
          for (let j = 0; j < narrow; j++) {
            y[to + j] +=
              w00 * framed[above + 2 * j] + w01 * framed[above + 2 * j + 1] + w02 * framed[above + 2 * j + 2] +
              w10 * framed[here + 2 * j] + w11 * framed[here + 2 * j + 1] + w12 * framed[here + 2 * j + 2] +
              w20 * framed[below + 2 * j] + w21 * framed[below + 2 * j + 1] + w22 * framed[below + 2 * j + 2];
          }
        }
      }
    }
    return y;
  };
}

/**
 * Each pixel twice in each direction, and a convolution of that with stride 1 and padding 1, in one step: what
 * `makeUpsample` to twice the height and width and `makeConvolution` make one after the other.
 *
 * Of the 3 × 3 pixels that a pixel of the output meets, those that repeat one pixel of the input share it, and their
 * weights are summed beforehand: what is left is four kernels of 2 × 2, one for each place in a square of 2 × 2 pixels
 * of the output. That is 16 products for a pixel of the input instead of 36.
 * @param {Float32Array} weight (outputs, inputs, 3, 3)
 * @param {Float32Array} bias
 * @param {Size} input
 * @param {Size} output twice the height and width
 * @returns {Step}
 */
export function makeUpsampledConvolution(weight, bias, input, output) {
  const [inputs, height, width] = input;
  const [outputs, tall, wide] = output;
  const y = new Float32Array(outputs * tall * wide);
  const addBorder = makeBorder(input);
  const across = width + 2;
  const kernels = phaseKernels(weight);
  // One channel of y, each place in a square by itself, so that the innermost loop goes through memory in order.
  const [upperLeft, upperRight, lowerLeft, lowerRight] = Array.from({ length: 4 }, () => new Float64Array(height * width));
  return (x) => {
    const framed = addBorder(x);
    for (let o = 0; o < outputs; o++) {
      for (const place of [upperLeft, upperRight, lowerLeft, lowerRight]) place.fill(bias[o]);
      for (let c = 0; c < inputs; c++) {
        const k = (o * inputs + c) * PHASES;
        const [p0, p1, p2, p3, q0, q1, q2, q3, r0, r1, r2, r3, s0, s1, s2, s3] = kernels.subarray(k, k + PHASES);
        for (let i = 0; i < height; i++) {
          const above = (c * (height + 2) + i) * across;
          const here = above + across;
          const below = here + across;
          // What is met is carried along the row: nine pixels, of which three are new each time.
          let a0 = framed[above], a1 = framed[above + 1];
          let b0 = framed[here], b1 = framed[here + 1];
          let c0 = framed[below], c1 = framed[below + 1];
          for (let j = 0, to = i * width; j < width; j++, to++) {
            const a2 = framed[above + j + 2];
            const b2 = framed[here + j + 2];
            const c2 = framed[below + j + 2];
            upperLeft[to] += p0 * a0 + p1 * a1 + p2 * b0 + p3 * b1;
            upperRight[to] += q0 * a1 + q1 * a2 + q2 * b1 + q3 * b2;
            lowerLeft[to] += r0 * b0 + r1 * b1 + r2 * c0 + r3 * c1;
            lowerRight[to] += s0 * b1 + s1 * b2 + s2 * c1 + s3 * c2;
            a0 = a1; a1 = a2; b0 = b1; b1 = b2; c0 = c1; c1 = c2;
          }
        }
      }
      for (let i = 0, from = 0; i < height; i++) {
        const upper = (o * tall + 2 * i) * wide;
        for (let at = upper; at < upper + wide; at += 2, from++) {
          y[at] = upperLeft[from];
          y[at + 1] = upperRight[from];
          y[at + wide] = lowerLeft[from];
          y[at + wide + 1] = lowerRight[from];
        }
      }
    }
    return y;
  };
}

/** Weights in four 2 × 2 kernels. */
const PHASES = 16;

/**
 * Of each 3 × 3 kernel w the four 2 × 2 kernels over pixels that stand twice: along one axis, [w0, w1 + w2] at an
 * even place and [w0 + w1, w2] at an odd one.
 * @param {Float32Array} weight (…, 3, 3)
 * @returns {Float64Array} (…, 4, 2, 2)
 */
function phaseKernels(weight) {
  const kernels = new Float64Array((weight.length / KERNEL) * PHASES);
  for (let k = 0, at = 0; k < weight.length; k += KERNEL) {
    for (const rows of MET) for (const columns of MET) for (const us of rows) for (const vs of columns) {
      for (const u of us) for (const v of vs) kernels[at] += weight[k + 3 * u + v];
      at++;
    }
  }
  return kernels;
}

/** Along one axis, by place: which weights meet the first and which the second of two pixels. */
const MET = [[[0], [1, 2]], [[0, 1], [2]]];

/**
 * Transposed convolution with stride 2 and padding 1, as PyTorch's `conv_transpose2d`: x[c, i, j] adds
 * weight[c, o, u, v] x[c, i, j] to y[o, 2i + u − 1, 2j + v − 1].
 *
 * Read from the output, each pixel of x answers for a square of 2 × 2 pixels of y, to which it and its
 * neighbours to the right and below contribute: 1, 2, 2 and 4 of the nine weights.
 * @param {Float32Array} weight (inputs, outputs, 3, 3)
 * @param {Float32Array} bias
 * @param {Size} input
 * @param {Size} output twice the height and width, or one less
 * @returns {Step}
 */
export function makeTransposed(weight, bias, input, output) {
  const [inputs, height, width] = input;
  const [outputs, tall, wide] = output;
  const y = new Float32Array(outputs * tall * wide);
  const addBorder = makeBorder(input);
  const across = width + 2;
  const doubled = 2 * width;
  const plane = new Float32Array(2 * height * doubled); // one channel of y before it is cropped
  return (x) => {
    const framed = addBorder(x);
    for (let o = 0; o < outputs; o++) {
      plane.fill(bias[o]);
      for (let c = 0; c < inputs; c++) {
        const k = (c * outputs + o) * KERNEL;
        const [w00, w01, w02, w10, w11, w12, w20, w21, w22] = weight.subarray(k, k + KERNEL);
        for (let i = 0; i < height; i++) {
          const here = (c * (height + 2) + i + 1) * across + 1;
          const below = here + across;
          const even = 2 * i * doubled;
          const odd = even + doubled;
          for (let j = 0; j < width; j++) {
            const pixel = framed[here + j];
            const right = framed[here + j + 1];
            const under = framed[below + j];
            const diagonal = framed[below + j + 1];
            plane[even + 2 * j] += w11 * pixel;
            plane[even + 2 * j + 1] += w12 * pixel + w10 * right;
            plane[odd + 2 * j] += w21 * pixel + w01 * under;
            plane[odd + 2 * j + 1] += w22 * pixel + w20 * right + w02 * under + w00 * diagonal;
          }
        }
      }
      for (let i = 0; i < tall; i++) {
        y.set(plane.subarray(i * doubled, i * doubled + wide), (o * tall + i) * wide);
      }
    }
    return y;
  };
}

/**
 * A border of one zero around each channel, so that no loop need ask whether it stands at an edge.
 * @param {Size} size without the border
 * @returns {Step}
 */
function makeBorder([channels, height, width]) {
  const framed = new Float32Array(channels * (height + 2) * (width + 2));
  return (x) => {
    for (let channel = 0; channel < channels; channel++) {
      for (let i = 0; i < height; i++) {
        const row = (channel * height + i) * width;
        framed.set(x.subarray(row, row + width), (channel * (height + 2) + i + 1) * (width + 2) + 1);
      }
    }
    return framed;
  };
}
