/** The Export panel: codes as tables, the map as a picture, the space as a page of its own. */
import { element } from "../base/dom.js";
import { Cancelled } from "../wire/questions.js";
import { download } from "../base/download.js";

/** @typedef {import("../space/space.js").LatentSpace} LatentSpace @typedef {import("../space/mapview.js").MapView} MapView */
/** @typedef {{blob: Blob, name: string}} File */

const ABOUT = {
  table: "A row for each example: index, split, label, reconstruction error, code, its place on the map, and the clusters that colour it. Numbers are exact float32.",
  projector: "For the Embedding Projector of TensorBoard: codes, labels, clusters and pictures of up to 10,000 examples. Unpack, then tensorboard --logdir the folder.",
  picture: "What the map shows now, in the colours of the page.",
  page: "One HTML file with up to 2,000 examples, their pictures and the decoder: opens anywhere, without a network.",
};

export class ExportPanel {
  /** @param {LatentSpace} space @param {MapView} map @param {(text: string) => void} complain */
  constructor(space, map, complain) {
    this.name = "export";
    this.title = "Export";
    this.space = space;
    this.map = map;
    this.complain = complain;
    this.state = element("span", { role: "status", "data-testid": "export-state" });
    this.stop = element("button", { type: "button", class: "button wide", text: "Cancel", hidden: true, onclick: () => this.question?.cancel() });
    const ask = (/** @type {string} */ name, /** @type {object} */ values) => () => this.ask(name, values);
    /** @type {[string, string, [string, string, () => Promise<File>][]][]} */
    const rows = [
      ["Table of codes", ABOUT.table, [["CSV", "csv", ask("export", { format: "csv" })], ["Parquet", "parquet", ask("export", { format: "parquet" })]]],
      ["Embedding Projector", ABOUT.projector, [["Zip", "projector", ask("export", { format: "projector" })]]],
      ["Picture of the map", ABOUT.picture, [["PNG", "png", () => this.png()], ["SVG", "svg", () => this.svg()]]],
      ["Page without a server", ABOUT.page, [["HTML", "html", ask("standalone", {})]]],
    ];
    this.buttons = /** @type {HTMLButtonElement[]} */ ([]);
    this.root = element("div", { class: "export-panel" },
      ...rows.map(([title, about, files]) => element("div", { class: "export-row" },
        element("div", {}, element("h3", { text: title }), element("div", { class: "hint", text: about })),
        element("div", { class: "export-files" }, ...files.map(([text, name, make]) => this.button(text, name, make))))),
      element("div", { class: "export-state hint" }, this.state, this.stop));
  }

  /** @param {string} text @param {string} name @param {() => Promise<File>} make */
  button(text, name, make) {
    const made = element("button", { type: "button", class: "button wide", text, "data-testid": `export-${name}`, title: `Download as ${text}`, onclick: () => this.save(make) });
    this.buttons.push(made);
    return made;
  }

  /** Make a file and hand it to the browser; one at a time. @param {() => Promise<File>} make */
  async save(make) {
    this.complain("");
    this.busy(true);
    this.state.textContent = "Making the file …";
    try {
      const { blob, name } = await make();
      download(blob, name);
      this.state.textContent = `${name}, ${spokenSize(blob.size)}`;
    } catch (error) {
      this.state.textContent = "";
      if (!(error instanceof Cancelled)) this.complain(/** @type {Error} */ (error).message);
    } finally {
      this.busy(false);
    }
  }

  /** @param {boolean} busy */
  busy(busy) {
    for (const button of this.buttons) button.disabled = busy;
    this.stop.hidden = !busy;
  }

  /** A file that the server makes, with the projection on show in it. @param {string} name @param {object} values @returns {Promise<File>} */
  async ask(name, values) {
    const projection = this.space.layout?.projection ?? null;
    const { clustering, column } = this.map.asked;
    const colours = name === "standalone" ? { clustering, column } : { clustering };
    const question = this.space.ask(name, { ...values, ...colours, projection }, (share, text) => (this.state.textContent = `${text} …`));
    this.question = question;
    const { meta, arrays } = await question.answer;
    return { blob: new Blob([arrays.content.data], { type: meta.type }), name: meta.name };
  }

  /** @returns {Promise<File>} */
  async png() {
    return { blob: await this.map.cloud.toBlob(), name: `${this.space.ready().meta.stem}-map.png` };
  }

  /** @returns {Promise<File>} */
  async svg() {
    return { blob: new Blob([this.map.cloud.toSvg()], { type: "image/svg+xml" }), name: `${this.space.ready().meta.stem}-map.svg` };
  }

}

/** A number of bytes, for people. @param {number} bytes @returns {string} */
export function spokenSize(bytes) {
  if (bytes < 1e3) return `${bytes} bytes`;
  return bytes < 999_500 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
