/** Posterior collapse: the code of a variational model says nothing of the example. The badge that tells it. */
import { explained } from "./explained.js";

/** Amber, with a word that explains itself. */
export class CollapseBadge {
  /** @param {import("./explained.js").Terms} terms */
  constructor(terms) {
    this.root = explained(terms, "collapsed", "collapsed", { class: "badge collapsed", "data-testid": "collapsed" });
    this.root.hidden = true;
  }

  /** @param {number | null | undefined} inUse units of the code in use; null where the model has no such number */
  show(inUse) {
    this.root.hidden = inUse !== 0;
  }
}
