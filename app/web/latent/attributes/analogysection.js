/** Analogies: a − b + c of three codes, decoded, with the example that is nearest to it. */
import { element } from "../../base/dom.js";
import { format } from "../../base/scale.js";
import { AnalogySlot } from "./analogyslot.js";
import { analogy } from "../../space/attributes.js";
import { Figure } from "../../base/parts.js";
import { groupsOf } from "../../space/groups.js";
import { nearestCode } from "../../space/paths.js";

export class AnalogySection {
  /** @param {import("../../space/space.js").LatentSpace} space @param {import("../../space/mapview.js").MapView} map @param {(text: string) => void} complain */
  constructor(space, map, complain) {
    this.space = space;
    this.map = map;
    const { meta, arrays } = space.ready();
    const [first, second] = groupsOf(meta, arrays);
    const handlers = { onChange: () => this.update(), complain };
    // Two of one kind and one of another, where kinds are known: what sets the first two apart is done to the third.
    this.slots = [
      new AnalogySlot(space, "a", "", first?.key ?? "any", 0, handlers),
      new AnalogySlot(space, "b", "−", first?.key ?? "any", 1, handlers),
      new AnalogySlot(space, "c", "+", second?.key ?? "any", 2, handlers),
    ];
    this.result = new Figure("analogy-result", "Decoded a − b + c");
    this.nearest = new Figure("analogy-nearest", "Nearest example");
    this.distance = element("div", { class: "hint", "data-testid": "analogy-distance" });
    this.root = element("div", { class: "analogy-part" },
      element("div", { class: "hint", text: "b is to a as c is to what? The code of c gets what a has and b lacks." }),
      element("div", { class: "analogy-slots" }, ...this.slots.map((slot) => slot.root)),
      element("div", { class: "analogy-result" },
        element("b", { class: "analogy-sign", text: "=" }), this.result.root, this.nearest.root, this.distance));
  }

  /** @param {import("../../space/space.js").Change} change */
  changed(change) {
    if (change === "layout") this.mark();
    else if (change === "point" || change === "pictures") this.showExamples();
    else if (change !== "set") this.update();
  }

  update() {
    const { codes, look, units } = this.space.ready();
    const [a, b, c] = this.slots.map((slot) => this.space.code(slot.index));
    this.code = analogy(a, b, c);
    this.found = nearestCode(codes, units, this.code, this.slots.map((slot) => slot.index));
    this.result.show(this.space.decodeBytes(this.code), look, "decoded");
    this.distance.textContent = this.found.index < 0 ? "" : `The nearest other example lies ${format(this.found.distance)} code units away.`;
    this.showExamples();
    this.mark();
  }

  showExamples() {
    for (const slot of this.slots) slot.show();
    const { pictures, look } = this.space.ready();
    const index = this.found?.index ?? -1;
    this.nearest.root.hidden = index < 0;
    if (index >= 0) this.nearest.show(pictures.of(index), look, `#${index}: ${this.space.labelOf(index)}`);
  }

  /** The parallelogram on the map. */
  mark() {
    const codes = this.code ? [...this.slots.map((slot) => this.space.code(slot.index)), this.code] : [];
    const places = codes.flatMap((code) => this.map.placeOf(code) ?? []);
    if (places.length < 8) return this.map.draw("analogy", {});
    const colour = this.map.theme?.accent ?? "#3d6bd6";
    const corners = [0, 2, 4, 6].map((at) => places.slice(at, at + 2));
    const [a, b, c, end] = corners;
    this.map.draw("analogy", {
      lines: [[b, a], [c, end]].map((ends) => ({ points: Float32Array.from(ends.flat()), colour, width: 2, dash: [4, 4] })),
      marks: corners.map(([x, y], k) => ({ x, y, shape: k < 3 ? "ring" : "cross", colour, label: ["a", "b", "c", "result"][k] })),
    });
  }

  stop() {
    this.map.draw("analogy", {});
  }
}
