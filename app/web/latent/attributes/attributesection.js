/** An attribute as a direction: the vector from the mean code of one set to that of another, and what it does to an example. */
import { element } from "../../base/dom.js";
import { explained } from "../../base/explained.js";
import { along, complement, cosines, difference, meanCode, norm, separation, shared } from "../../space/attributes.js";
import { ExampleSet } from "./exampleset.js";
import { button, Figure } from "../../base/parts.js";
import { oneOf } from "../../base/random.js";
import { format } from "../../base/scale.js";
import { Strengths } from "./strengths.js";
import { UnitBars } from "../units/unitbars.js";


export class AttributeSection {
  /** @param {import("../../space/space.js").LatentSpace} space @param {import("../../space/mapview.js").MapView} map */
  constructor(space, map) {
    this.space = space;
    this.map = map;
    this.seed = 0;
    this.example = -1;
    this.followed = -1; // the point on show that was last made the example
    const onChange = () => this.update();
    this.a = new ExampleSet(space, "A", { others: false, onChange });
    this.b = new ExampleSet(space, "B", { others: true, onChange });
    this.problem = element("div", { class: "message", role: "status", hidden: true, "data-testid": "set-problem" });
    this.numbers = element("div", { class: "attribute-numbers", "data-testid": "separation" });
    this.original = new Figure("attribute-example", "The example");
    this.strengths = new Strengths(space, () => this.mark());
    this.bars = new UnitBars();
    this.onShow = button("Point on show", "use-point", "The example on show: click one on the map first", () => this.use(space.point));
    this.result = element("div", { class: "attribute-result" },
      this.numbers,
      element("div", { class: "attribute-head" },
        this.original.root, element("span", { class: "attribute-arrow", "aria-hidden": "true", text: "→" }), this.strengths.live.root,
        element("div", { class: "attribute-text" },
          button("Another of B", "another-example", "An example of set B, at random", () => this.another()), this.onShow)),
      this.strengths.root, this.bars.root);
    this.root = element("div", { class: "attribute-part" },
      element("div", { class: "hint", text: "v = mean of the codes of A − mean of those of B. Moving an example along v gives it more of what A has and B lacks. Sets are classes, or selections made with Box, Lasso or the search." }),
      element("div", { class: "example-sets" }, this.a.root, this.b.root), this.problem, this.result);
  }

  /** @param {import("../../space/space.js").Change} change */
  changed(change) {
    if (change === "set") {
      this.a.offer();
      this.b.offer();
    } else if (change === "layout") this.mark();
    else if (change === "pictures") this.showOriginal();
    else this.update();
  }

  /** Everything anew. */
  update() {
    const { codes, units, count } = this.space.ready();
    const a = this.a.members();
    const b = this.b.isOthers ? complement(a, count) : this.b.members();
    this.members = { a, b };
    this.a.show(a);
    this.b.show(b);
    this.vector = a.length && b.length ? difference(meanCode(codes, units, a), meanCode(codes, units, b)) : undefined;
    const both = shared(a, b);
    const problem = problemOf(a, b, both, this.vector);
    this.problem.textContent = problem;
    this.problem.hidden = !problem;
    this.result.hidden = Boolean(problem);
    if (problem || !this.vector) {
      this.vector = undefined;
      return this.mark();
    }
    const { same, others } = separation(codes, units, a, b);
    this.numbers.replaceChildren(
      `‖v‖ = ${format(norm(this.vector))} code units · `, explained(this.space.terms, "separation", "AUC"), ` ${same.toFixed(3)} on A and B`,
      others === null ? "" : ` · ${others.toFixed(3)} on examples that did not make the vector`,
      both ? ` · ${both.toLocaleString("en")} in both sets` : "");
    Object.assign(this.numbers.dataset, { same, others: others ?? "" });
    this.bars.show(cosines(this.vector));
    const { point } = this.space;
    if (point !== this.followed && point >= 0) this.example = this.followed = point;
    this.use(this.example >= 0 ? this.example : b[0]);
  }

  /** Apply the attribute to an example. @param {number} index */
  use(index) {
    if (index < 0) return;
    this.example = index;
    this.onShow.disabled = this.space.point < 0 || this.space.point === index;
    this.showOriginal();
    if (this.vector) this.strengths.show(this.space.code(index), this.vector);
  }

  another() {
    if (this.members) this.use(oneOf(this.members.b, ++this.seed));
  }

  showOriginal() {
    if (this.example < 0) return;
    const { pictures, look } = this.space.ready();
    this.original.show(pictures.of(this.example), look, `#${this.example}: ${this.space.labelOf(this.example)}`);
  }

  /** The line of the attribute through the example. */
  mark() {
    const { map, vector, example } = this;
    if (!vector || example < 0) return map.draw("attribute", {});
    const code = this.space.code(example);
    const { strength } = this.strengths;
    const [low, here, tip, high] = [-3, 0, strength, 3].map((s) => map.placeOf(along(code, vector, s)));
    if (!low || !here || !tip || !high) return map.draw("attribute", {});
    const colour = map.theme?.accent ?? "#3d6bd6";
    map.draw("attribute", {
      lines: [
        { points: Float32Array.of(...low, ...high), colour, width: 1.5, dash: [4, 4] },
        { points: Float32Array.of(...here, ...tip), colour, width: 3 },
      ],
      marks: [
        { x: here[0], y: here[1], shape: "ring", colour },
        { x: tip[0], y: tip[1], shape: "dot", colour, label: `${strength < 0 ? "−" : "+"} ${Math.abs(strength).toFixed(1)} v` },
      ],
    });
  }

  stop() {
    this.strengths.stop();
    this.map.draw("attribute", {});
  }
}

/**
 * Why there is no attribute between two sets, in one sentence; "" where there is one.
 * @param {Uint32Array} a
 * @param {Uint32Array} b
 * @param {number} both how many are in both
 * @param {Float32Array | undefined} vector
 * @returns {string}
 */
function problemOf(a, b, both, vector) {
  const empty = [["A", a], ["B", b]].filter(([, set]) => !set.length).map(([name]) => name);
  if (empty.length) return `Set ${empty.join(" and set ")} ${empty.length > 1 ? "are" : "is"} empty: choose another class, or select examples on the map and take them.`;
  if (both === a.length && both === b.length) return "A and B are the same examples, so nothing sets them apart: choose another set.";
  if (!vector || !norm(vector)) return "The mean codes of A and B are the same, so there is no direction between them: choose other sets.";
  return "";
}
