/** The colours of classes, with their names. */
import { element } from "./dom.js";
import { classColour } from "./palette.js";

/** Names in a legend, at most: beyond, nobody looks one up. */
const MOST = 60;

/**
 * An entry for each class, and a word on those for which there is no room.
 * @param {string[]} names
 * @param {(k: number) => string} [colourOf] of the class of that place
 * @returns {HTMLElement[]}
 */
export function classEntries(names, colourOf = classColour) {
  const shown = names.slice(0, MOST).map((name, k) => element("span", {}, element("i", { style: `background:${colourOf(k)}` }), element("span", { text: name })));
  const more = names.length - MOST;
  return more > 0 ? [...shown, element("span", { text: `and ${more.toLocaleString("en")} more` })] : shown;
}
