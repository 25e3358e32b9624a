/** What the colours of the points mean. */
import { classEntries } from "../base/classlegend.js";
import { element } from "../base/dom.js";
import { rampColour } from "../base/palette.js";

export class Legend {
  constructor() {
    this.colours = element("div", { class: "class-legend", "data-testid": "legend" });
    this.field = element("div", { class: "class-legend" });
    this.root = element("div", {}, this.colours, this.field);
  }

  /** @param {import("./colouring.js").Colouring} coloured */
  show({ title, names, counts, palette, ends, beyond }) {
    const said = (names ?? []).map((name, k) => (counts ? `${name} (${counts[k].toLocaleString("en")})` : name));
    const ramp = ends ? [
      element("span", {},
        element("span", { text: ends[0] }),
        element("span", { class: "ramp", style: `background:linear-gradient(to right, ${[0, 1 / 3, 2 / 3, 1].map(rampColour).join(", ")})` }),
        element("span", { text: ends[1] })),
      ...(beyond ? [element("span", { text: beyond })] : []),
    ] : [];
    const head = title ? [element("span", { class: "legend-title", text: title })] : [];
    this.colours.replaceChildren(...head, ...classEntries(said, palette ? (k) => palette[k] : undefined), ...ramp);
  }

  /** What the background's shades mean. @param {[string, string] | null} ends */
  showField(ends) {
    const said = ends && `magnification √det JᵀJ behind the points: from ${ends[0]} (faint) to ${ends[1]} (strong)`;
    this.field.replaceChildren(...(said ? [element("span", { text: said })] : []));
  }
}
