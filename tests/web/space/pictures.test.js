import assert from "node:assert/strict";
import { test } from "node:test";
import { Pictures } from "../../../app/web/space/pictures.js";

/** A space whose example i is full of the byte i modulo 256; what was asked of it is written down. */
function spaceOf(count, features, most = Infinity) {
  const asked = [];
  const ask = (name, { first, count: many, indices }) => {
    const wished = indices ?? Array.from({ length: many }, (_, k) => first + k);
    asked.push(wished);
    const sent = wished.slice(0, most);
    const data = Uint8Array.from(sent.flatMap((index) => Array(features).fill(index % 256)));
    return { answer: Promise.resolve({ arrays: { indices: { data: Int32Array.from(sent) }, pictures: { data } } }) };
  };
  return { count, features, asked, ask, tell() {} };
}

const settled = async (pictures, isDone) => {
  while (!isDone(pictures)) await new Promise((done) => setTimeout(done, 1));
};

test("small pictures all come by themselves, large ones as many as there is room for", async () => {
  const small = new Pictures(spaceOf(50, 12));
  await settled(small, () => small.known.size === 50);
  assert.deepEqual(Array.from(small.of(7)), Array(12).fill(7));
  const space = spaceOf(10_000, 3 * 128 * 128);
  const large = new Pictures(space);
  await settled(large, () => large.known.size === 244);
  for (const wished of space.asked) assert.ok(wished.length * 3 * 128 * 128 <= 4e6);
});

test("all that are wanted come, a few in each answer, and the oldest go", async () => {
  const space = spaceOf(600, 200_000); // 640 would be kept, 20 in a question
  const pictures = new Pictures(space);
  pictures.kept = 100;
  await settled(pictures, () => pictures.known.size === 60);
  assert.equal(pictures.of(599), null);
  pictures.want(Array.from({ length: 90 }, (_, k) => 100 + k));
  await settled(pictures, () => [599, 189].every((index) => pictures.known.has(index)));
  assert.equal(pictures.known.size, 100);
  assert.equal(pictures.of(189)[0], 189);
  assert.ok(!pictures.known.has(0));
});

test("without a connection nothing is asked for over and over", async () => {
  const space = spaceOf(5, 4);
  let tries = 0;
  space.ask = () => ({ answer: Promise.reject(new Error(String(++tries))) });
  const pictures = new Pictures(space);
  pictures.chunk = 1;
  assert.equal(pictures.of(3), null);
  assert.equal(pictures.of(4), null);
  await settled(pictures, () => tries === 2 && pictures.pending === undefined);
  assert.equal(pictures.wanted.size, 0);
});

test("the numbers of rows of a table come with their pictures, and go with them", async () => {
  const space = { count: 5, features: 3, tell() {}, ask: (name, { first, count: many, indices }) => {
    const sent = indices ?? Array.from({ length: many }, (_, k) => first + k);
    const values = { data: Float32Array.from(sent.flatMap((index) => [index + 0.5, -index])), shape: [sent.length, 2] };
    return { answer: Promise.resolve({ arrays: { indices: { data: sent }, pictures: { data: new Uint8Array(3 * sent.length) }, values } }) };
  } };
  const pictures = new Pictures(space);
  await settled(pictures, () => pictures.known.size === 5);
  assert.deepEqual([...pictures.rowOf(3)], [3.5, -3]);
  pictures.kept = 5;
  pictures.keep(9, new Uint8Array(3));
  assert.equal(pictures.rows.size, 4);
  assert.equal(pictures.rowOf(0), null);
});
