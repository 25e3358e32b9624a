/** Which class a conditional decoder is told, chosen in a panel and the same for the whole page. */
import { element } from "../base/dom.js";
import { explained } from "../base/explained.js";
import { toldChoices } from "../base/told.js";

/** A labelled menu; hidden where the decoder is told nothing. @param {import("./space.js").LatentSpace} space @returns {HTMLElement} */
export function toldChoice(space) {
  const choices = toldChoices(space.ready().meta);
  const select = element("select", { "aria-label": "told class", "data-testid": "told", onchange: () => space.tellClass(Number(select.value)) },
    ...choices.map(({ label, name }) => element("option", { value: label, text: name })));
  select.value = String(space.told);
  space.listen((change) => {
    if (change === "told") select.value = String(space.told);
  });
  return element("div", { class: "told", hidden: !choices.length }, explained(space.terms, "told_class", "told class"), select);
}
