/** The colours of classes, with their names. */
import { element } from "./dom.js";
import { classColour } from "./palette.js";

/** An entry for each class. @param {string[]} names @returns {HTMLElement[]} */
export function classEntries(names) {
  return names.map((name, k) => element("span", {}, element("i", { style: `background:${classColour(k)}` }), element("span", { text: name })));
}
