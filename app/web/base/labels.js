/** What a label is called. */
import { format } from "./scale.js";

/**
 * The name of a class, or a number; empty where nothing is known of the examples, whose labels are all 0 then.
 * @param {any} meta of a space or a scene; what version 0.1.0 wrote is always labelled
 * @param {number} label
 * @returns {string}
 */
export function labelName(meta, label) {
  return meta.labelled === false ? "" : meta.classes[label] ?? format(label);
}
