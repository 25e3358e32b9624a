/** What points are coloured by only once the server was asked: columns of their data, clusters of their codes. */
import { columnName } from "./colouring.js";

/**
 * @typedef {import("../wire/wire.js").Message} Message
 * @typedef {{clusters: number, min_cluster_size: number}} Settings of k-means, and of HDBSCAN
 */

/** Bounds of the settings, as the server has them. */
export const BOUNDS = { clusters: [2, 20], min_cluster_size: [2, 1000] };
/** Clusters where there are no classes to go by. */
const USUAL_CLUSTERS = 8;
/** HDBSCAN begins with clusters of this share of the codes, and of so many at least. */
const SHARE = 0.01;
const FEWEST = 5;
/** Answers that are remembered. */
const KEPT = 12;

/** @param {any} meta of the space @returns {import("./colouring.js").Choice[]} */
export function askedChoices(meta) {
  const columns = /** @type {string[]} */ (meta.columns ?? []);
  return [
    { key: "clusters k-means", label: "k-means clusters" },
    { key: "clusters hdbscan", label: "HDBSCAN clusters" },
    ...columns.map((name, j) => ({ key: `column ${j}`, label: columnName(name) === name ? `column: ${name}` : columnName(name) })),
  ];
}

/** Whether a choice is one of these. @param {string} key */
export function isAsked(key) {
  return /^(clusters|column) /.test(key);
}

/** @param {any} meta of the space @returns {Settings} */
export function usualSettings(meta) {
  const within = (/** @type {number} */ value, /** @type {number[]} */ [low, high]) => Math.max(low, Math.min(high, value));
  return {
    clusters: within(meta.classes.length || USUAL_CLUSTERS, BOUNDS.clusters),
    min_cluster_size: within(Math.max(FEWEST, Math.round(SHARE * meta.count)), BOUNDS.min_cluster_size),
  };
}

/** The question for a choice. @param {string} key @param {Settings} settings @returns {{name: string, values: object}} */
export function questionFor(key, settings) {
  const [kind, which] = key.split(" ");
  if (kind === "column") return { name: "column", values: { column: Number(which) } };
  const chosen = which === "k-means" ? { clusters: settings.clusters } : { min_cluster_size: settings.min_cluster_size };
  return { name: "cluster", values: { clustering: { method: which, ...chosen } } };
}

/** The choice that an answer belongs to. @param {any} meta of it @returns {string} */
export function keyOf(meta) {
  return meta.kind === "clusters" ? `clusters ${meta.clustering.method}` : `column ${meta.column}`;
}

export class AskedColours {
  /** @param {import("./space.js").LatentSpace} space */
  constructor(space) {
    this.space = space;
    /** @type {Map<string, Message>} */
    this.answers = new Map();
    /** @type {import("../wire/questions.js").Question | null} */
    this.question = null;
  }

  /**
   * The answer for a choice; only the last one asked for is waited for.
   * @param {string} key
   * @param {Settings} settings
   * @param {import("../wire/questions.js").OnProgress} onProgress
   * @returns {Promise<Message>}
   */
  async of(key, settings, onProgress) {
    this.drop();
    const { name, values } = questionFor(key, settings);
    const known = this.answers.get(JSON.stringify([values, this.space.stamp]));
    if (known) return known;
    const question = this.space.ask(name, values, onProgress);
    this.question = question;
    try {
      const answer = await question.answer;
      this.answers.set(JSON.stringify([values, answer.meta.stamp]), answer);
      if (this.answers.size > KEPT) this.answers.delete(/** @type {string} */ (this.answers.keys().next().value));
      return answer;
    } finally {
      if (this.question === question) this.question = null;
    }
  }

  /** Nobody waits any more. */
  drop() {
    this.question?.cancel();
    this.question = null;
  }
}
