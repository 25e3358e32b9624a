/** Walks as files: all rows as one PNG, composed here, and one row as a GIF, made by the server. */
import { element } from "../../base/dom.js";
import { format } from "../../base/scale.js";
import { download } from "../../base/download.js";
import { sampled } from "../../space/paths.js";
import { plainColour } from "./walkrow.js";

/** Of the PNG, in pixels: the side of a picture, the air around it, the height of a line of text. */
const SIDE = 64;
const AIR = 4;
const LINE = 22;
/** Codes of a GIF. */
const GIF_FRAMES = 24;
/** About the longer side of its pictures, in pixels. */
const GIF_SIDE = 256;
/** GIFs count time in hundredths of a second. */
const TICK = 10;

/**
 * Rows of pictures with their names and lengths, below a title.
 * @param {import("./walkrow.js").WalkRow[]} rows
 * @param {string} title
 * @param {import("../../base/palette.js").Theme} theme
 * @returns {Promise<Blob>}
 */
function rowsAsPng(rows, title, theme) {
  const shown = rows.filter(({ walk }) => walk);
  const ratio = shown[0].canvases[0].height / shown[0].canvases[0].width;
  const count = shown[0].canvases.length;
  const [width, height] = [SIDE * Math.min(1, 1 / ratio), SIDE * Math.min(1, ratio)];
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(3 * AIR + count * (width + AIR), 560);
  canvas.height = AIR + LINE + shown.length * (LINE + height + 2 * AIR) + LINE;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = theme.background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingEnabled = false;
  context.textBaseline = "middle";
  const write = (/** @type {string} */ text, /** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ weight, /** @type {CanvasTextAlign} */ align = "left") => {
    context.font = `${weight} 13px sans-serif`;
    context.textAlign = align;
    context.fillStyle = theme.text;
    context.fillText(text, x, y);
  };
  write(title, 2 * AIR, AIR + LINE / 2, 400);
  shown.forEach(({ way, canvases, length }, k) => {
    const top = AIR + LINE + k * (LINE + height + 2 * AIR);
    context.fillStyle = plainColour(way, theme);
    context.fillRect(2 * AIR, top + LINE / 2 - 5, 10, 10);
    write(way.title, 2 * AIR + 16, top + LINE / 2, 600);
    write(length.textContent ?? "", canvas.width - 2 * AIR, top + LINE / 2, 400, "right");
    canvases.forEach((picture, i) => context.drawImage(picture, 2 * AIR + i * (width + AIR), top + LINE, width, height));
  });
  const under = canvas.height - LINE / 2;
  for (const i of [0, Math.floor(count / 2), count - 1]) {
    write(`t = ${format(i / (count - 1))}`, 2 * AIR + i * (width + AIR) + width / 2, under, 400, "center");
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture could not be written."))), "image/png");
  });
}

export class WalkExport {
  /**
   * @param {import("../../space/space.js").LatentSpace} space
   * @param {import("./walkrow.js").WalkRow[]} rows
   * @param {{title: () => string, theme: () => import("../../base/palette.js").Theme, seconds: () => number, complain: (text: string) => void}} about
   */
  constructor(space, rows, about) {
    this.space = space;
    this.rows = rows;
    this.about = about;
    const coded = rows.filter(({ way }) => way.name !== "blend");
    this.which = element("select", { "aria-label": "Walk of the animation", "data-testid": "walk-gif-row" }, ...coded.map(({ way }) => element("option", { value: way.name, text: way.title })));
    this.which.value = "geodesic";
    this.gif = element("button", { type: "button", class: "button wide", text: "Save GIF", "data-testid": "walk-gif", onclick: () => this.saveGif() });
    this.png = element("button", { type: "button", class: "button wide", text: "Save rows as PNG", "data-testid": "walk-png", onclick: () => this.savePng() });
    this.root = element("div", { class: "walk-export" },
      this.png, element("span", { class: "walk-gif" }, this.which, this.gif));
  }

  async savePng() {
    this.about.complain("");
    try {
      download(await rowsAsPng(this.rows, this.about.title(), this.about.theme()), "walk.png");
    } catch (error) {
      this.about.complain(/** @type {Error} */ (error).message);
    }
  }

  /** There and back, as fast as it is played here. */
  async saveGif() {
    const name = this.which.value;
    const path = this.rows.find(({ way }) => way.name === name)?.walk?.path;
    this.about.complain("");
    if (!path) return this.about.complain(`The ${name} walk is not there yet: wait for it, or choose another one.`);
    this.gif.disabled = true;
    try {
      const { shape } = this.space.ready().look;
      const { arrays } = await this.space.ask("animation", {
        codes: sampled(path, GIF_FRAMES).map((code) => Array.from(code)),
        label: this.space.told,
        milliseconds: TICK * Math.round((1000 * this.about.seconds()) / (GIF_FRAMES - 1) / TICK),
        scale: Math.max(1, Math.min(32, Math.round(GIF_SIDE / Math.max(...shape.slice(1), 1)))),
      }).answer;
      download(new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (arrays.gif.data)], { type: "image/gif" }), `walk-${name}.gif`);
    } catch (error) {
      this.about.complain(/** @type {Error} */ (error).message);
    } finally {
      this.gif.disabled = false;
    }
  }
}
