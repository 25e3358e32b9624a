import assert from "node:assert/strict";
import { test } from "node:test";
import { exactTexts, fixed, format, spoken, ticks, toPosition, toValue } from "../../../app/web/base/scale.js";

/** The knobs of the registry, by their ranges. */
const KNOBS = {
  level: { low: 0, high: 1, scale: "linear", floor: 1e-4 },
  signed: { low: -2, high: 3, scale: "linear", floor: 1e-4 },
  beta: { low: 0, high: 100, scale: "log", floor: 1e-2 },
  learning_rate: { low: 0, high: 1, scale: "log", floor: 1e-5 },
  penalty: { low: 0, high: 10, scale: "log", floor: 1e-4 },
};
const SLIDER = Array.from({ length: 1001 }, (_, i) => i / 1000);

for (const [name, knob] of Object.entries(KNOBS)) {
  test(`${name}: the ends are exact`, () => {
    assert.equal(toValue(knob, 0), knob.low);
    assert.equal(toValue(knob, 1), knob.high);
    assert.equal(toPosition(knob, knob.low), 0);
    assert.equal(toPosition(knob, knob.high), 1);
  });

  test(`${name}: further to the right is never less`, () => {
    const values = SLIDER.map((position) => toValue(knob, position));
    assert.ok(values.every((value, i) => i === 0 || value >= values[i - 1]));
    assert.ok(values.every((value) => value >= knob.low && value <= knob.high));
    assert.ok(new Set(values).size > 600);
  });

  test(`${name}: a value that the slider gives comes back from its position`, () => {
    for (const position of SLIDER) {
      const value = toValue(knob, position);
      const back = toPosition(knob, value);
      assert.ok(back >= 0 && back <= 1);
      assert.equal(toValue(knob, back), value, `at ${position}`);
    }
  });

  test(`${name}: a position comes back from its value, within the rounding of the value`, () => {
    for (const position of SLIDER) {
      const value = toValue(knob, position);
      // Three significant digits: half a unit in the third is at most 0.5 % of the value.
      const width = Math.abs(toPosition(knob, value * 1.005) - toPosition(knob, value * 0.995));
      const zero = knob.scale === "log" && position < 0.03; // all that part stands for zero and for the floor
      if (!zero) assert.ok(Math.abs(toPosition(knob, value) - position) <= width + 1e-9, `at ${position}`);
    }
  });
}

test("a logarithmic slider begins with zero, then has its decades evenly", () => {
  const knob = KNOBS.learning_rate;
  assert.equal(toValue(knob, 0.01), 0);
  assert.equal(toValue(knob, 0.02), 1e-5);
  assert.equal(toPosition(knob, 5e-6), 0);
  const decades = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1].map((value) => toPosition(knob, value));
  decades.slice(1).forEach((position, i) => assert.ok(Math.abs(position - decades[i] - 0.97 / 5) < 1e-12));
});

test("numbers for people", () => {
  const cases = [
    [0, "0"], [1, "1"], [0.5, "0.5"], [0.12345, "0.123"], [12.345, "12.3"], [123.45, "123"], [1234, "1,234"],
    [999999, "999,999"], [1e6, "1.0e+6"], [0.0001, "0.0001"], [0.00001, "1.0e-5"], [-2.5, "-2.5"], [-1234, "-1,234"],
  ];
  for (const [value, text] of cases) assert.equal(format(value), text);
});

test("ticks are round, evenly spaced, within the range and about as many as asked", () => {
  for (const [low, high, count] of [[0, 1, 5], [0, 10, 5], [-3, 7, 4], [0.001, 0.0013, 5], [1000, 250000, 6], [0, 3.7, 3]]) {
    const found = ticks(low, high, count);
    assert.ok(found.length >= 2 && found.length <= count + 1, `${low}…${high}: ${found}`);
    assert.ok(found.every((t) => t >= low - 1e-9 && t <= high * (1 + 1e-9)));
    const step = found[1] - found[0];
    found.slice(1).forEach((t, i) => assert.ok(Math.abs(t - found[i] - step) < 1e-9 * Math.max(1, high)));
    assert.ok(found.every((t) => String(t).length <= 8), String(found));
  }
});

test("ticks of a range that is none", () => {
  assert.deepEqual(ticks(3, 3, 5), [3]);
  assert.deepEqual(ticks(NaN, 1, 5), [NaN]);
});

test("ticks end where their numbers cannot be told apart, or have no end", () => {
  assert.deepEqual(ticks(1.8746021844353318, 1.8746021844353329, 6), [1.8746021844353318]);
  assert.deepEqual(ticks(1e300, 1e300 * (1 + 2 ** -52), 6), [1e300]);
  for (const [low, high] of [[0, Infinity], [-Infinity, 0], [-1e308, 1e308]]) assert.ok(ticks(low, high, 6).length <= 8);
});

test("round values are written so that they are told apart, short where short is exact", () => {
  assert.deepEqual(exactTexts([-0.5, 0, 0.5]), ["-0.5", "0", "0.5"]);
  assert.deepEqual(exactTexts([1000, 2000]), ["1,000", "2,000"]);
  assert.deepEqual(exactTexts([5.1234, 5.1236]), ["5.1234", "5.1236"]);
  assert.deepEqual(exactTexts([1234.5, 1235]), ["1234.5", "1235"]);
});

test("what rounds to nothing has no sign", () => {
  assert.deepEqual([-0.001, -0, 0.004, -0.005001, -1.5].map((value) => fixed(value, 2)), ["0.00", "0.00", "0.00", "-0.01", "-1.50"]);
  assert.equal(spoken(Float32Array.of(-0.001, 1.234, -2)), "z = (0.00, 1.23, -2.00)");
  assert.equal(spoken(new Float32Array(9)), `z = (${Array(8).fill("0.00").join(", ")}, …)`);
});
