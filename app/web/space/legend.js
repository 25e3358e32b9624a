/** What the colours of the points mean. */
import { classEntries } from "../base/classlegend.js";
import { element } from "../base/dom.js";
import { rampColour } from "../base/palette.js";

export class Legend {
  constructor() {
    this.colours = element("div", { class: "class-legend" });
    this.field = element("div", { class: "class-legend" });
    this.root = element("div", {}, this.colours, this.field);
  }

  /** @param {import("./colouring.js").Colouring} coloured */
  show({ names, ends }) {
    const ramp = ends ? [
      element("span", { text: ends[0] }),
      element("span", { class: "ramp", style: `background:linear-gradient(to right, ${[0, 1 / 3, 2 / 3, 1].map(rampColour).join(", ")})` }),
      element("span", { text: ends[1] }),
    ] : [];
    this.colours.replaceChildren(...classEntries(names ?? []), ...ramp);
  }

  /** What the background's shades mean. @param {[string, string] | null} ends */
  showField(ends) {
    const said = ends && `magnification √det JᵀJ behind the points: from ${ends[0]} (faint) to ${ends[1]} (strong)`;
    this.field.replaceChildren(...(said ? [element("span", { text: said })] : []));
  }
}
