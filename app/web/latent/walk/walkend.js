/** One end of a walk: what it is, its picture and its code, and the controls that choose it. */
import { element } from "../../base/dom.js";
import { paint, toBytes } from "../../base/picture.js";
import { spoken } from "../../base/scale.js";
import { wasCancelled } from "../../space/layouts.js";
import { Sheet } from "../example/sheet.js";
import { fitted, readPicture, spokenInvert } from "../example/upload.js";

/**
 * @typedef {import("./ends.js").End} End
 *
 * @typedef {object} Handlers
 * @property {(wanted: boolean) => void} onPick the next click on the map is wanted for this end, or no longer
 * @property {() => void} onCode there is another code
 * @property {(text: string) => void} complain one sentence for people
 */

export class WalkEnd {
  /** @param {"A" | "B"} letter @param {import("../../space/space.js").LatentSpace} space @param {Handlers} handlers */
  constructor(letter, space, handlers) {
    this.letter = letter;
    this.space = space;
    this.handlers = handlers;
    const id = letter.toLowerCase();
    this.canvas = element("canvas", { class: "decoded", role: "img", "aria-label": `Picture of ${letter}`, "data-testid": `walk-picture-${id}` });
    this.caption = element("div", { class: "walk-caption", "data-testid": `walk-caption-${id}` });
    this.codeLine = element("div", { class: "hint walk-code", "data-testid": `walk-code-${id}` });
    this.picking = element("button", {
      type: "button", class: "button wide", text: `Pick ${letter}`, title: `Take the next click on the map as ${letter}: a point or a place`,
      "aria-pressed": "false", "data-testid": `walk-pick-${id}`, onclick: () => this.pick(this.picking.getAttribute("aria-pressed") !== "true"),
    });
    this.taking = element("button", {
      type: "button", class: "button wide", text: "Point on show", "data-testid": `walk-take-${id}`, onclick: () => this.choose({ kind: "example", index: space.point }),
    });
    this.input = element("input", {
      type: "file", accept: "image/*", class: "walk-file", "aria-label": `A picture as ${letter}`, "data-testid": `walk-file-${id}`,
      onchange: () => this.input.files?.[0] && this.load(this.input.files[0]),
    });
    this.file = element("label", { class: "button wide walk-upload", title: `Choose a picture as ${letter}, or drop one here` }, element("span", { text: "Picture …" }), this.input);
    this.invert = element("input", { type: "checkbox", "data-testid": `walk-invert-${id}`, onchange: () => this.turn() });
    /** Whether pictures whose ground is not known are turned over. */
    this.wished = space.ready().meta.inverted;
    this.invertWords = element("span");
    this.inverting = element("label", { class: "walk-check", hidden: true }, this.invert, this.invertWords);
    this.root = element("div", {
      class: "walk-end", role: "group", "aria-label": `End ${letter}`, "data-testid": `walk-end-${id}`,
      ondragover: (/** @type {DragEvent} */ event) => this.drag(event), ondragleave: () => delete this.root.dataset.over,
      ondrop: (/** @type {DragEvent} */ event) => this.drop(event),
    },
      element("div", { class: "walk-about" }, this.canvas, element("div", { class: "walk-words" }, this.caption, this.codeLine, this.inverting)),
      element("div", { class: "walk-buttons" }, this.picking, this.taking, this.file));
    this.file.hidden = space.ready().look.shape.length !== 3;
    /** @type {End} */
    this.end = { kind: "example", index: 0 };
    /** @type {Float32Array | null} null until it is known */
    this.code = null;
    this.describe();
  }

  /** @param {boolean} wanted */
  pick(wanted) {
    this.picking.setAttribute("aria-pressed", String(wanted));
    this.handlers.onPick(wanted);
  }

  /** @param {End} end */
  choose(end) {
    this.end = end;
    this.code = null;
    this.find();
  }

  /** Its code, with the model as it is now. */
  async find() {
    const { end, space } = this;
    this.question?.cancel();
    const code = end.kind === "picture" ? await this.encode(end) : end.kind === "example" ? space.code(end.index) : end.code;
    if (end !== this.end || !code) return;
    this.code = code;
    this.describe();
    this.handlers.onCode();
  }

  /** The code of a picture, from the server. @param {import("./ends.js").Picture} end @returns {Promise<Float32Array | null>} */
  async encode(end) {
    this.describe();
    const question = this.space.ask("own", { x: Array.from(end.values), label: this.space.told });
    this.question = question;
    try {
      return /** @type {Float32Array} */ ((await question.answer).arrays.code.data);
    } catch (error) {
      if (!wasCancelled(error)) this.handlers.complain(/** @type {Error} */ (error).message);
      return null;
    }
  }

  /** What stands at this end as 0…255: the example or picture itself, a place decoded; null while it is on its way. @returns {ArrayLike<number> | null} */
  bytes() {
    const { end, space } = this;
    const { pictures, look } = space.ready();
    if (end.kind === "example") return pictures.of(end.index);
    return end.kind === "picture" ? toBytes(end.values, look.range) : space.decodeBytes(end.code);
  }

  /** Say and show what it is. */
  describe() {
    const { end, space } = this;
    const { look } = space.ready();
    const said = end.kind === "example" ? `#${end.index}: ${space.labelOf(end.index)}` : end.kind === "place" ? "a place of the map" : end.name;
    this.caption.textContent = `${this.letter} · ${said}`;
    this.caption.title = said;
    this.codeLine.textContent = this.code ? spoken(this.code) : "encoding …";
    this.codeLine.title = this.codeLine.textContent;
    this.inverting.hidden = end.kind !== "picture";
    this.invertWords.textContent = spokenInvert(this.loaded?.dark ?? null);
    this.taking.disabled = space.point < 0;
    this.taking.title = space.point < 0 ? "Click a point on the map or search for an index first" : `Take example ${space.point} as ${this.letter}`;
    const bytes = this.bytes();
    if (bytes) paint(this.canvas, bytes, look);
  }

  /** @param {DragEvent} event */
  drag(event) {
    if (this.file.hidden || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.root.dataset.over = "";
  }

  /** @param {DragEvent} event */
  drop(event) {
    event.preventDefault();
    delete this.root.dataset.over;
    const file = event.dataTransfer?.files[0];
    if (file && !this.file.hidden) this.load(file);
  }

  /** @param {File} file */
  async load(file) {
    this.handlers.complain("");
    try {
      this.loaded = { ...(await readPicture(file)), name: file.name };
      this.invert.checked = this.loaded.dark ?? this.wished;
      this.fit();
    } catch (error) {
      this.handlers.complain(/** @type {Error} */ (error).message);
    }
    this.input.value = ""; // so that the same file can be chosen again
  }

  /** The user turns it over. */
  turn() {
    this.wished = this.invert.checked;
    this.fit();
  }

  /** The picture that was loaded, in the shape of an example. */
  fit() {
    if (!this.loaded) return;
    const { meta, look: { shape, range: [low, high] } } = this.space.ready();
    const sheet = Object.assign(new Sheet(shape), { values: fitted(this.loaded.picture, shape, this.invert.checked, meta.fit) });
    this.choose({ kind: "picture", name: this.loaded.name, values: sheet.example().map((share) => low + share * (high - low)) });
  }
}

/** What stands at one end goes to the other, and back. @param {WalkEnd} a @param {WalkEnd} b */
export function swap(a, b) {
  [a.end, b.end] = [b.end, a.end];
  [a.code, b.code] = [b.code, a.code];
  [a.loaded, b.loaded] = [b.loaded, a.loaded];
  [a.invert.checked, b.invert.checked] = [b.invert.checked, a.invert.checked];
  for (const end of [a, b]) end.find();
}
