/** Small charts of where the codes of all examples lie, a unit each, with the prior beside them. */
import { element } from "../../base/dom.js";
import { explained } from "../../base/explained.js";
import { format } from "../../base/scale.js";
import { frameOf, mismatch, moments, outline, priorDensity } from "../../space/densities.js";

/** Units that are shown before all are asked for. */
const FEW = 10;
/** Share of the range that is rounded to 0. */
const NOTHING = 1e-4;
const SIZE = { width: 120, height: 44 };
const SVG = "http://www.w3.org/2000/svg";

const WITH_PRIOR = {
  title: "Aggregated posterior and prior",
  hint: "Filled: q(z), the posteriors of all examples together, unit by unit. Dashed: the prior N(0, 1). Their distance KL(q ‖ p) is 0 nats where they agree. Where it is large, the prior draws codes that no example has, or misses codes that examples have: such samples resemble nothing.",
};
const WITHOUT = {
  title: "Where the codes lie",
  hint: "The codes of all examples, unit by unit. No prior shaped them: only a draw from where they lie can be expected to look like an example.",
};

export class DensityCharts {
  /** @param {import("../../base/explained.js").Terms} terms */
  constructor(terms) {
    this.terms = terms;
    this.all = false;
    this.title = element("h3");
    this.hint = element("div", { class: "hint" });
    this.charts = element("div", { class: "densities" });
    this.more = element("button", {
      type: "button", class: "button wide", "data-testid": "all-units", onclick: () => {
        this.all = !this.all;
        if (this.message) this.show(this.message);
      },
    });
    this.root = element("section", { class: "aggregate", hidden: true }, this.title, this.hint, this.charts, this.more);
  }

  /** @param {import("../../wire/wire.js").Message} message the answer to "aggregate" */
  show(message) {
    this.message = message;
    const { meta, arrays } = message;
    const { title, hint } = arrays.kl ? WITH_PRIOR : WITHOUT;
    this.root.hidden = false;
    if (this.title.textContent === "") this.title.append(arrays.kl ? explained(this.terms, "aggregated_posterior", title) : title);
    this.hint.textContent = hint;
    const units = this.all ? meta.order : meta.order.slice(0, FEW);
    this.charts.replaceChildren(...units.map((/** @type {number} */ unit) => chart(unit, arrays)));
    this.more.hidden = meta.order.length <= FEW;
    this.more.textContent = this.all ? `Show the first ${FEW}` : `Show all ${meta.order.length} units`;
    this.more.setAttribute("aria-expanded", String(this.all));
  }
}

/** @param {number} unit @param {Record<string, import("../../wire/wire.js").NdArray>} arrays */
function chart(unit, { grid, density, kl }) {
  const bins = grid.shape[1];
  const part = (/** @type {import("../../wire/wire.js").NdArray} */ array) => array.data.subarray(unit * bins, (unit + 1) * bins);
  const [places, heights] = [part(grid), part(density)];
  const frame = frameOf(places, heights, Boolean(kl));
  const { mean, deviation } = moments(places, heights);
  const said = kl
    ? `${format(kl.data[unit])} nats · ${mismatch(kl.data[unit], { mean, deviation })}`
    : `mean ${format(mean)} · deviation ${format(deviation)}`;
  const zero = (SIZE.width * -frame.low) / (frame.high - frame.low);
  const picture = svg("svg", { viewBox: `0 0 ${SIZE.width} ${SIZE.height}`, preserveAspectRatio: "none", role: "img", "aria-label": `Density of unit ${unit + 1}: ${said}` },
    ...(zero >= 0 && zero <= SIZE.width ? [svg("path", { class: "zero", d: `M${zero} 0V${SIZE.height}` })] : []),
    svg("path", { class: "posterior", d: outline(places, heights, frame, SIZE, true) }),
    ...(kl ? [svg("path", { class: "prior", d: outline(places, places.map(priorDensity), frame, SIZE, false) })] : []));
  return element("figure", { class: "density", "data-testid": "density", "data-unit": unit, "data-kl": kl ? kl.data[unit] : undefined },
    element("figcaption", {}, element("b", { text: `unit ${unit + 1}` }), element("span", { text: said })),
    picture,
    element("div", { class: "ends" }, ...[frame.low, frame.high].map((end) => element("span", { text: format(Math.abs(end) < NOTHING * (frame.high - frame.low) ? 0 : end) }))));
}

/** @param {string} tag @param {Record<string, string>} attributes @param {...Element} children */
function svg(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}
