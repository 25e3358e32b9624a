/** One example through the model: what it rebuilds, its code, who is near it, and which way both would move. */
import { element } from "../base/dom.js";
import { explained } from "../base/explained.js";
import { paint } from "../base/picture.js";
import { format } from "../base/scale.js";
import { posteriorEllipses } from "../space/ellipses.js";
import { ExampleView, nearOf, number, shown } from "./example/exampleview.js";
import { Latest } from "../wire/latest.js";
import { inBoth, NEAR_COLOURS, partsOf } from "./example/nearrows.js";
import { signedShades } from "./example/shades.js";
import { SPLITS, splitOf } from "../space/split.js";

/**
 * @typedef {import("../wire/wire.js").Message} Message
 * @typedef {import("../map/annotations.js").Mark} Mark
 */

/** What the panel's drawings on the map go by. */
const OWNER = "inspection";
/** How to read a direction. */
const SIGNS = {
  pixels: "Middle grey stays as it is; white and black move opposite ways.",
  features: "Bars up and bars down move opposite ways.",
};

export class PointPanel {
  name = "point";
  title = "Point";

  /** @param {import("../space/space.js").LatentSpace} space @param {import("../space/mapview.js").MapView} map */
  constructor(space, map) {
    this.space = space;
    this.map = map;
    this.shown = false;
    this.latest = new Latest((/** @type {{index: number}} */ values) => space.ask("inspect", values), {
      onAnswer: (message) => this.answered(message),
      onFailed: (text) => this.say(text),
    });
    this.view = new ExampleView(space, "x", "example x");
    this.magnification = number(space.terms, "magnification", "log₁₀ √det JᵀJ", "magnification");
    this.view.numbers.append(this.magnification.root);
    this.head = element("h3", { "data-testid": "point-head" });
    this.message = element("div", { class: "message", "data-tone": "bad", role: "alert", hidden: true });
    this.drawn = directions("Decoder: the output moves so when the code moves; s (singular value) tells how far for each unit of code", "decoder-directions");
    this.felt = directions("Encoder: changes of the input that move the code most", "encoder-directions");
    this.legend = element("div", { class: "hint", "data-testid": "point-legend" });
    this.content = element("div", { class: "example-content", hidden: true },
      this.head, this.view.pictures, this.view.numbers, this.view.code, this.view.near.root, this.legend,
      element("div", { class: "tangents" }, element("h3", {}, explained(space.terms, "tangents", "Tangent directions")),
        element("div", { class: "hint", text: SIGNS[partsOf(space.ready().look)] }),
        this.drawn.root, this.felt.root));
    this.empty = element("div", { class: "example-empty", "data-testid": "point-empty", text: "Click a point on the map, or search for an index." });
    this.root = element("div", { class: "example-panel", "data-testid": "point-panel" },
      element("div", { class: "hint", text: "One example through the model: what it rebuilds, its code, who is near, and which way both would move." }),
      this.message, this.empty, this.content);
    space.listen((change) => this.changed(change));
  }

  /** @param {import("../space/space.js").Change} change */
  changed(change) {
    if (change === "point" || change === "moved") this.ask();
    else if (change === "layout" || change === "theme") this.draw();
  }

  /** @param {boolean} shown */
  onShown(shown) {
    this.shown = shown;
    if (shown) this.ask();
    this.draw();
  }

  /** About the example on show, unless that has been answered; a hidden panel waits until it is shown. */
  ask() {
    const { point, stamp } = this.space;
    if (!this.shown || point < 0) return;
    const { index, stamp: of } = this.answer?.meta ?? {};
    if (index === point && of === stamp) this.latest.drop();
    else this.latest.want({ index: point });
  }

  /** @param {Message} message */
  answered(message) {
    const { meta, arrays } = message;
    if (meta.index !== this.space.point) return; // another one has been chosen since
    this.answer = message;
    this.say("");
    this.empty.hidden = true;
    this.content.hidden = false;
    const { meta: of, labels } = this.space.ready();
    this.head.textContent = `#${meta.index} · label ${this.space.labelOf(meta.index)} · ${SPLITS[splitOf(meta.index, of, labels)]}`;
    this.view.show(message);
    if (meta.log_magnification === null) this.magnification.value.textContent = "none: a direction of the code changes nothing";
    else this.magnification.show(meta.log_magnification, "");
    this.drawn.show(arrays.decoder_directions, of.shape, (k) => `s = ${format(arrays.singular_values.data[k])}`);
    this.felt.show(arrays.encoder_directions, of.shape, (k) => `direction ${k + 1}`);
    this.draw();
    Object.assign(this.root.dataset, { index: meta.index, stamp: meta.stamp });
  }

  /** The posterior and the neighbours, on the map. */
  draw() {
    const { answer, map, space } = this;
    const { layout } = space;
    if (!this.shown || !answer || !layout) return map.draw(OWNER, {});
    const { arrays } = answer;
    const ellipses = arrays.deviation
      ? posteriorEllipses(layout, /** @type {Float32Array} */ (arrays.code.data), /** @type {Float32Array} */ (arrays.deviation.data), map.theme?.text ?? "#888888") : [];
    const code = nearOf(arrays, "by_code", "code_distances").indices;
    const pixels = nearOf(arrays, "by_pixel", "pixel_distances").indices;
    const both = inBoth(code, pixels);
    const at = (/** @type {number} */ index) => placeOf(layout, index);
    map.draw(OWNER, { marks: [
      ...ellipses,
      ...Array.from(pixels, (index) => /** @type {Mark} */ ({ ...at(index), shape: both.has(index) ? "dot" : "ring", colour: NEAR_COLOURS.pixels })),
      ...Array.from(code, (index) => /** @type {Mark} */ ({ ...at(index), shape: "ring", colour: NEAR_COLOURS.code })),
    ] });
    const said = [`On the map: blue rings are nearest in code, orange ones in ${partsOf(space.ready().look)}, blue around an orange dot in both`];
    if (ellipses.length) said.push("the ellipses are the posterior at 1σ and 2σ");
    this.legend.textContent = `${said.join("; ")}.`;
  }

  /** @param {string} text */
  say(text) {
    this.message.textContent = text;
    this.message.hidden = !text;
  }
}

/** @param {import("../space/space.js").Layout} layout @param {number} index */
function placeOf({ points, dimensions }, index) {
  const [x, y, z] = points.subarray(index * dimensions, (index + 1) * dimensions);
  return { x, y, z };
}

/** A row of directions. @param {string} text @param {string} name for tests */
function directions(text, name) {
  const cells = element("div", { class: "example-pictures small", "data-testid": name });
  /** @param {import("../wire/wire.js").NdArray} array @param {number[]} shape @param {(k: number) => string} caption */
  const show = ({ data, shape: [rows, features] }, shape, caption) => {
    cells.replaceChildren(...Array.from({ length: rows }, (_, k) => {
      const made = shown(caption(k), "direction");
      const { bytes, look } = signedShades(data.subarray(k * features, (k + 1) * features), shape);
      paint(made.canvas, bytes, look);
      return made.root;
    }));
  };
  return { show, root: element("div", {}, element("div", { class: "hint", text }), cells) };
}
