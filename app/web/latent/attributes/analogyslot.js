/** One of the examples of an analogy: the point on show, or one of a kind at random. */
import { element } from "../../base/dom.js";
import { button, Figure, option } from "../../base/parts.js";
import { groupsOf, membersOf } from "../../space/groups.js";
import { oneOf } from "../../base/random.js";

export class AnalogySlot {
  /**
   * @param {import("../../space/space.js").LatentSpace} space
   * @param {string} name
   * @param {string} sign before its name
   * @param {string} group key of the kind that it is drawn from at first
   * @param {number} seed
   * @param {{onChange: () => void, complain: (text: string) => void}} handlers
   */
  constructor(space, name, sign, group, seed, handlers) {
    const { meta, arrays } = space.ready();
    this.space = space;
    this.seed = seed;
    this.handlers = handlers;
    this.figure = new Figure(`analogy-${name}`, `Example ${name}`);
    this.kind = element("select", { "aria-label": `Kind of example ${name}`, "data-testid": `analogy-${name}-kind`, onchange: () => this.draw() },
      option("any", "any"), ...groupsOf(meta, arrays).map(({ key, label }) => option(key, label)));
    this.kind.value = group;
    this.onShow = button("On show", `analogy-${name}-point`, "The example on show: click one on the map first", () => this.use(space.point));
    this.root = element("div", { class: "analogy-slot" },
      element("b", { class: "analogy-sign", text: `${sign} ${name}`.trim() }), this.figure.root,
      element("div", { class: "analogy-choice" }, this.kind,
        button("Another", `analogy-${name}-another`, "Another example of this kind, at random", () => this.another()), this.onShow));
    this.index = oneOf(this.members(), seed) ?? 0;
  }

  /** The examples of the kind. @returns {Uint32Array} */
  members() {
    const { meta, arrays, count } = this.space.ready();
    if (this.kind.value === "any") return Uint32Array.from({ length: count }, (_, index) => index);
    return membersOf(this.kind.value, meta, arrays);
  }

  /** One of the kind, at random. */
  draw() {
    const members = this.members();
    if (members.length) this.use(oneOf(members, this.seed));
    else this.handlers.complain(`There is no example of the kind "${this.kind.selectedOptions[0].text}" on the map: choose another kind.`);
  }

  another() {
    this.seed += 3; // the three slots draw from seeds of their own
    this.draw();
  }

  /** @param {number} index */
  use(index) {
    this.index = index;
    this.handlers.onChange();
  }

  show() {
    const { pictures, look } = this.space.ready();
    this.figure.show(pictures.of(this.index), look, `#${this.index}: ${this.space.labelOf(this.index)}`);
    this.onShow.disabled = this.space.point < 0 || this.space.point === this.index;
  }
}
