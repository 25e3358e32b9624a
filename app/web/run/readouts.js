/** Readouts: single numbers about the model at the moment on show, each with its explanation. */
import { CollapseBadge } from "../base/collapse.js";
import { element } from "../base/dom.js";
import { explained, withSentence } from "../base/explained.js";
import { fixed, format } from "../base/scale.js";
import { titleOf } from "./titles.js";

/** @typedef {{name: string, label: string, help: string, unit: "number" | "share" | "units"}} Readout */

/** The readout of every variational model that tells how many units its code uses. */
const IN_USE = "in_use";

/** Units in use of a frame's model; none where its code is a point. @param {any} meta of the frame @returns {number | null | undefined} */
export function inUse(meta) {
  return meta.readouts?.[IN_USE];
}

/**
 * @param {number | null | undefined} value null where the model has none
 * @param {Readout["unit"]} unit
 * @param {number} units of the code
 * @returns {string}
 */
export function write(value, unit, units) {
  if (value === null || value === undefined) return "–";
  if (unit === "share") return `${fixed(100 * value, Math.abs(value) < 0.1 ? 1 : 0)} %`;
  if (unit === "units") return `${Number.isInteger(value) ? value : value.toFixed(1)} of ${units}`;
  return format(value);
}

export class Readouts {
  /** @param {import("../base/explained.js").Terms} terms */
  constructor(terms) {
    this.terms = terms;
    this.root = element("dl", { class: "readouts", "data-testid": "readouts" });
    /** @type {Record<string, HTMLElement>} */
    this.values = {};
    /** @type {Readout[]} */
    this.readouts = [];
    this.badge = new CollapseBadge(terms);
  }

  /** @param {import("../wire/wire.js").Message} scene */
  begin(scene) {
    this.units = scene.meta.latent;
    this.readouts = scene.meta.readouts;
    this.values = {};
    this.root.replaceChildren(...this.readouts.map((readout) => {
      this.values[readout.name] = element("dd", { text: "–" });
      const label = titleOf(readout, readout.label);
      // A log may have readouts that the glossary does not know any more, or not yet.
      const terms = readout.name in this.terms ? this.terms : withSentence({}, readout.name, label, readout.help);
      return element("div", { class: "readout", "data-readout": readout.name },
        element("dt", {}, explained(terms, readout.name, label)), this.values[readout.name], readout.name === IN_USE ? this.badge.root : null);
    }));
  }

  /** @param {import("../wire/wire.js").Message} frame */
  show(frame) {
    for (const { name, unit } of this.readouts) {
      this.values[name].textContent = write(frame.meta.readouts[name], unit, this.units ?? 0);
    }
    this.badge.show(inUse(frame.meta));
  }
}
