import assert from "node:assert/strict";
import { test } from "node:test";
import { makeConvolution, makeStrided, makeTransposed, makeUpsample, makeUpsampledConvolution } from "../../../app/web/decoder/convolution.js";
import { randomNumbers } from "../support.js";

const f32 = (...values) => new Float32Array(values);
const list = (values) => Array.from(values);

test("upsampling repeats each pixel twice in each direction", () => {
  assert.deepEqual(list(makeUpsample([1, 2, 2], [1, 4, 4])(f32(1, 2, 3, 4))), [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4]);
});

test("upsampling is cropped to an odd size, in each channel alike", () => {
  assert.deepEqual(list(makeUpsample([2, 2, 1], [2, 3, 1])(f32(1, 2, 3, 4))), [1, 1, 2, 3, 3, 4]);
  assert.deepEqual(list(makeUpsample([2, 1, 2], [2, 1, 3])(f32(1, 2, 3, 4))), [1, 1, 2, 3, 3, 4]);
});

/** Told apart from its mirror images and from its transpose. */
const KERNEL = f32(1, 2, 3, 4, 5, 6, 7, 8, 9);

test("a convolution weighs the neighbours of each pixel, with zeros beyond the edges", () => {
  const one = makeConvolution(KERNEL, f32(0), [1, 3, 3], [1, 3, 3]);
  assert.deepEqual(list(one(f32(0, 0, 0, 0, 1, 0, 0, 0, 0))), [9, 8, 7, 6, 5, 4, 3, 2, 1]); // turned by half a turn
  // By hand, top left: 5·1 + 6·2 + 8·4 + 9·5 = 94; bottom middle: 1·1 + 2·2 + 3·3 + 4·4 + 5·5 + 6·6 = 91.
  const wide = makeConvolution(KERNEL, f32(100), [1, 2, 3], [1, 2, 3]);
  assert.deepEqual(list(wide(f32(1, 2, 3, 4, 5, 6))), [194, 254, 206, 158, 191, 158]);
});

test("a transposed convolution spreads each pixel over nine, two apart, without what falls outside", () => {
  // The kernel's middle falls on (0, 0), so its first row and column are outside.
  assert.deepEqual(list(makeTransposed(KERNEL, f32(0), [1, 1, 1], [1, 2, 2])(f32(1))), [5, 6, 8, 9]);
  assert.deepEqual(list(makeTransposed(KERNEL, f32(0.5), [1, 1, 1], [1, 1, 1])(f32(2))), [10.5]);
  // By hand, between the two pixels: 6·1 + 4·10 = 46 and 9·1 + 7·10 = 79.
  assert.deepEqual(list(makeTransposed(KERNEL, f32(0), [1, 1, 2], [1, 2, 4])(f32(1, 10))), [5, 46, 50, 60, 8, 79, 80, 90]);
  assert.deepEqual(list(makeTransposed(KERNEL, f32(0), [1, 2, 1], [1, 3, 2])(f32(1, 10))), [5, 6, 28, 39, 50, 60]);
});

/** Σ over the definition, term by term: `meet(i, u)` is the row (or column) of y that x's and the kernel's meet in. */
function byDefinition(x, bias, [inputs, height, width], [outputs, tall, wide], weightAt, meet) {
  const y = Float64Array.from({ length: outputs * tall * wide }, (_, at) => bias[Math.floor(at / (tall * wide))]);
  for (let o = 0; o < outputs; o++) for (let c = 0; c < inputs; c++) {
    for (let i = 0; i < height; i++) for (let j = 0; j < width; j++) {
      for (let u = 0; u < 3; u++) for (let v = 0; v < 3; v++) {
        const [row, column] = [meet(i, u), meet(j, v)];
        if (row < 0 || row >= tall || column < 0 || column >= wide) continue;
        y[(o * tall + row) * wide + column] += weightAt(o, c, u, v) * x[(c * height + i) * width + j];
      }
    }
  }
  return y;
}

const SIZES = [[1, 1], [1, 4], [4, 1], [2, 2], [3, 5], [4, 4], [7, 2]];
const CHANNELS = [[1, 1], [1, 3], [3, 1], [2, 3]];

/** Every size with every pair of channels, with random weights. */
function cases(grown) {
  const random = randomNumbers(7);
  const draw = (count) => Float32Array.from({ length: count }, () => 2 * random() - 1);
  return SIZES.flatMap((size) => CHANNELS.flatMap(([inputs, outputs]) => grown(size).map((larger) => ({
    input: [inputs, ...size], output: [outputs, ...larger],
    weight: draw(9 * inputs * outputs), bias: draw(outputs), pictures: [draw(inputs * size[0] * size[1]), draw(inputs * size[0] * size[1])],
  }))));
}

function assertClose(found, expected, what) {
  assert.equal(found.length, expected.length, what);
  expected.forEach((value, at) => assert.ok(Math.abs(found[at] - value) <= 1e-5, `${what}, at ${at}: ${found[at]}, not ${value}`));
}

test("a convolution is the sum that defines it, call after call, for every size and number of channels", () => {
  for (const { input, output, weight, bias, pictures } of cases((size) => [size])) {
    const operation = makeConvolution(weight, bias, input, output);
    const weightAt = (o, c, u, v) => weight[((o * input[0] + c) * 3 + u) * 3 + v];
    for (const x of pictures) {
      assertClose(operation(x), byDefinition(x, bias, input, output, weightAt, (i, u) => i - u + 1), `${input} to ${output}`);
    }
  }
});

test("a strided convolution is every second value of one that is not, for even and odd inputs", () => {
  const halved = ([height, width]) => [[Math.ceil(height / 2), Math.ceil(width / 2)]];
  for (const { input, output, weight, bias, pictures } of cases(halved)) {
    const operation = makeStrided(weight, bias, input, output);
    const whole = makeConvolution(weight, bias, input, [output[0], input[1], input[2]]);
    const [, height, width] = input;
    for (const x of pictures) {
      const expected = whole(x).filter((_, at) => Math.floor(at / width) % height % 2 === 0 && (at % width) % 2 === 0);
      assertClose(operation(x), expected, `${input} to ${output}`);
    }
  }
});

test("a transposed convolution is the sum that defines it, call after call, for even and odd outputs", () => {
  const doubled = ([height, width]) => [0, 1].flatMap((a) => [0, 1].map((b) => [2 * height - a, 2 * width - b]));
  for (const { input, output, weight, bias, pictures } of cases(doubled)) {
    const operation = makeTransposed(weight, bias, input, output);
    const weightAt = (o, c, u, v) => weight[((c * output[0] + o) * 3 + u) * 3 + v];
    for (const x of pictures) {
      assertClose(operation(x), byDefinition(x, bias, input, output, weightAt, (i, u) => 2 * i + u - 1), `${input} to ${output}`);
    }
  }
});

test("upsampling and convolution in one step is one after the other, call after call", () => {
  const twice = ([height, width]) => [[2 * height, 2 * width]];
  for (const { input, output, weight, bias, pictures } of cases(twice)) {
    const together = makeUpsampledConvolution(weight, bias, input, output);
    const larger = [input[0], output[1], output[2]];
    const [upsample, convolve] = [makeUpsample(input, larger), makeConvolution(weight, bias, larger, output)];
    for (const x of pictures) assertClose(together(x), convolve(upsample(x)), `${input} to ${output}`);
  }
});

test("what is convolved stays as it is", () => {
  const x = f32(1, 2, 3, 4);
  for (const operation of [
    makeUpsample([1, 2, 2], [1, 4, 4]), makeConvolution(KERNEL, f32(1), [1, 2, 2], [1, 2, 2]), makeTransposed(KERNEL, f32(1), [1, 2, 2], [1, 4, 4]),
    makeUpsampledConvolution(KERNEL, f32(1), [1, 2, 2], [1, 4, 4]), makeStrided(KERNEL, f32(1), [1, 2, 2], [1, 1, 1]),
  ]) {
    operation(x);
    assert.deepEqual(list(x), [1, 2, 3, 4]);
  }
});
