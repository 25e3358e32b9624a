/** Posterior collapse: the code of a variational model says nothing of the example. What it is, and the badge that tells it. */
import { element } from "./dom.js";

/** As `COLLAPSED_BELOW` of `aelib.metrics.likelihood` has it, by which the units in use are counted. */
export const UNIT_COLLAPSED = "Mean KL below 0.01 nats: the posterior of this unit is the prior, whatever the example.";
export const COLLAPSED = "Every unit has collapsed: its mean KL is below 0.01 nats, so the posterior is the prior, whatever the example. A smaller β or free bits let the code be used.";

/** Amber, with a word, and what it means. */
export class CollapseBadge {
  constructor() {
    this.root = element("span", { class: "badge collapsed", text: "collapsed", title: COLLAPSED, hidden: true, "data-testid": "collapsed" });
  }

  /** @param {number | null | undefined} inUse units of the code in use; null where the model has no such number */
  show(inUse) {
    this.root.hidden = inUse !== 0;
  }
}
