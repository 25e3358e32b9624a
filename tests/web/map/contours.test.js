import assert from "node:assert/strict";
import { test } from "node:test";
import { colourContours, density, densityLines, levelsOf, SHARES, valueAt } from "../../../app/web/map/contours.js";
import { fieldLines, isolines } from "../../../app/web/map/isolines.js";
import { inPolygon } from "../../../app/web/map/lasso.js";
import { randomNumbers } from "../support.js";

const random = randomNumbers(12);
const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const blob = (count, x, y, sx, sy) => Array.from({ length: 2 * count }, (_, i) => (i & 1 ? y + sy * gauss() : x + sx * gauss()));
const field = (rows, columns, f) => Float32Array.from({ length: rows * columns }, (_, i) => f(i % columns, Math.floor(i / columns)));

test("the line of a cone is a circle, closed", () => {
  const lines = isolines(field(41, 61, (x, y) => -Math.hypot(x - 30.2, y - 19.7)), 41, 61, -12);
  assert.equal(lines.length, 1);
  assert.ok(lines[0].closed);
  const { points } = lines[0];
  for (let i = 0; i < points.length; i += 2) assert.ok(Math.abs(Math.hypot(points[i] - 30.2, points[i + 1] - 19.7) - 12) < 0.02);
  // Neighbours along the line are neighbours in the plane, the last one and the first one too.
  for (let i = 0; i < points.length; i += 2) {
    const j = (i + 2) % points.length;
    assert.ok(Math.hypot(points[i] - points[j], points[i + 1] - points[j + 1]) < 1.5);
  }
});

test("a line that meets the border is open, and on a slope it is straight", () => {
  const lines = isolines(field(5, 9, (x, y) => x + 2 * y), 5, 9, 7.3);
  assert.equal(lines.length, 1);
  assert.ok(!lines[0].closed);
  const { points } = lines[0];
  for (let i = 0; i < points.length; i += 2) assert.ok(Math.abs(points[i] + 2 * points[i + 1] - 7.3) < 1e-5);
  const ends = [points[1], points[points.length - 1]].sort((a, b) => a - b);
  assert.deepEqual(ends.map((y) => Math.round(1000 * y)), [0, 3650]);
});

test("two hills have two lines, and one around both lower down", () => {
  const hills = field(40, 60, (x, y) => Math.exp(-((x - 18) ** 2 + (y - 20) ** 2) / 60) + Math.exp(-((x - 40) ** 2 + (y - 20) ** 2) / 60));
  assert.equal(isolines(hills, 40, 60, 0.6).length, 2);
  assert.equal(isolines(hills, 40, 60, 0.1).length, 1);
  assert.equal(isolines(hills, 40, 60, 5).length, 0);
});

test("a saddle is joined or parted by the value of its middle", () => {
  const joined = isolines(Float32Array.of(1, 0, 0, 1), 2, 2, 0.4);
  const parted = isolines(Float32Array.of(1, 0, 0, 1), 2, 2, 0.6);
  assert.equal(joined.length, 2);
  assert.equal(parted.length, 2);
  // Joined: no line is crossed on the way from one high corner to the other; each line cuts off a low corner.
  const cutsOff = (lines, x, y) => lines.some(({ points: [ax, ay, bx, by] }) => (ax === x || bx === x) && (ay === y || by === y) && Math.hypot(ax - bx, ay - by) < 1.01);
  assert.ok(cutsOff(joined, 1, 0) && cutsOff(joined, 0, 1) && !cutsOff(joined, 0, 0));
  assert.ok(cutsOff(parted, 0, 0) && cutsOff(parted, 1, 1) && !cutsOff(parted, 1, 0));
});

test("every crossing of a random field is on exactly one line", () => {
  const values = field(30, 30, () => random());
  let crossings = 0;
  for (let y = 0; y < 30; y++) {
    for (let x = 0; x < 30; x++) {
      if (x < 29) crossings += Number(values[30 * y + x] >= 0.5 !== values[30 * y + x + 1] >= 0.5);
      if (y < 29) crossings += Number(values[30 * y + x] >= 0.5 !== values[30 * y + x + 30] >= 0.5);
    }
  }
  const lines = isolines(values, 30, 30, 0.5);
  assert.equal(lines.reduce((sum, { points }) => sum + points.length / 2, 0), crossings);
  for (const { points, closed } of lines) {
    const border = (k) => [0, 29].includes(points[k]) || [0, 29].includes(points[k + 1]);
    if (!closed) assert.ok(border(0) && border(points.length - 2));
  }
});

test("squares with a value that is not a number have no line", () => {
  const values = field(9, 9, (x) => x);
  values[4 * 9 + 4] = NaN;
  const lines = isolines(values, 9, 9, 4.5);
  assert.equal(lines.length, 2);
  assert.ok(lines.every(({ points }) => points.every(Number.isFinite)));
});

test("lines of a field are in the coordinates of its data", () => {
  const values = field(11, 21, (x, y) => y);
  const [line] = fieldLines({ values, rows: 11, columns: 21, low: [-2, 100], high: [2, 200] }, 2.5);
  for (let i = 1; i < line.points.length; i += 2) assert.equal(line.points[i], 125);
  assert.deepEqual([Math.min(line.points[0], line.points.at(-2)), Math.max(line.points[0], line.points.at(-2))], [-2, 2]);
});

test("the density sums to one, and its variance is that of the points and of the kernel together", () => {
  const count = 10;
  const points = Float32Array.from({ length: 2 * count }, (_, i) => (i & 1 ? 100 - 3 * (i >> 1) : i >> 1));
  const { values, rows, columns, low, high } = density(points, 1);
  assert.ok(Math.abs(values.reduce((a, b) => a + b, 0) - 1) < 1e-4);
  for (const [axis, own, middle] of [[0, 8.25, 4.5], [1, 74.25, 86.5]]) {
    const step = (high[axis] - low[axis]) / ((axis ? rows : columns) - 1);
    const at = (k) => low[axis] + step * (axis ? Math.floor(k / columns) : k % columns);
    const mean = values.reduce((sum, v, k) => sum + v * at(k), 0);
    const variance = values.reduce((sum, v, k) => sum + v * (at(k) - mean) ** 2, 0);
    assert.ok(Math.abs(mean - middle) < 0.01);
    assert.ok(Math.abs(variance / (own * (1 + count ** (-1 / 3))) - 1) < 0.01, `${variance}`);
  }
});

test("lines enclose the share of the points that they promise", () => {
  const points = Float32Array.from([...blob(3000, 0, 0, 1, 1), ...blob(2000, 6, 2, 0.3, 2), ...blob(1000, -4, 5, 1, 0.2)]);
  const lines = densityLines(points);
  assert.ok(lines.every((line) => line.closed));
  for (const share of SHARES) {
    const own = lines.filter((line) => line.share === share);
    let inside = 0;
    for (let i = 0; i < points.length; i += 2) {
      inside += Number(own.filter((line) => inPolygon(line.points, points[i], points[i + 1])).length % 2);
    }
    assert.ok(Math.abs(inside / 6000 - share) < 0.02, `${inside / 6000} instead of ${share}`);
  }
});

test("contours of a round blob are circles of the radius that the Rayleigh distribution gives", () => {
  // Quantiles of the radius, turned by the golden angle: as round and even as points can lie.
  const points = Float32Array.from({ length: 40000 }, (_, i) => {
    const radius = Math.sqrt(-2 * Math.log(1 - ((i >> 1) + 0.5) / 20000));
    return i & 1 ? 2 + radius * Math.sin(2.399963 * (i >> 1)) : 1 + radius * Math.cos(2.399963 * (i >> 1));
  });
  for (const { share, points: line } of densityLines(points, [0.5, 0.75])) {
    const radius = Math.sqrt(-2 * Math.log(1 - share));
    for (let i = 0; i < line.length; i += 2) assert.ok(Math.abs(Math.hypot(line[i] - 1, line[i + 1] - 2) / radius - 1) < 0.03);
  }
});

test("levels fall as shares rise, and a value between nodes is between theirs", () => {
  const points = Float32Array.from(blob(2000, 0, 0, 1, 1));
  const levels = levelsOf(density(points), points, SHARES);
  levels.slice(1).forEach((level, k) => assert.ok(level < levels[k]));
  const plane = { values: field(3, 4, (x, y) => 10 * y + x), rows: 3, columns: 4, low: [0, 0], high: [3, 2] };
  assert.equal(valueAt(plane, 1.5, 0.25), 4);
  assert.equal(valueAt(plane, 3, 2), 23);
  assert.ok(Number.isNaN(valueAt(plane, 3.01, 1)));
});

test("few points, points in one place and on a line do no harm", () => {
  assert.deepEqual(densityLines(Float32Array.of(1, 2, 3, 4)), []);
  for (const points of [new Float32Array(40).fill(3), Float32Array.from({ length: 40 }, (_, i) => (i & 1 ? 2 : i))]) {
    const lines = densityLines(points);
    assert.ok(lines.length && lines.every((line) => line.points.every(Number.isFinite)));
  }
});

test("contours of each colour lie around its points; a ramp of colours counts as one", () => {
  const points = Float32Array.from([...blob(500, 0, 0, 1, 1), ...blob(500, 50, 0, 1, 1)]);
  const colours = Uint32Array.from({ length: 1000 }, (_, i) => (i < 500 ? 0xff0000ff : 0xff00ff00));
  const lines = colourContours(points, colours, [0.9]);
  const middle = (line) => line.points.filter((_, i) => i % 2 === 0).reduce((a, b) => a + b, 0) / (line.points.length / 2);
  assert.deepEqual([...new Set(lines.map((line) => line.colour))].sort(), ["#00ff00", "#ff0000"]);
  for (const line of lines) assert.ok(Math.abs(middle(line) - (line.colour === "#ff0000" ? 0 : 50)) < 5);
  assert.ok(colourContours(points, Uint32Array.from({ length: 1000 }, (_, i) => i), [0.9]).every((line) => line.colour === null));
});
