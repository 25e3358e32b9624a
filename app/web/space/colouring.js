/** What the points can be coloured by, and the colours. Pure functions. */
import { CLASS_COLOURS, CLUSTER_COLOURS, NO_CLUSTER, rampColour } from "../base/palette.js";
import { format } from "../base/scale.js";
import { packColour, packPalette } from "../map/colour.js";
import { SPLITS, splitOf } from "./split.js";

/** Steps of the ramp. */
const STEPS = 64;
/** Shares of the values beyond which the ramp does not change: outliers would take it all. */
const TAILS = [0.01, 0.99];
/** What is said where nothing is known. */
const NOTHING = "without labels: all points in one colour";

/**
 * @typedef {{key: string, label: string}} Choice
 *
 * @typedef {object} Colouring
 * @property {Uint32Array} colours a pixel for each example
 * @property {string} title what they mean; nothing where the names say it
 * @property {string[] | null} names of classes, in the order of their colours
 * @property {ArrayLike<number> | null} labels the place among the names of each example
 * @property {number[] | null} counts of examples of each name, where they are told
 * @property {string[] | null} palette a colour for each name, where it is not that of classes
 * @property {[string, string] | null} ends what the ends of the ramp mean
 * @property {string} beyond the least and the greatest value, where they lie beyond the ends
 */

/** Whether anything is known of the examples; of what version 0.1.0 wrote, always. @param {any} meta of the space */
export function isLabelled(meta) {
  return meta.labelled !== false;
}

/** What a label that is a number is called. @param {any} meta of the space @returns {string} */
export function positionName(meta) {
  return meta.label ?? "position";
}

/** The names of the values of a factor; none where they are numbers. @param {any} meta @param {number} which @returns {string[]} */
export function factorClasses(meta, which) {
  return meta.factor_classes?.[which] ?? [];
}

/**
 * What is known here; see `askedChoices` for what is asked of the server.
 * @param {any} meta of the space
 * @param {Record<string, any>} arrays
 * @returns {Choice[]}
 */
export function colourChoices(meta, arrays) {
  const units = Array.from({ length: meta.latent }, (_, j) => ({ key: `unit ${j}`, label: `unit ${j + 1}` }));
  const classes = meta.label ? `class: ${meta.label}` : "class";
  return [
    { key: "label", label: !isLabelled(meta) ? "nothing" : meta.classes.length ? classes : positionName(meta) },
    ...(arrays.errors ? [{ key: "errors", label: "reconstruction error" }] : []),
    ...(arrays.kl ? [{ key: "kl", label: "KL to the prior" }] : []),
    ...(meta.held_out < meta.count ? [{ key: "split", label: "held out or trained on" }] : []),
    ...factorNames(meta).map((name, k) => ({ key: `factor ${k}`, label: `factor: ${name}` })),
    ...units,
  ];
}

/** What points are coloured by at first: the label, or a factor, or else how well they are rebuilt. @param {any} meta @returns {string} */
export function usualColour(meta) {
  if (isLabelled(meta)) return "label";
  return factorNames(meta).length ? "factor 0" : "errors";
}

/** @param {any} meta @returns {string[]} */
function factorNames(meta) {
  return meta.factors ?? [];
}

/**
 * A colour for each example.
 * @param {string} key of a choice
 * @param {any} meta
 * @param {Record<string, any>} arrays
 * @param {import("../wire/wire.js").Message | null} [answer] of the server, for a choice that was asked of it
 * @returns {Colouring}
 */
export function colouring(key, meta, arrays, answer = null) {
  const [kind, which] = key.split(" ");
  if (kind === "clusters" && answer) return byCluster(answer);
  if (kind === "column" && answer) return byKnown(answer.arrays.values.data, answer.meta.classes, columnName(answer.meta.name));
  if (key === "label" && meta.classes.length) return byClass(arrays.labels.data, meta.classes, meta.label ?? "");
  if (key === "split") {
    const parts = Array.from({ length: meta.count }, (_, i) => splitOf(i, meta, arrays.labels.data));
    return byClass(parts, SPLITS.slice(0, meta.experiment.left_out === null ? 2 : 3), "");
  }
  const name = { unit: `unit ${Number(which) + 1}`, kl: "KL to the prior", errors: "reconstruction error ‖x − x̂‖²", label: positionName(meta) }[kind];
  const isThere = kind === "label" ? isLabelled(meta) : kind === "unit" || kind === "factor" || arrays[kind];
  if (!isThere) return { ...byClass(arrays.labels.data, null, NOTHING), labels: null };
  const values = valuesOf(key, meta, arrays);
  if (kind === "factor") return byKnown(values, factorClasses(meta, Number(which)), factorNames(meta)[Number(which)]);
  return byValue(values, name ?? "", key === "kl" ? " nats" : "");
}

/** How a column is called that may be but a number. @param {string} name @returns {string} */
export function columnName(name) {
  return /^\d+$/.test(name) ? `column ${name}` : name;
}

/** @param {string} key @param {any} meta @param {Record<string, any>} arrays @returns {ArrayLike<number>} */
export function valuesOf(key, meta, arrays) {
  const [kind, which] = key.split(" ");
  if (kind === "label") return arrays.labels.data;
  if (kind === "unit") return column(arrays.codes.data, meta.latent, Number(which));
  if (kind === "factor") return column(arrays.factors.data, meta.factors.length, Number(which));
  return arrays[kind].data;
}

/** @param {ArrayLike<number>} data @param {number} width @param {number} which @returns {Float32Array} */
function column(data, width, which) {
  return Float32Array.from({ length: data.length / width }, (_, i) => data[i * width + which]);
}

/** Categories, or numbers where there are no names. @param {ArrayLike<number>} values @param {string[]} classes @param {string} title @returns {Colouring} */
function byKnown(values, classes, title) {
  return classes.length ? { ...byClass(values, classes, title), counts: counted(values, classes.length) } : byValue(values, title, "");
}

/** @param {ArrayLike<number>} labels @param {string[] | null} names @param {string} title @returns {Colouring} */
function byClass(labels, names, title) {
  return { colours: packPalette(labels, CLASS_COLOURS), title, names, labels, counts: null, palette: null, ends: null, beyond: "" };
}

/** Clusters, the largest first; last what is in none. @param {import("../wire/wire.js").Message} answer @returns {Colouring} */
function byCluster({ meta, arrays }) {
  const { clustering, title, sizes } = meta;
  const none = sizes.length;
  const labels = Int32Array.from(arrays.labels.data, (label) => (label < 0 ? none : label));
  const left = counted(labels, none + 1)[none];
  const how = clustering.method === "k-means" ? `k = ${clustering.clusters}` : `of at least ${clustering.min_cluster_size}`;
  const palette = [...Array.from({ length: none }, (_, k) => CLUSTER_COLOURS[k % CLUSTER_COLOURS.length]), NO_CLUSTER];
  const names = [...Array.from({ length: none }, (_, k) => `cluster ${k + 1}`), "no cluster"];
  const packed = Uint32Array.from(palette, packColour);
  const shown = left ? none + 1 : none;
  return {
    colours: Uint32Array.from(labels, (label) => packed[label]), title: `${title} clusters of the codes (${how})`, labels,
    names: names.slice(0, shown), counts: [...sizes, left].slice(0, shown), palette: palette.slice(0, shown), ends: null, beyond: "",
  };
}

/** How many examples have each label. @param {ArrayLike<number>} labels @param {number} count @returns {number[]} */
function counted(labels, count) {
  const found = Array(count).fill(0);
  for (let i = 0; i < labels.length; i++) found[labels[i]]++;
  return found;
}

/** @param {ArrayLike<number>} values @param {string} title @param {string} unit @returns {Colouring} */
function byValue(values, title, unit) {
  const sorted = Float32Array.from(values).sort();
  const [low, high] = TAILS.map((share) => sorted[Math.round(share * (sorted.length - 1))]);
  const [least, greatest] = [sorted[0], sorted[sorted.length - 1]];
  const ramp = Uint32Array.from({ length: STEPS }, (_, k) => packColour(rampColour(k / (STEPS - 1))));
  const span = high - low || 1;
  const step = (/** @type {number} */ value) => Math.max(0, Math.min(STEPS - 1, Math.round(((value - low) / span) * (STEPS - 1))));
  const [lowest, highest] = [least < low ? `≤ ${format(low)}` : format(low), greatest > high ? `≥ ${format(high)}` : format(high)];
  return {
    colours: Uint32Array.from(values, (value) => ramp[step(value)]), title, names: null, labels: null, counts: null, palette: null,
    ends: [lowest + unit, highest + unit],
    beyond: least < low || greatest > high ? `least ${format(least)}, greatest ${format(greatest)}${unit}` : "",
  };
}
