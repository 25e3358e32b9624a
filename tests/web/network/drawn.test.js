import assert from "node:assert/strict";
import { test } from "node:test";
import { actingOf, corrupt, noiseOn } from "../../../app/web/network/acting.js";
import { cellOf, exampleGrid, extentOf, gridOf, unitAt } from "../../../app/web/network/grid.js";
import { layOut, marksOf, moved, placeOf, unitUnder } from "../../../app/web/network/layout.js";
import { Network } from "../../../app/web/network/passing.js";
import { reachOf, shaded } from "../../../app/web/network/shades.js";
import { effectOf, layerNames, mostActive, mostActiveMaps, seenBy, unitName, writtenBy } from "../../../app/web/network/unit.js";
import { networkMessage } from "./messages.js";

const SHAPES = [[1, 28, 28], [256], [64], [2], [64], [256], [1, 28, 28]];
const CONVOLUTIONS = [[3, 64, 64], [16, 32, 32], [32, 16, 16], [64, 8, 8], [16], [64, 8, 8], [32, 16, 16], [16, 32, 32], [3, 64, 64]];

test("every unit has a cell of its own, and a cell leads back to it", () => {
  for (const shape of [[1], [12], [13], [64], [1, 5, 3], [4, 3, 2], [7, 4, 4], [2, 6, 6]]) {
    const grid = gridOf(shape);
    const [across, down] = extentOf(grid);
    const places = new Set();
    for (let unit = 0; unit < grid.count; unit++) {
      const [column, row] = cellOf(grid, unit);
      assert.ok(column < across && row < down);
      assert.equal(unitAt(grid, column, row), unit);
      places.add(`${column},${row}`);
    }
    assert.equal(places.size, grid.count);
  }
  assert.equal(unitAt(gridOf([4, 3, 2]), 2, 0), -1); // between two maps
  assert.deepEqual([-1, 99].map((column) => unitAt(gridOf([64]), column, 0)), [-1, -1]);
});

test("the colours of an example are at one place", () => {
  const grid = exampleGrid([3, 2, 2]);
  assert.deepEqual(extentOf(grid), [2, 2]);
  assert.deepEqual([1, 5, 9].map((unit) => cellOf(grid, unit)), [[1, 0], [1, 0], [1, 0]]);
});

test("layers stand in order, none over another, within the drawing; all cells but the code's have one size", () => {
  for (const [shapes, codeAt] of [[SHAPES, 3], [CONVOLUTIONS, 4], [[[4], [2], [4]], 1], [[[784], [784], [784]], 1]]) {
    for (const width of [330, 1000]) for (const corrupted of [false, true]) {
      const { boxes } = layOut(shapes, codeAt, corrupted, width);
      assert.equal(boxes.length, shapes.length + (corrupted ? 1 : 0));
      boxes.forEach((box, k) => {
        assert.ok(box.x >= 0 && box.x + box.width <= width, `${shapes}: ${box.x} + ${box.width} in ${width}`);
        assert.ok(k === 0 || box.x > boxes[k - 1].x + boxes[k - 1].width);
      });
      assert.equal(new Set(boxes.filter(({ kind }) => kind !== "code").map(({ cell }) => cell.join())).size, 1);
    }
  }
});

test("what is under a place is the unit whose cell is there", () => {
  const layout = layOut(SHAPES, 3, false, 1000);
  for (const [layer, unit] of [[0, 30], [1, 255], [3, 1], [6, 783]]) {
    const [x, y, width, height] = placeOf(layout, layer, unit);
    assert.deepEqual(unitUnder(layout, x + width / 2, y + height / 2), { layer, unit });
  }
  assert.equal(unitUnder(layout, 0.5, 1), null);
});

test("a scale ends at a round number that no value exceeds, and 0 is its middle", () => {
  assert.deepEqual([[], [0], [0.3, -0.7], [4.2], [5], [-60], [1e-5], [NaN]].map(reachOf), [1, 1, 1, 5, 5, 100, 1e-5, 1]);
  const table = Uint32Array.from({ length: 256 }, (_, k) => k + 1);
  const { pixels } = shaded(Float32Array.of(-2, 0, 2, 9, NaN), gridOf([5]), 2, table);
  assert.deepEqual(Array.from(pixels), [1, 129, 256, 256, 0]);
});

const MODEL = new Network(networkMessage({
  shape: [2], latent: 1,
  encoder: [["linear", [[1, 2], [3, 4], [5, 6]], [0, 0, 0]], "relu", ["linear", [[1, -1, 0]], [0]], "identity"],
  layers: [["linear", [[1], [2]], [0, 0]], "identity"],
}));

test("a unit sees its row of weights, and writes its column", () => {
  assert.deepEqual(seenBy(MODEL, 1, 1), { values: Float32Array.of(3, 4), shape: [2] });
  assert.deepEqual(writtenBy(MODEL, 1, 1), { values: Float32Array.of(-1), shape: [1] });
  assert.deepEqual(writtenBy(MODEL, 2, 0), { values: Float32Array.of(1, 2), shape: [2] });
  assert.equal(seenBy(MODEL, 0, 0), null);
  assert.equal(writtenBy(MODEL, 3, 0), null);
});

test("the part of a unit in the output is what is missing without it", () => {
  const pass = MODEL.pass(Float32Array.of(1, 1));
  assert.deepEqual(pass.values.map((values) => Array.from(values)), [[1, 1], [3, 7, 11], [-4], [-4, -8]]);
  assert.deepEqual(effectOf(MODEL, pass, 1, 1, {}), Float32Array.of(-7, -14));
  assert.deepEqual(effectOf(MODEL, pass, 1, 2, {}), Float32Array.of(0, 0));
  assert.deepEqual(effectOf(MODEL, pass, 2, 0, {}), Float32Array.of(-4, -8));
  assert.equal(effectOf(MODEL, pass, 3, 0, {}), null);
});

test("a unit of a map sees the kernels of that map, and writes others", () => {
  const kernel = (value) => [[value, 0, 0], [0, 0, 0], [0, 0, 0]];
  const network = new Network(networkMessage({
    shape: [1, 2, 2], latent: 1,
    encoder: [["strided", [[kernel(1)], [kernel(2)]], [0, 0], { input: [1, 2, 2], output: [2, 1, 1] }], "relu", ["linear", [[1, 1]], [0]], "identity"],
    layers: [["linear", [[1], [1]], [0, 0]], "relu", ["transposed", [[kernel(3)], [kernel(4)]], [0], { input: [2, 1, 1], output: [1, 2, 2] }], "identity"],
  }));
  assert.deepEqual([seenBy(network, 1, 1).values[0], seenBy(network, 1, 1).shape], [2, [1, 3, 3]]);
  assert.deepEqual([writtenBy(network, 3, 1).values[0], writtenBy(network, 3, 1).shape], [4, [1, 3, 3]]);
  assert.deepEqual([seenBy(network, 4, 0).values[9], seenBy(network, 4, 0).shape], [4, [2, 3, 3]]);
});

test("units and maps with the most to say come first, and units have names", () => {
  assert.deepEqual(mostActive(Float32Array.of(1, -3, 2), 2), [1, 2]);
  assert.deepEqual(mostActiveMaps(Float32Array.of(1, 1, -3, 0), [2, 1, 2], 1), [2]);
  assert.deepEqual([unitName([5], 4), unitName([1, 2, 3], 4), unitName([2, 2, 3], 10)], ["unit 5", "row 2, column 2", "map 2, row 2, column 2"]);
});

test("arrow keys lead to the code first, then along a layer and to the same height of the next", () => {
  assert.deepEqual(moved(SHAPES, null, [1, 0], 3), { layer: 3, unit: 0 });
  assert.deepEqual(moved(SHAPES, { layer: 3, unit: 1 }, [0, 1], 3), { layer: 3, unit: 1 });
  assert.deepEqual(moved(SHAPES, { layer: 3, unit: 1 }, [-1, 0], 3), { layer: 2, unit: 48 });
  assert.deepEqual(moved(SHAPES, { layer: 0, unit: 5 }, [-1, 0], 3), { layer: 0, unit: 5 });
});

test("noise has its level, and corrupts as aelib does", () => {
  const x = new Float32Array(4000).fill(0.5);
  const share = (values, what) => values.filter((value) => value === what).length / values.length;
  assert.ok(Math.abs(share(corrupt(x, { corruption: "masking", level: 0.3 }, [-1, 1]), 0) - 0.3) < 0.03);
  const salted = corrupt(x, { corruption: "salt_and_pepper", level: 0.4 }, [-1, 1]);
  for (const [what, expected] of [[-1, 0.2], [1, 0.2], [0.5, 0.6]]) assert.ok(Math.abs(share(salted, what) - expected) < 0.03);
  const noisy = corrupt(x, { corruption: "gaussian", level: 0.2 }, [-1, 1]);
  const mean = noisy.reduce((sum, value) => sum + value, 0) / x.length;
  assert.ok(Math.abs(mean - 0.5) < 0.02);
  assert.ok(Math.abs(Math.sqrt(noisy.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length) - 0.2) < 0.02);
});

/** A scene and a frame of an objective. */
function moment(objective, { terms = { reconstruction: "reconstruction" }, test: losses = { reconstruction: 2 }, knobs = {}, step = 0 } = {}) {
  const scene = { meta: { experiment: { objective, network: { hidden: [8] } }, terms: terms ?? undefined, steps_per_epoch: 10 } };
  return [scene, { meta: { knobs, test: losses, step } }];
}

test("what acts is told with its place and its value", () => {
  const kl = actingOf(...moment({ kind: "variational" }, { terms: { reconstruction: "reconstruction", kl: "β·KL" }, test: { reconstruction: 2, kl: 3 } }));
  assert.deepEqual(kl.map(({ at }) => at), ["code", "output"]);
  assert.match(kl[0].text, /^β·KL = 3: acts on the code$/);
  const contraction = actingOf(...moment({ kind: "contractive" }, { terms: { reconstruction: "reconstruction", contraction: "λ·‖J‖²" }, test: {} }));
  assert.deepEqual(contraction.map(({ at, text }) => [at, text]), [["encoder", "λ·‖J‖²: Jacobian ∂f/∂x of the encoder"], ["output", "reconstruction: error of the output against the clean example"]]);
  const old = actingOf(...moment({ kind: "variational" }, { terms: null, test: { reconstruction: 2, kl: 3, loss: 5 } }));
  assert.deepEqual(old.map(({ text }) => text.split(":")[0]), ["kl = 3", "reconstruction = 2"]); // of version 0.1.0
  assert.match(actingOf(...moment({ kind: "k_sparse" }, { knobs: { k: [5, 0] } }))[0].text, /the 5 largest units/);
});

test("noise is drawn where the encoder's input has it: not while a hidden layer learns alone", () => {
  const knobs = { level: [0.3, 0] };
  const stacked = { corruption: "masking", epochs_per_layer: 2 };
  assert.deepEqual(noiseOn(...moment({ corruption: "masking" }, { knobs })), { corruption: "masking", level: 0.3 });
  assert.equal(noiseOn(...moment({ corruption: "masking" }, { knobs: { level: [0, 0] } })), null);
  assert.equal(noiseOn(...moment({ kind: "vanilla" })), null);
  assert.deepEqual([0, 25, 45].map((step) => noiseOn(...moment(stacked, { knobs, step })) !== null), [true, false, true]);
  assert.equal(actingOf(...moment(stacked, { knobs, step: 25 }))[0].at, 1);
});

test("numbers of what acts stand at its place, side by side", () => {
  const layout = layOut(SHAPES, 3, true, 1000);
  const marks = marksOf([{ at: 0, text: "" }, { at: "code", text: "" }, { at: "code", text: "" }, { at: "output", text: "" }], layout, 3);
  assert.deepEqual(marks.map(({ number }) => number), [1, 2, 3, 4]);
  assert.equal(Math.round(marks[2].x - marks[1].x), 20);
  assert.ok(marks[0].x > layout.boxes[0].x + layout.boxes[0].width / 2 && marks[0].x < layout.boxes[1].x + layout.boxes[1].width / 2);
});

test("layers have names", () => {
  assert.deepEqual(layerNames({ shapes: SHAPES, codeAt: 3 }, true), ["corrupted input", "hidden 1", "hidden 2", "code", "hidden 3", "hidden 4", "output"]);
});
