/** One example of each class as a model rebuilds it, at any moment. */
import { element } from "../base/dom.js";
import { frameLook, paint } from "../base/picture.js";

/** Pictures in a row. */
const COUNT = 10;
/** Held-out examples among which they are chosen: as many as frames show. */
const AMONG = 1000;

/**
 * The first example of each class, then the second, and so on, or examples evenly spaced in the order of their labels:
 * as the frames of a run have them.
 * @param {ArrayLike<number>} labels @param {number} held number of held-out examples @param {string[]} classes
 * @returns {number[]}
 */
export function oneOfEach(labels, held, classes) {
  const among = Array.from({ length: Math.min(held, AMONG) }, (_, i) => i);
  if (!classes.length) {
    const sorted = among.sort((a, b) => labels[a] - labels[b]);
    const count = Math.min(COUNT, sorted.length);
    return Array.from({ length: count }, (_, k) => sorted[Math.floor((k * (sorted.length - 1)) / Math.max(1, count - 1))]);
  }
  const members = classes.map((_, k) => among.filter((i) => labels[i] === k));
  const turns = Math.max(...members.map((of) => of.length));
  return Array.from({ length: turns }, (_, turn) => members.flatMap((of) => of.slice(turn, turn + 1))).flat().slice(0, COUNT);
}

export class Strip {
  /** @param {import("./model.js").Model} model */
  constructor(model) {
    this.model = model;
    this.canvases = Array.from({ length: COUNT }, () => element("canvas", { role: "img", "aria-label": "Rebuilt example" }));
    this.root = element("div", { class: "pane-strip", "data-testid": "pane-strip" }, ...this.canvases);
  }

  /** Show them as the model made them at its moment. */
  show() {
    const { model } = this;
    const { look, labels, meta } = model.space.ready();
    const of = model.frame?.arrays.reconstruction;
    const indices = oneOfEach(labels, meta.held_out, meta.classes);
    this.canvases.forEach((canvas, k) => {
      const rows = of ? of.shape[0] : indices.length;
      canvas.hidden = k >= rows;
      if (k >= rows) return;
      const size = of ? of.data.length / rows : 0;
      if (of) paint(canvas, of.data.subarray(k * size, (k + 1) * size), frameLook(model.timeline.scene?.meta ?? meta));
      else paint(canvas, model.rebuilt(indices[k]), look);
    });
  }
}
