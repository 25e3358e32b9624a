/** What acts on a model in training, and where: noise, penalties, and what is left out of a code. Pure functions. */
import { termsOf } from "../base/loss.js";
import { format } from "../base/scale.js";
import { normal, uniform } from "../base/random.js";

/** @typedef {import("../wire/wire.js").Message} Message */

/**
 * `at`: before the layer of that number (noise on what it makes), or by name. `text`: for people, with its value now.
 * @typedef {{at: number | "encoder" | "code" | "output", text: string}} Acting
 */

const NOISES = /** @type {Record<string, string>} */ ({ masking: "masking noise", gaussian: "Gaussian noise", salt_and_pepper: "salt-and-pepper noise" });
/** Of terms that are not of the code alone. */
const PLACES = /** @type {Record<string, Acting["at"]>} */ ({ reconstruction: "output", contraction: "encoder" });
const MEANINGS = /** @type {Record<string, string>} */ ({
  output: "error of the output against the clean example", encoder: "Jacobian ∂f/∂x of the encoder", code: "acts on the code",
});

/** Which layer learns alone, counted from 0; null where all do. @param {Message} scene @param {Message} frame */
function stageOf(scene, frame) {
  const { objective, network } = scene.meta.experiment;
  if (!objective.epochs_per_layer) return null;
  const level = Math.floor(frame.meta.step / scene.meta.steps_per_epoch / objective.epochs_per_layer);
  return level <= network.hidden.length ? level : null;
}

/**
 * The noise that the encoder's input has; null where that is clean.
 * @param {Message} scene
 * @param {Message} frame
 * @returns {{corruption: string, level: number} | null}
 */
export function noiseOn(scene, frame) {
  const { objective } = scene.meta.experiment;
  const level = frame.meta.knobs.level?.[0];
  if (!objective.corruption || !level || (stageOf(scene, frame) ?? 0) > 0) return null;
  return { corruption: objective.corruption, level };
}

/**
 * As `aelib.corruption` does it, with the same draws every time, so that only the level changes.
 * @param {Float32Array} x
 * @param {{corruption: string, level: number}} noise
 * @param {[number, number]} range least and greatest value of the data
 * @returns {Float32Array}
 */
export function corrupt(x, { corruption, level }, [least, greatest]) {
  if (corruption === "gaussian") {
    const noise = normal(x.length, 0);
    return x.map((value, i) => value + level * noise[i]);
  }
  const random = uniform(0);
  return x.map((value) => {
    const u = random();
    if (u >= level) return value;
    if (corruption === "masking") return 0;
    return u < level / 2 ? least : greatest;
  });
}

/** How many of its largest units a code keeps; undefined where it keeps all. @param {Message} scene @param {Message} frame @returns {number | undefined} */
export function keptOf(scene, frame) {
  return scene.meta.experiment.objective.kind === "k_sparse" ? frame.meta.knobs.k[0] : undefined;
}

/** All that acts, in the order of the layers. @param {Message} scene @param {Message} frame @returns {Acting[]} */
export function actingOf(scene, frame) {
  const { objective } = scene.meta.experiment;
  /** @type {Acting[]} */
  const found = [];
  if (objective.corruption) {
    const level = frame.meta.knobs.level?.[0] ?? 0;
    const stage = stageOf(scene, frame);
    const where = stage ? `on hidden layer ${stage}, which layer ${stage + 1} learns to repair (not drawn)` : "on what the encoder sees";
    found.push({ at: stage ?? 0, text: `${NOISES[objective.corruption] ?? objective.corruption} ν = ${format(level)}: ${where}` });
  }
  const kept = keptOf(scene, frame);
  if (kept !== undefined) found.push({ at: "code", text: `top k: the ${format(kept)} largest units of the code stay, the others are 0` });
  const placed = termsOf(scene.meta, frame.meta.test).map(([name, label]) => {
    const at = PLACES[name] ?? "code";
    const value = frame.meta.test[name];
    return { at, text: `${label}${value === undefined ? "" : ` = ${format(value)}`}: ${MEANINGS[at]}` };
  });
  const order = ["encoder", "code", "output"];
  return [...found, ...placed.sort((a, b) => order.indexOf(String(a.at)) - order.indexOf(String(b.at)))];
}
