import assert from "node:assert/strict";
import { test } from "node:test";
import { Cancelled } from "../../../app/web/wire/questions.js";
import { reach, spokenUnit, widest } from "../../../app/web/latent/example/codebars.js";
import { halfAxes, posteriorEllipses, projectedCovariance } from "../../../app/web/space/ellipses.js";
import { Latest } from "../../../app/web/wire/latest.js";
import { inBoth, spokenShare } from "../../../app/web/latent/example/nearrows.js";
import { spokenLevel } from "../../../app/web/latent/noisecontrols.js";
import { featuresOf, readNumbers } from "../../../app/web/latent/numberinputs.js";
import { placeOn } from "../../../app/web/latent/example/ownmark.js";
import { spokenAnomaly } from "../../../app/web/latent/ownpanel.js";
import { errorShades, signedShades } from "../../../app/web/latent/example/shades.js";
import { FINE, Sheet } from "../../../app/web/latent/example/sheet.js";
import { fillAround, judged, sharesOf, whereTo } from "../../../app/web/latent/example/upload.js";
import { randomNumbers } from "../support.js";

const near = (actual, expected, tolerance = 1e-6) => assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
const sum = (values) => values.reduce((a, b) => a + b, 0);

test("a sheet gives back exactly the example that is put on it, of any shape", () => {
  const random = randomNumbers(1);
  for (const shape of [[1, 8, 8], [1, 3, 5], [3, 4, 2]]) {
    const sheet = new Sheet(shape);
    const shares = Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, random);
    sheet.show(shares);
    assert.deepEqual(sheet.example(), shares);
  }
});

test("an example has the mean of its little pixels", () => {
  const sheet = new Sheet([1, 2, 2]);
  for (let row = 0; row < FINE; row++) for (let column = 0; column < FINE / 2; column++) sheet.values[row * sheet.width + column] = 1;
  assert.deepEqual([...sheet.example()], [0.5, 0, 0, 0]);
});

test("a dab covers a disc: its ink is the disc's area, in the middle it is whole, its edge is soft", () => {
  for (const size of [8, 28]) {
    const sheet = new Sheet([1, size, size]);
    const [centre, radius] = [size / 2, 0.15 * size];
    sheet.stroke([centre, centre], [centre, centre], radius);
    // A linear edge of width e around radius r holds π (r² + e² / 12).
    const area = Math.PI * (radius ** 2 + sheet.edge ** 2 / 12);
    near(sum([...sheet.example()]) / area, 1, 0.01);
    assert.equal(sheet.values[(FINE * size * sheet.width) / 2 + (FINE * size) / 2], 1);
    assert.ok(sheet.values.some((value) => value > 0.2 && value < 0.8));
  }
});

test("a line covers what lies between its ends, as far as its radius", () => {
  const sheet = new Sheet([1, 28, 28]);
  sheet.stroke([5, 14], [22, 14], 1.5);
  const example = sheet.example();
  const at = (x, y) => example[y * 28 + x];
  assert.deepEqual([at(5, 13), at(13, 13), at(21, 14)], [1, 1, 1]);
  assert.deepEqual([at(13, 10), at(13, 17), at(1, 13), at(26, 13)], [0, 0, 0, 0]);
});

test("drawing over a line again changes nothing, rubbing it out leaves nothing", () => {
  const sheet = new Sheet([1, 28, 28]);
  sheet.stroke([5, 5], [20, 20], 2);
  const once = sheet.values.slice();
  sheet.stroke([5, 5], [20, 20], 2);
  assert.deepEqual(sheet.values, once);
  assert.equal(sheet.isBlank(), false);
  sheet.stroke([5, 5], [20, 20], 4, true);
  assert.equal(sheet.isBlank(), true);
});

test("strokes beyond the border are cut off there", () => {
  const sheet = new Sheet([1, 8, 8]);
  sheet.stroke([-3, -3], [-2, -2], 1);
  assert.equal(sheet.isBlank(), true);
  sheet.stroke([-3, 4], [30, 4], 1);
  const example = sheet.example();
  assert.equal(example.length, 64);
  assert.deepEqual([...example.slice(24, 32)], [...example.slice(32, 40)], "symmetric about y = 4");
  assert.ok(example[24] > 0 && example[31] > 0);
});

test("a brush paints all channels alike", () => {
  const sheet = new Sheet([3, 6, 4]);
  sheet.stroke([2, 3], [2, 3], 1);
  const example = sheet.example();
  assert.ok(sum([...example]) > 0);
  assert.deepEqual(example.slice(0, 24), example.slice(24, 48));
  assert.deepEqual(example.slice(0, 24), example.slice(48));
});

test("a sheet is painted in grey, or in its colours", () => {
  const grey = new Sheet([1, 1, 1]);
  grey.show([0.5]);
  const rgba = new Uint8ClampedArray(4 * FINE * FINE);
  grey.paintInto(rgba);
  assert.deepEqual([...rgba.slice(0, 4)], [128, 128, 128, 255]);
  const colour = new Sheet([3, 1, 1]);
  colour.show([1, 0, 0.2]);
  colour.paintInto(rgba);
  assert.deepEqual([...rgba.slice(-4)], [255, 0, 51, 255]);
});

test("squared errors add up over channels and are white where they are greatest", () => {
  const grey = errorShades([0, 0.25, 0.5, 0.1], [1, 2, 2]);
  assert.deepEqual([...grey.bytes], [0, 128, 255, 51]);
  assert.equal(grey.greatest, 0.5);
  const colour = errorShades([1, 0, 1, 0, 0, 1], [3, 1, 2]);
  assert.deepEqual([[...colour.bytes], colour.look.shape, colour.greatest], [[255, 128], [1, 1, 2], 2]);
  const vector = errorShades([0, 0, 4], [3]);
  assert.deepEqual([[...vector.bytes], vector.look], [[0, 0, 255], { shape: [3], range: [0, 4] }]);
  assert.deepEqual([...errorShades([0, 0], [1, 1, 2]).bytes], [0, 0], "a perfect reconstruction");
});

test("directions are middle grey at 0 and reach one end of the greys", () => {
  const { bytes, look } = signedShades([0, 0.2, -0.4], [3]);
  assert.deepEqual([[...bytes], look.range], [[128, 191, 0], [-1, 1]]);
  assert.deepEqual([...signedShades([0, 0], [2]).bytes], [128, 128]);
});

const axes = (...units) => ({ method: "axes", dimensions: units.length === 3 ? 3 : 2, units, components: null, mean: null });
const pca = (components, mean) => ({ method: "pca", dimensions: 2, units: [], components: Float32Array.from(components), mean: Float32Array.from(mean) });

test("on raw axes a posterior's ellipse has its deviations for half axes", () => {
  const [one, two] = posteriorEllipses(axes(2, 0), Float32Array.of(1, 2, 3), Float32Array.of(0.5, 0.25, 2), "#000000");
  assert.deepEqual([one.x, one.y, one.rx, one.ry, one.angle, one.shape], [3, 1, 2, 0.5, 0, "ellipse"]);
  assert.deepEqual([two.rx, two.ry], [4, 1]);
});

test("there are no ellipses in space, in rows of labels and where the map is not linear", () => {
  const [code, deviation] = [Float32Array.of(1, 2, 3), Float32Array.of(1, 1, 1)];
  const none = { method: "tsne", dimensions: 2, units: [], components: null, mean: null };
  for (const layout of [axes(0, 1, 2), axes(0), none]) assert.deepEqual(posteriorEllipses(layout, code, deviation, ""), []);
});

test("half axes and their angle are the eigenvalues and eigenvectors of a covariance", () => {
  const random = randomNumbers(3);
  for (let trial = 0; trial < 20; trial++) {
    const [a, b, angle] = [1 + random(), random(), Math.PI * (random() - 0.5)];
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const found = halfAxes(a * a * c * c + b * b * s * s, (a * a - b * b) * c * s, a * a * s * s + b * b * c * c);
    near(found.rx, a);
    near(found.ry, b);
    near(Math.sin(found.angle - angle), 0, 1e-6); // up to half a turn
  }
});

test("a projected covariance is that of projected draws", () => {
  const components = Float32Array.of(0.6, 0.8, 0, 0, 0, 1);
  const sigma = Float32Array.of(1, 2, 0.5);
  const [p, q, r] = projectedCovariance(components, sigma);
  near(p, 0.36 + 0.64 * 4);
  near(q, 0);
  near(r, 0.25);
  const [first] = posteriorEllipses(pca(components, [1, 1, 1]), Float32Array.of(2, 1, 4), sigma, "");
  near(first.x, 0.6);
  near(first.y, 3);
  near(first.rx, Math.sqrt(p));
});

test("a code falls on linear maps of the plane and of space, and on no others", () => {
  const code = Float32Array.of(1, 2, 3);
  assert.deepEqual(placeOn(axes(2, 0), code), [3, 1]);
  assert.deepEqual(placeOn(axes(2, 0, 1), code), [3, 1, 2]);
  assert.deepEqual(placeOn(pca([0, 1, 0, 0, 0, 1], [1, 1, 1]), code), [1, 2]);
  assert.equal(placeOn(axes(0), code), null);
  assert.equal(placeOn({ method: "umap", units: [], components: null, mean: null }, code), null);
});

test("bars reach from the lowest to the highest whisker, and 0 is among them", () => {
  assert.deepEqual(reach(Float32Array.of(2, -1), null), [-1, 2]);
  assert.deepEqual(reach(Float32Array.of(2, 1), Float32Array.of(0.5, 3)), [-2, 4]);
  assert.deepEqual(reach(Float32Array.of(3, 1), null), [0, 3]);
  assert.deepEqual(reach(Float32Array.of(0, 0), null), [-1, 1]);
});

test("the unit that is told first is the one farthest from 0", () => {
  assert.equal(widest(Float32Array.of(0.5, -2, 1.5)), 1);
  assert.equal(widest(Float32Array.of(0, 0)), 0);
});

test("a unit is told with what is known of it", () => {
  const of = { code: Float32Array.of(0.5, -2), deviation: null, unitKl: null, collapsed: [] };
  assert.equal(spokenUnit(of, 1), "unit 2: z = -2");
  const full = { ...of, deviation: Float32Array.of(1, 0.25), unitKl: Float32Array.of(0, 1.5), collapsed: [0] };
  assert.equal(spokenUnit(full, 1), "unit 2: z = -2, σ = 0.25, KL = 1.5 nats");
  assert.match(spokenUnit(full, 0), /collapsed/);
});

test("what two rows have in common", () => {
  assert.deepEqual(inBoth([1, 2, 3], [3, 4, 1]), new Set([1, 3]));
  assert.match(spokenShare(0, 10, "pixels"), /^None of the 10 nearest in code are .* in pixels\.$/);
  assert.match(spokenShare(1, 10, "pixels"), /^One of the 10 nearest in code is /);
  assert.match(spokenShare(4, 10, "features"), /^4 of the 10 nearest in code are .* in features\.$/);
  assert.match(spokenShare(10, 10, "pixels"), /^All of the 10/);
  assert.match(spokenShare(0, 0, "pixels"), /no other example/);
});

test("how foreign an example is, in words that stay true at the ends", () => {
  assert.equal(spokenAnomaly(0.934, 360), "Larger error than 93 % of the 360 held-out examples.");
  assert.match(spokenAnomaly(0.9999, 10000), /more than 99 % of the 10,000/);
  assert.match(spokenAnomaly(0.0001, 10000), /less than 1 %/);
  assert.match(spokenAnomaly(1, 360), /larger error than all/);
  assert.match(spokenAnomaly(0, 360), /familiar/);
});

test("the amount of noise is a share of the pixels, or a standard deviation", () => {
  assert.deepEqual(["masking", "salt_and_pepper", "gaussian"].map((kind) => spokenLevel(kind, 0.25)), ["25 %", "25 %", "σ = 0.25"]);
});

test("typed numbers are read, and the first that is none is named", () => {
  const plain = featuresOf(3, [0, 1], null);
  assert.deepEqual([...readNumbers(["1", "-2.5", "1e2"], plain).values], [1, -2.5, 100]);
  for (const bad of ["", " ", "x", "NaN", "Infinity", "1e999"]) {
    assert.deepEqual(readNumbers(["1", bad, ""], plain), { values: null, complaint: "“feature 2” needs a number." });
  }
  assert.match(readNumbers(["1000001"], plain).complaint, /“feature 1” is too far/);
  assert.equal(readNumbers(["-1000000"], plain).complaint, "");
});

test("a row of a table is typed in the units of its columns", () => {
  const columns = [
    { name: "height", at: 0, width: 1, shift: 170, scale: 10, words: null },
    { name: "city", at: 1, width: 2, shift: 0, scale: 1, words: ["Oslo", "Rome"] },
    { name: "wild", at: 3, width: 1, shift: 0.5, scale: 0.5, words: ["no", "yes"] },
  ];
  const features = featuresOf(4, [-2, 2], { columns, numbers: 4, total: 3 });
  assert.deepEqual(features.map(({ name }) => name), ["height", "city: Oslo", "city: Rome", "wild"]);
  assert.deepEqual(features.map(({ hint }) => hint), ["150 … 190", "0 or 1", "0 or 1", "0: no, 1: yes"]);
  assert.deepEqual([...readNumbers(["185", "1", "0", "0"], features).values], [1.5, 1, 0, -1]);
  assert.equal(readNumbers(["tall", "1", "0", "0"], features).complaint, "“height” needs a number.");
});

test("a picture stands in a frame as those of its data did: whole, cut to the middle, or stretched", () => {
  const fits = (fit, picture, frame, expected) => Object.values(whereTo(picture, frame, fit)).forEach((value, k) => near(value, expected[k]));
  for (const fit of [null, "pad"]) {
    fits(fit, { width: 100, height: 50 }, { width: 28, height: 28 }, [0, 7, 28, 14]);
    fits(fit, { width: 2, height: 4 }, { width: 8, height: 8 }, [2, 0, 4, 8]);
  }
  fits("crop", { width: 100, height: 50 }, { width: 28, height: 28 }, [-14, 0, 56, 28]);
  fits("crop", { width: 2, height: 4 }, { width: 8, height: 8 }, [0, -4, 8, 16]);
  fits("fit", { width: 100, height: 50 }, { width: 28, height: 28 }, [0, 0, 28, 28]);
});

test("beyond a picture that is whole its own colour goes on", () => {
  const shares = new Float32Array(2 * 12).fill(1);
  fillAround(shares, { width: 4, height: 3 }, { x: 1, y: 0, width: 2, height: 3 }, [0.25, 0.5]);
  assert.deepEqual([...shares], [0.25, 0.5].flatMap((colour) => [1, 2, 3].flatMap(() => [colour, 1, 1, colour])));
});

test("colours become grey by their brightness, or stay channels; inverting turns all over", () => {
  const rgba = Uint8ClampedArray.of(255, 255, 255, 255, 255, 0, 0, 255);
  const grey = sharesOf(rgba, 1, false);
  near(grey[0], 1);
  near(grey[1], 0.299);
  near(sharesOf(rgba, 1, true)[1], 0.701);
  assert.deepEqual([...sharesOf(rgba, 3, false)], [1, 1, 1, 0, 1, 0]);
});

/** Pixels of a picture: each colour so many times. */
const pixels = (...runs) => Uint8ClampedArray.from(runs.flatMap(([count, ...rgba]) => Array.from({ length: count }, () => rgba).flat()));
const CLEAR = [0, 0, 0, 0];

test("ink on a transparent ground is told from its brightness, and becomes what is bright on the sheet", () => {
  for (const [ink, dark] of [[[0, 0, 0], true], [[20, 40, 110], true], [[255, 255, 255], false], [[255, 230, 90], false]]) {
    const rgba = pixels([90, ...CLEAR], [10, ...ink, 255]);
    assert.deepEqual(judged(rgba), { nothing: "", dark });
    for (const channels of [1, 3]) {
      const shares = sharesOf(rgba, channels, dark);
      assert.equal(Math.max(...shares.slice(0, 90)), 0, "the ground");
      assert.ok(shares[95] > 0.5);
    }
  }
  near(sharesOf(pixels([1, 0, 0, 0, 51]), 1, true)[0], 0.2); // a soft edge
  near(sharesOf(pixels([1, 255, 255, 255, 51]), 1, false)[0], 0.2);
});

test("without a transparent ground nobody can tell ink", () => {
  assert.equal(judged(pixels([90, 255, 255, 255, 255], [10, 0, 0, 0, 255])).dark, null);
  assert.equal(judged(pixels([90, 0, 0, 0, 255], [10, 255, 255, 255, 255])).dark, null);
  assert.equal(judged(pixels([1, ...CLEAR], [50, 0, 0, 0, 255], [49, 40, 40, 40, 255])).dark, null, "a rounded corner");
});

test("a picture with nothing on it is named so", () => {
  assert.equal(judged(pixels([100, ...CLEAR])).nothing, "wholly transparent");
  assert.equal(judged(pixels([50, ...CLEAR], [50, 255, 0, 255, 0])).nothing, "wholly transparent");
  for (const grey of [0, 128, 254]) assert.equal(judged(pixels([50, grey, grey, grey, 255], [50, grey + 1, grey, grey, 255])).nothing, "of one colour all over");
  assert.equal(judged(pixels([99, 0, 0, 0, 255], [1, 9, 9, 9, 255])).nothing, "");
  assert.equal(judged(pixels([99, ...CLEAR], [1, 0, 0, 0, 255])).nothing, "");
});

/** A server whose answers come when they are let go. */
function questions() {
  const asked = [];
  const ask = (values) => {
    const question = { values };
    question.answer = new Promise((resolve, reject) => Object.assign(question, { resolve, reject }));
    question.cancel = () => question.reject(new Cancelled());
    asked.push(question);
    return question;
  };
  return { asked, ask };
}
const settled = () => new Promise((resolve) => setTimeout(resolve));

test("of many wishes one is asked at a time, and of those that wait the newest", async () => {
  const { asked, ask } = questions();
  const heard = [];
  const latest = new Latest(ask, { onAnswer: (message, values) => heard.push([message, values]), onFailed: assert.fail });
  for (const wish of [1, 2, 3, 4]) latest.want(wish);
  assert.deepEqual(asked.map(({ values }) => values), [1]);
  asked[0].resolve("a");
  await settled();
  assert.deepEqual(asked.map(({ values }) => values), [1, 4]);
  asked[1].resolve("b");
  await settled();
  assert.deepEqual([heard, asked.length], [[["a", 1], ["b", 4]], 2]);
});

test("a failure is told, and the next wish is asked all the same", async () => {
  const { asked, ask } = questions();
  const heard = [];
  const latest = new Latest(ask, { onAnswer: (message) => heard.push(message), onFailed: (text) => heard.push(`failed: ${text}`) });
  latest.want(1);
  latest.want(2);
  asked[0].reject(new Error("no"));
  await settled();
  asked[1].resolve("yes");
  await settled();
  assert.deepEqual(heard, ["failed: no", "yes"]);
});

test("what was dropped is not heard; what is wanted after it is", async () => {
  const { asked, ask } = questions();
  const heard = [];
  const latest = new Latest(ask, { onAnswer: (message) => heard.push(message), onFailed: assert.fail });
  latest.want(1);
  latest.want(2);
  latest.drop();
  latest.want(3);
  await settled();
  assert.deepEqual(asked.map(({ values }) => values), [1, 3]);
  asked[1].resolve("three");
  await settled();
  assert.deepEqual(heard, ["three"]);
});
