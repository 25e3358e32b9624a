/** The class that a decoder can be told beside the code. */

/** What a decoder is told when it is told nothing. */
export const NO_CLASS = -1;

/**
 * The classes that a decoder can be told, none first; nothing where it is never told one.
 * @param {any} meta of the scene
 * @returns {{label: number, name: string}[]}
 */
export function toldChoices(meta) {
  const { classes } = meta.experiment.network;
  if (!classes) return [];
  const names = Array.from({ length: classes }, (_, label) => ({ label, name: meta.classes[label] ?? String(label) }));
  return [{ label: NO_CLASS, name: "none" }, ...names];
}
