/** Directions with a meaning: an attribute between two sets of examples, and analogies of three. */
import { element } from "../../base/dom.js";
import { AnalogySection } from "./analogysection.js";
import { AttributeSection } from "./attributesection.js";
import { toldChoice } from "../../space/toldchoice.js";

export class AttributesPanel {
  name = "attributes";
  title = "Attributes";

  /** @param {import("../../space/space.js").LatentSpace} space @param {import("../../space/mapview.js").MapView} map @param {(text: string) => void} complain */
  constructor(space, map, complain) {
    this.sections = [new AttributeSection(space, map), new AnalogySection(space, map, complain)];
    this.shown = false;
    this.at = 0;
    this.buttons = ["Attribute vector", "Analogy a − b + c"].map((text, at) => element("button", {
      type: "button", class: "tab", text, "data-testid": ["show-attribute", "show-analogy"][at], onclick: () => this.choose(at),
    }));
    this.root = element("div", { class: "attributes", "data-testid": "attributes" },
      element("div", { class: "units-line" },
        element("span", { class: "attribute-choice", role: "group", "aria-label": "What to look at" }, ...this.buttons), toldChoice(space)),
      ...this.sections.map((section) => section.root));
    this.choose(0);
    space.listen((change) => {
      if (this.shown) this.sections[this.at].changed(change);
    });
  }

  /** @param {boolean} shown */
  onShown(shown) {
    this.shown = shown;
    this.choose(this.at);
  }

  /** @param {number} at */
  choose(at) {
    this.at = at;
    this.sections.forEach((section, k) => {
      section.root.hidden = k !== at;
      this.buttons[k].setAttribute("aria-pressed", String(k === at));
      if (!this.shown || k !== at) section.stop();
    });
    if (!this.shown) return;
    this.sections[at].changed("set");
    this.sections[at].update();
  }
}
