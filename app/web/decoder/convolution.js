/**
 * How a convolutional decoder grows a picture: nearest-neighbour upsampling, convolution, transposed convolution.
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
