import assert from "node:assert/strict";
import { test } from "node:test";
import { CLUSTER_COLOURS } from "../../../app/web/base/palette.js";
import { Cancelled } from "../../../app/web/wire/questions.js";
import { askedChoices, AskedColours, isAsked, keyOf, questionFor, usualSettings } from "../../../app/web/space/askedcolours.js";
import { colourChoices, colouring, usualColour } from "../../../app/web/space/colouring.js";
import { groupsOf, membersOf } from "../../../app/web/space/groups.js";

// Rows of a table with a number as its label, and two factors: one of numbers, one of names.
const meta = {
  latent: 1, held_out: 4, count: 4, classes: [], label: "price", factors: ["height", "maker"], factor_classes: [[], ["a", "b", "c"]],
  columns: ["width, cm", "7"], experiment: { left_out: null },
};
const arrays = {
  labels: { data: Float32Array.of(10, 20, 30, 40) }, codes: { data: Float32Array.of(1, 2, 3, 4) }, errors: { data: Float32Array.of(4, 3, 2, 1) },
  factors: { data: Float32Array.of(1.5, 0, 2.5, 2, 3.5, 2, 4.5, 0) },
};

test("everything that is known of the examples can colour them, under its own name", () => {
  const known = colourChoices(meta, arrays).map(({ label }) => label);
  assert.deepEqual(known, ["price", "reconstruction error", "factor: height", "factor: maker", "unit 1"]);
  assert.deepEqual(askedChoices(meta).map(({ label }) => label), ["k-means clusters", "HDBSCAN clusters", "column: width, cm", "column 7"]);
  assert.equal(colourChoices({ ...meta, classes: ["x"], label: "kind" }, arrays)[0].label, "class: kind");
});

test("numbers are on a ramp that tells its name, its ends and what lies beyond", () => {
  const { title, ends, names, beyond, colours } = colouring("factor 0", meta, arrays);
  assert.deepEqual([title, ends, names, beyond, new Set(colours).size], ["height", ["1.5", "4.5"], null, "", 4]);
  const kl = { data: Float32Array.from({ length: 200 }, (_, i) => (i === 7 ? 900 : i / 100)) };
  const far = colouring("kl", meta, { ...arrays, kl });
  assert.deepEqual(far.ends, ["≤ 0.02 nats", "≥ 1.98 nats"]);
  assert.equal(far.beyond, "least 0, greatest 900 nats");
});

test("values with names have the colours of classes, the names and how many there are", () => {
  const { title, names, counts, colours, ends } = colouring("factor 1", meta, arrays);
  assert.deepEqual([title, names, counts, ends], ["maker", ["a", "b", "c"], [2, 0, 2], null]);
  assert.deepEqual([colours[0], colours[1]], [colours[3], colours[2]]);
  assert.notEqual(colours[0], colours[1]);
});

test("points without labels are coloured by a factor at first, or by their errors", () => {
  assert.equal(usualColour(meta), "label");
  assert.equal(usualColour({ ...meta, labelled: false }), "factor 0");
  assert.equal(usualColour({ ...meta, labelled: false, factors: [] }), "errors");
  assert.equal(usualColour({ labelled: false }), "errors");
  const none = { labels: { data: new Float32Array(2) } }; // frames of earlier versions have no errors
  const { names, ends, title, colours } = colouring("errors", { ...meta, labelled: false }, none);
  assert.deepEqual([names, ends, title, new Set(colours).size], [null, null, "without labels: all points in one colour", 1]);
});

const hdbscan = { meta: { kind: "clusters", stamp: "5", title: "HDBSCAN", clustering: { method: "hdbscan", min_cluster_size: 5 }, sizes: [2, 1] }, arrays: { labels: { data: Int32Array.of(1, 0, -1, 0) } } };

test("clusters are named as what found them, with their sizes, and apart from what is in none", () => {
  const { title, names, counts, palette, colours } = colouring("clusters hdbscan", meta, arrays, hdbscan);
  assert.equal(title, "HDBSCAN clusters of the codes (of at least 5)");
  assert.deepEqual([names, counts], [["cluster 1", "cluster 2", "no cluster"], [2, 1, 1]]);
  assert.deepEqual([palette.length, new Set(palette).size, new Set(colours).size], [3, 3, 3]);
  const kmeans = { meta: { title: "k-means", clustering: { method: "k-means", clusters: 2 }, sizes: [3, 1] }, arrays: { labels: { data: Int32Array.of(0, 0, 1, 0) } } };
  const all = colouring("clusters k-means", meta, arrays, kmeans);
  assert.deepEqual([all.title, all.names, all.counts], ["k-means clusters of the codes (k = 2)", ["cluster 1", "cluster 2"], [3, 1]]);
  assert.ok(new Set(CLUSTER_COLOURS).size >= 20); // as many as k-means may be asked for
});

test("a column has the units or the names of its table", () => {
  const numbers = { meta: { kind: "column", column: 0, name: "width, cm", classes: [] }, arrays: { values: { data: Float32Array.of(120, 150, 180, 130) } } };
  const { title, ends } = colouring("column 0", meta, arrays, numbers);
  assert.deepEqual([title, ends], ["width, cm", ["120", "180"]]);
  const named = { ...numbers, meta: { ...numbers.meta, classes: ["no", "yes"] }, arrays: { values: { data: Float32Array.of(1, 1, 0, 1) } } };
  assert.deepEqual(colouring("column 0", meta, arrays, named).counts, [1, 3]);
  assert.equal(keyOf(numbers.meta), "column 0");
  assert.equal(keyOf(hdbscan.meta), "clusters hdbscan");
});

test("as many clusters are looked for as there are classes, or eight", () => {
  assert.deepEqual(usualSettings({ classes: Array(10), count: 1797 }), { clusters: 10, min_cluster_size: 18 });
  assert.deepEqual(usualSettings({ classes: [], count: 90 }), { clusters: 8, min_cluster_size: 5 });
  assert.deepEqual(usualSettings({ classes: Array(500), count: 1e6 }), { clusters: 20, min_cluster_size: 1000 });
  const settings = { clusters: 3, min_cluster_size: 9 };
  assert.deepEqual(questionFor("clusters k-means", settings), { name: "cluster", values: { clustering: { method: "k-means", clusters: 3 } } });
  assert.deepEqual(questionFor("clusters hdbscan", settings).values, { clustering: { method: "hdbscan", min_cluster_size: 9 } });
  assert.deepEqual(questionFor("column 12", settings), { name: "column", values: { column: 12 } });
  assert.deepEqual(["column 1", "clusters hdbscan", "unit 1", "label"].map(isAsked), [true, true, false, false]);
});

test("an answer is remembered while the codes are the same, and only the last question is waited for", async () => {
  const settings = { clusters: 3, min_cluster_size: 9 };
  const open = [];
  const space = {
    stamp: "5",
    ask: () => {
      const question = {};
      question.answer = new Promise((resolve, reject) => Object.assign(question, { resolve, cancel: () => reject(new Cancelled()) }));
      open.push(question);
      return question;
    },
  };
  const asked = new AskedColours(space);
  const first = asked.of("clusters k-means", settings, () => {});
  const second = asked.of("clusters hdbscan", settings, () => {});
  await assert.rejects(first, Cancelled);
  open[1].resolve(hdbscan);
  assert.equal(await second, hdbscan);
  assert.equal(await asked.of("clusters hdbscan", settings, () => {}), hdbscan);
  assert.equal(open.length, 2);
  space.stamp = "6";
  asked.of("clusters hdbscan", settings, () => {}).catch(() => {});
  assert.equal(open.length, 3);
  asked.drop();
});

test("values of a factor that have names are groups of their own", () => {
  assert.deepEqual(groupsOf(meta, arrays).map(({ label }) => label), ["price: upper half", "height: upper half", "maker: a", "maker: b", "maker: c"]);
  assert.deepEqual(Array.from(membersOf("factor 1 2", meta, arrays)), [1, 2]);
});
