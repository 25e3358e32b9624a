/** Examples that belong together by what is known of them: a class, a value of a factor, or its upper half. Pure functions. */
import { factorClasses, isLabelled, positionName, valuesOf } from "./colouring.js";

/** @typedef {{key: string, label: string}} Group */

/**
 * The classes, or the upper half of the positions where there are none, where anything is known; and of each factor that
 * is not the class itself the values that have names, or the upper half.
 * @param {any} meta of the space
 * @param {Record<string, any>} arrays
 * @returns {Group[]}
 */
export function groupsOf(meta, arrays) {
  const classes = meta.classes.map((/** @type {string} */ name, /** @type {number} */ k) => ({ key: `class ${k}`, label: name }));
  const factors = meta.factors
    .flatMap((/** @type {string} */ name, /** @type {number} */ k) => {
      if (isLabel(valuesOf(`factor ${k}`, meta, arrays), arrays.labels.data)) return [];
      const values = factorClasses(meta, k);
      if (!values.length) return [{ key: `factor ${k}`, label: `${name}: upper half` }];
      return values.map((value, v) => ({ key: `factor ${k} ${v}`, label: `${name}: ${value}` }));
    });
  const positions = isLabelled(meta) ? [{ key: "label", label: `${positionName(meta)}: upper half` }] : [];
  return [...(classes.length ? classes : positions), ...factors];
}

/**
 * The examples of a group, in their order. Upper half: above the middle of the range of the values.
 * @param {string} key
 * @param {any} meta
 * @param {Record<string, any>} arrays
 * @returns {Uint32Array}
 */
export function membersOf(key, meta, arrays) {
  const [kind, which, place] = key.split(" ");
  if (kind === "class") return where(arrays.labels.data, (label) => label === Number(which));
  const values = valuesOf(key, meta, arrays);
  if (place !== undefined) return where(values, (value) => value === Number(place));
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) [low, high] = [Math.min(low, values[i]), Math.max(high, values[i])];
  return where(values, (value) => value > (low + high) / 2);
}

/** @param {ArrayLike<number>} values @param {ArrayLike<number>} labels */
function isLabel(values, labels) {
  return Array.prototype.every.call(values, (value, i) => value === labels[i]);
}

/** @param {ArrayLike<number>} values @param {(value: number) => boolean} wanted @returns {Uint32Array} */
function where(values, wanted) {
  const found = [];
  for (let i = 0; i < values.length; i++) if (wanted(values[i])) found.push(i);
  return Uint32Array.from(found);
}
