/** A set of examples, chosen by class or taken from the selection on the map. */
import { element } from "../../base/dom.js";
import { meanCode } from "../../space/attributes.js";
import { button, Figure, option } from "../../base/parts.js";
import { groupsOf, membersOf } from "../../space/groups.js";

export class ExampleSet {
  /**
   * @param {import("../../space/space.js").LatentSpace} space
   * @param {string} name
   * @param {{others: boolean, onChange: () => void}} options `others`: whether it can be, and at first is, all examples outside the other set
   */
  constructor(space, name, { others, onChange }) {
    this.space = space;
    this.name = name;
    this.onChange = onChange;
    this.taken = new Uint32Array(0);
    const { meta, arrays } = space.ready();
    const key = name.toLowerCase();
    this.figure = new Figure(`mean-${key}`, `Decoded mean of set ${name}`);
    this.select = element("select", { "aria-label": `Set ${name}`, "data-testid": `set-${key}`, onchange: onChange },
      others ? option("others", "all others") : null,
      ...groupsOf(meta, arrays).map((group) => option(group.key, group.label)),
      option("selection", "the selection taken"));
    this.select.value = this.select.options[0].value;
    this.take = button("", `take-${key}`, "Select examples on the map with Box or Lasso, or search a label", () => this.takeSelection());
    this.count = element("span", { class: "hint", "data-testid": `count-${key}` });
    this.root = element("div", { class: "example-set" }, this.figure.root,
      element("div", { class: "example-set-text" }, element("h3", { text: `Set ${name}` }), this.select, this.take, this.count));
    this.offer();
  }

  /** What can be taken now. */
  offer() {
    const { length } = this.space.set;
    this.take.textContent = length ? `${this.name} = selection (${length.toLocaleString("en")})` : `${this.name} = selection`;
    this.take.disabled = !length;
    this.select.options[this.select.options.length - 1].hidden = !this.taken.length;
  }

  takeSelection() {
    this.taken = this.space.set.slice();
    this.select.value = "selection";
    this.offer();
    this.onChange();
  }

  /** Whether it is whatever the other set is not. */
  get isOthers() {
    return this.select.value === "others";
  }

  /** @returns {Uint32Array} */
  members() {
    const { meta, arrays } = this.space.ready();
    return this.select.value === "selection" ? this.taken : membersOf(this.select.value, meta, arrays);
  }

  /** @param {Uint32Array} members */
  show(members) {
    const { codes, units, look } = this.space.ready();
    this.count.textContent = `${members.length.toLocaleString("en")} ${members.length === 1 ? "example" : "examples"}`;
    this.figure.root.hidden = !members.length;
    if (members.length) this.figure.show(this.space.decodeBytes(meanCode(codes, units, members)), look, "mean, decoded");
  }
}
