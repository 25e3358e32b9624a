/** Selections of examples. Pure functions. */

/** @typedef {"replace" | "add" | "subtract"} Mode what becomes of those that are selected already */

/** A selection once more examples have been met, in their order. @param {Uint32Array} before @param {Uint32Array} met @param {Mode} mode @returns {Uint32Array} */
export function selected(before, met, mode) {
  const given = new Set(met);
  if (mode === "subtract") return before.filter((index) => !given.has(index));
  if (mode === "add") for (const index of before) given.add(index);
  return Uint32Array.from(given).sort();
}

/** What is selected of how many examples, for people. @param {number} chosen @param {number} count @returns {string} */
export function selectionText(chosen, count) {
  const all = count.toLocaleString("en");
  return chosen ? `${chosen.toLocaleString("en")} of ${all} selected` : `${all} examples`;
}

/** 1 for each example that is not selected; null where none is. @param {Uint32Array} set @param {number} count @returns {Uint8Array | null} */
export function outside(set, count) {
  if (!set.length) return null;
  const mask = new Uint8Array(count).fill(1);
  for (const index of set) if (index < count) mask[index] = 0;
  return mask;
}
