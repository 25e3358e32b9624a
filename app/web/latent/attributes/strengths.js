/** An example with more or less of an attribute: decoded z + s v for a row of strengths s, and live for any of them. */
import { element } from "../../base/dom.js";
import { paint } from "../../base/picture.js";
import { along } from "../../space/attributes.js";
import { Figure } from "../../base/parts.js";
import { fixed } from "../../base/scale.js";
import { Slices } from "../../base/slices.js";
import { signed } from "../units/unitrow.js";
import { nearestStep, stepsOf } from "../../space/units.js";

/** The row of strengths, and the slider's ends. */
const STRENGTHS = stepsOf([-3, 3], 7);

export class Strengths {
  /** @param {import("../../space/space.js").LatentSpace} space @param {() => void} onMove */
  constructor(space, onMove) {
    this.space = space;
    this.onMove = onMove;
    this.slices = new Slices();
    this.slider = element("input", {
      type: "range", min: -3, max: 3, step: 0.05, value: 1, "aria-label": "Strength of the attribute", "data-testid": "strength", oninput: () => this.move(),
    });
    this.number = element("output", { class: "unit-value" });
    this.pictures = STRENGTHS.map(() => element("canvas", { role: "img" }));
    this.cells = this.pictures.map((picture, k) => element("button", {
      type: "button", class: "unit-cell", tabindex: -1, title: nameOf(STRENGTHS[k]), "aria-label": nameOf(STRENGTHS[k]),
      onclick: () => this.set(STRENGTHS[k]), "data-original": STRENGTHS[k] === 0,
    }, picture, element("span", { text: STRENGTHS[k] ? signed(STRENGTHS[k]).replace(".00", "") : "original" })));
    /** The example at the strength of the slider; it stands beside the example. */
    this.live = new Figure("strength-picture", "The example with the attribute");
    this.root = element("div", { class: "strengths" },
      element("div", { class: "unit-slide" }, this.slider, this.number),
      element("div", { class: "unit-strip", "data-testid": "strengths" }, ...this.cells));
  }

  /** @param {Float32Array} code of the example @param {Float32Array} vector */
  show(code, vector) {
    this.code = code;
    this.vector = vector;
    const { space, pictures } = this;
    this.slices.begin(STRENGTHS.map((strength, k) => () => {
      paint(pictures[k], space.decodeBytes(along(code, vector, strength)), space.ready().look);
    }));
    this.move();
  }

  /** @param {number} strength */
  set(strength) {
    this.slider.value = String(strength);
    this.move();
  }

  get strength() {
    return this.slider.valueAsNumber;
  }

  move() {
    if (!this.code || !this.vector) return;
    const changed = along(this.code, this.vector, this.strength);
    this.live.show(this.space.decodeBytes(changed), this.space.ready().look, nameOf(this.strength));
    this.number.textContent = signed(this.strength);
    const now = nearestStep(STRENGTHS, this.strength);
    this.cells.forEach((cell, k) => cell.toggleAttribute("data-now", k === now));
    this.onMove();
  }

  stop() {
    this.slices.stop();
  }
}

/** @param {number} strength */
function nameOf(strength) {
  if (!strength) return "z";
  return `z ${fixed(strength, 2).startsWith("-") ? "−" : "+"} ${Math.abs(strength).toFixed(2)} v`;
}
