/** An example of one's own: drawn, taken, uploaded or typed; what the model makes of it while it changes. */
import { element } from "../base/dom.js";
import { explained } from "../base/explained.js";
import { Easel } from "./example/easel.js";
import { ExampleView } from "./example/exampleview.js";
import { Latest } from "../wire/latest.js";
import { NoiseControls } from "./noisecontrols.js";
import { NumberInputs } from "./numberinputs.js";
import { OwnMark } from "./example/ownmark.js";
import { toldChoice } from "../space/toldchoice.js";
import { habitsOf } from "./example/likedata.js";
import { likeData, readPicture, spokenInvert } from "./example/upload.js";

/** @typedef {import("../wire/wire.js").Message} Message */

/** Examples that tell how the data's figures are. */
const LOOKED_AT = 100;

export class OwnPanel {
  name = "own";
  title = "Draw";

  /** @param {import("../space/space.js").LatentSpace} space @param {import("../space/mapview.js").MapView} map @param {(text: string) => void} complain */
  constructor(space, map, complain) {
    this.space = space;
    const { look, features, meta } = space.ready();
    this.shown = false;
    this.stale = false;
    const changed = () => this.ask();
    this.easel = look.shape.length === 3 ? new Easel(look.shape, changed, () => (this.uploaded = undefined)) : null;
    this.numbers = this.easel ? null : new NumberInputs(features, look.range, meta.row, changed);
    this.noise = new NoiseControls(changed);
    this.mark = new OwnMark(space, map);
    this.latest = new Latest((/** @type {object} */ values) => space.ask("own", values), {
      onAnswer: (message) => this.answered(message),
      onFailed: (text) => this.say(text),
    });
    this.take = element("button", { type: "button", class: "button wide", text: "Take the point on show", "data-testid": "take", onclick: () => this.takePoint(complain) });
    this.file = element("input", { type: "file", accept: "image/*", hidden: true, "data-testid": "file", onchange: () => this.upload() });
    this.invert = element("input", { type: "checkbox", "data-testid": "invert", onchange: () => this.turn() });
    this.like = element("input", { type: "checkbox", checked: true, "data-testid": "like-data", onchange: () => this.fit() });
    this.liking = element("div", { class: "labelled", hidden: true },
      element("label", { class: "labelled" }, this.like, element("span", { text: "fit like the data" })),
      explained(space.terms, "fitted", "How?", { "aria-label": "How a picture is fitted" }));
    this.inverting = element("span", { text: spokenInvert(null) });
    /** Whether pictures whose ground is not known are turned over. */
    this.wished = space.ready().meta.inverted;
    this.view = new ExampleView(space, "seen", "what the model sees");
    this.share = element("div", { "data-testid": "share" });
    this.message = element("div", { class: "message", "data-tone": "bad", role: "alert", hidden: true, "data-testid": "own-message" });
    this.empty = element("div", { class: "example-empty", text: this.invitation(), "data-testid": "own-empty" });
    this.content = element("div", { class: "example-content", hidden: true },
      this.view.pictures, this.view.numbers, this.share, this.mark.root, this.view.code, this.view.near.root);
    this.root = element("div", { class: "example-panel", "data-testid": "own-panel" },
      element("div", { class: "hint", text: "An example of your own: what the model makes of it while it changes, and whether it is an anomaly to it." }),
      element("div", { class: "own-input" },
        (this.easel ?? this.numbers)?.root ?? null,
        element("div", { class: "own-controls" },
          element("div", { class: "own-buttons" }, this.take, ...(this.easel ? this.uploadControls() : [this.clearButton()])),
          this.noise.root,
          toldChoice(space))),
      this.message, this.empty, this.content);
    space.listen((change) => this.changed(change));
  }

  uploadControls() {
    return [
      element("button", { type: "button", class: "button wide", text: "Upload a picture …", onclick: () => this.file.click() }), this.file,
      element("label", { class: "labelled" }, this.invert, this.inverting),
      this.liking,
    ];
  }

  clearButton() {
    return element("button", { type: "button", class: "button wide", text: "Clear", "data-testid": "clear", onclick: () => { this.numbers?.clear(); this.ask(); } });
  }

  /** @param {import("../space/space.js").Change} change */
  changed(change) {
    if (change === "told" || change === "moved") this.ask();
    if (change === "layout") this.mark.draw();
  }

  /** @param {boolean} shown */
  onShown(shown) {
    this.shown = shown;
    if (shown && this.stale) this.ask();
    this.mark.onShown(shown);
  }

  /** What has been entered, in the range of the data; null when there is nothing that could be asked about. */
  read() {
    const { look } = this.space.ready();
    const [low, high] = look.range;
    if (this.easel) return this.easel.sheet.isBlank() ? null : this.easel.sheet.example().map((share) => low + share * (high - low));
    if (!this.numbers || this.numbers.isBlank()) return null;
    const { values, complaint } = this.numbers.read();
    this.say(complaint);
    return values;
  }

  /** About what has been entered; a hidden panel waits until it is shown. */
  ask() {
    this.stale = !this.shown;
    if (this.stale) return;
    this.say("");
    const x = this.read();
    if (x) return this.latest.want({ x: Array.from(x, (value) => Number(value.toPrecision(7))), ...this.noise.values, label: this.space.told });
    this.latest.drop();
    this.content.hidden = true;
    this.empty.hidden = false;
    this.empty.textContent = this.invitation();
    this.mark.show(null);
    delete this.root.dataset.answered;
  }

  /** What to do when nothing has been entered. */
  invitation() {
    if (this.numbers) return "Type a number for each column, or take the point on show.";
    if (this.uploaded) return `All of the uploaded picture is black like the sheet: ${this.invert.checked ? "untick" : "tick"} “invert”.`;
    return "Draw on the black sheet, take the point on show, or upload a picture.";
  }

  /** @param {Message} message */
  answered(message) {
    const { meta, arrays } = message;
    const { meta: of } = this.space.ready();
    this.say(meta.warning);
    this.empty.hidden = true;
    this.content.hidden = false;
    this.view.show(message);
    const noisy = Number(this.noise.level.value) > 0;
    this.share.textContent = `${spokenAnomaly(meta.share, of.held_out)}${noisy ? " Those were seen without noise." : ""}`;
    this.share.dataset.share = meta.share;
    this.mark.show(/** @type {Float32Array} */ (arrays.code.data));
    this.root.dataset.answered = String(Number(this.root.dataset.answered ?? 0) + 1);
  }

  /** @param {(text: string) => void} complain */
  async takePoint(complain) {
    const { point } = this.space;
    complain("");
    if (point < 0) return complain("There is no point on show: click one on the map first.");
    try {
      const { arrays } = await this.space.ask("inspect", { index: point }).answer;
      const x = /** @type {Float32Array} */ (arrays.x.data);
      const [low, high] = this.space.ready().look.range;
      this.uploaded = undefined;
      if (this.easel) this.easel.show(x.map((value) => (value - low) / (high - low)));
      else {
        this.numbers?.show(x);
        this.ask();
      }
    } catch (error) {
      complain(/** @type {Error} */ (error).message);
    }
  }

  async upload() {
    const [file] = this.file.files ?? [];
    this.file.value = ""; // so that the same file can be chosen again
    if (!file) return;
    try {
      const uploaded = await readPicture(file);
      this.uploaded = uploaded;
      this.invert.checked = uploaded.dark ?? this.wished;
      this.inverting.textContent = spokenInvert(uploaded.dark);
      this.fit();
    } catch (error) {
      this.say(/** @type {Error} */ (error).message);
    }
  }

  /** The user turns it over. */
  turn() {
    this.wished = this.invert.checked;
    this.fit();
  }

  /** Put the uploaded picture on the sheet, inverted or not. */
  fit() {
    if (!this.uploaded || !this.easel) return;
    const habits = this.habits();
    this.liking.hidden = !habits;
    this.easel.put(likeData(this.uploaded, this.easel.sheet.shape, this.invert.checked, this.like.checked ? habits : null, this.space.ready().meta.fit));
  }

  /** What the figures of the data have in common, from those examples that are here. */
  habits() {
    const { pictures, look } = this.space.ready();
    const some = [...pictures.known.values()].slice(0, LOOKED_AT);
    if (some.length > (this.lookedAt ?? 0)) {
      this.lookedAt = some.length;
      this.known = habitsOf(some.map((bytes) => Float32Array.from(bytes, (byte) => byte / 255)), look.shape);
    }
    return this.known ?? null;
  }

  /** @param {string} text */
  say(text) {
    this.message.textContent = text;
    this.message.hidden = !text;
  }
}

/** How anomalous an example is, in words. @param {number} share of held-out examples with a smaller error @param {number} count of those @returns {string} */
export function spokenAnomaly(share, count) {
  const many = `the ${count.toLocaleString("en")} held-out examples`;
  if (share === 0) return `No larger error than any of ${many}: the model finds it familiar.`;
  if (share === 1) return `A larger error than all of ${many}: an anomaly to this model.`;
  const percent = 100 * share;
  return `Larger error than ${percent < 1 ? "less than 1" : percent > 99 ? "more than 99" : Math.round(percent)} % of ${many}.`;
}
