/** Sheets of small pictures: held-out examples, foreign pictures, samples, weights, tangents; one on show at a time, or a panel beside them. */
import { element } from "../base/dom.js";
import { explained } from "../base/explained.js";
import { stepAround } from "../base/keys.js";
import { frameLook, paint } from "../base/picture.js";
import { format } from "../base/scale.js";
import { RowSheet } from "./rowsheet.js";
import { titleOf } from "./titles.js";

/**
 * @typedef {import("../wire/wire.js").Message} Message
 * @typedef {{name: string, title: string, signed: boolean, fixed: boolean, bars: boolean, shape: number[] | null, spread?: boolean}} SheetRow
 * @typedef {{name: string, title: string, sentence: string, rows: SheetRow[]}} Sheet
 * @typedef {{name: string, title: string, sentence: string, root: HTMLElement, onShown: (shown: boolean) => void}} Panel with a tab of its own behind those of the sheets
 */

/** Bars on show, at most: the largest. */
const MAX_BARS = 64;

/**
 * Which units a row of bars shows, and how high: all in their order, or the largest of very many.
 * @param {ArrayLike<number>} values
 * @returns {{unit: number, value: number, share: number}[]} units count from 1, share of the highest
 */
export function barsOf(values) {
  const all = Array.from(values, (value, i) => ({ unit: i + 1, value }));
  const kept = all.length > MAX_BARS ? all.sort((a, b) => b.value - a.value).slice(0, MAX_BARS) : all;
  const top = Math.max(...kept.map((bar) => bar.value));
  return kept.map((bar) => ({ ...bar, share: top > 0 ? Math.max(0, bar.value) / top : 0 }));
}

/** @param {Sheet | Panel} sheet @returns {SheetRow[]} */
const rowsOf = (sheet) => ("root" in sheet ? [] : sheet.rows);

export class Sheets {
  /** @param {import("../base/explained.js").Terms} terms @param {Panel[]} [panels] */
  constructor(terms, panels = []) {
    this.terms = terms;
    this.panels = panels;
    this.tabs = element("div", { class: "tabs", role: "tablist", "aria-label": "Pictures" });
    this.sentence = element("span", { class: "hint" });
    this.rows = element("div", { class: "strip", role: "tabpanel" });
    this.root = element("div", { "data-testid": "strip" }, element("div", { class: "sheet-head" }, this.tabs, this.sentence), this.rows, ...panels.map(({ root }) => root));
    for (const { root } of panels) root.setAttribute("role", "tabpanel");
    /** @type {Message | null} */
    this.scene = null;
    /** @type {Message | null} */
    this.frame = null;
    /** @type {Sheet | Panel | null} */
    this.sheet = null;
    /** Where the examples are rows of a table. @type {RowSheet | null} */
    this.ofRows = null;
  }

  /** Prepare for a run; the sheet on show stays if the run has it. @param {Message} scene */
  begin(scene) {
    this.scene = scene;
    this.frame = null;
    /** @type {(Sheet | Panel)[]} */
    const sheets = [...scene.meta.sheets, ...this.panels];
    const chosen = sheets.find((sheet) => sheet.name === this.sheet?.name) ?? sheets[0];
    this.tabs.replaceChildren(...sheets.map((sheet) =>
      element("button", {
        type: "button", class: "tab", role: "tab", text: titleOf(sheet, sheet.title), "data-sheet": sheet.name,
        onclick: () => this.choose(sheet),
        onkeydown: (/** @type {KeyboardEvent} */ event) => this.step(event, sheets),
      })));
    this.choose(chosen);
  }

  /** @param {Sheet | Panel} sheet */
  choose(sheet) {
    const before = this.sheet;
    this.sheet = sheet;
    const title = titleOf(sheet, sheet.title);
    this.sentence.replaceChildren(`${sheet.sentence} `,
      explained(this.terms, sheet.name, "More", { "aria-label": `More about ${title}` }));
    for (const tab of this.tabs.querySelectorAll("button")) {
      const on = tab.dataset.sheet === sheet.name;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
    }
    this.rows.hidden = "root" in sheet;
    for (const { root } of this.panels) root.hidden = !("root" in sheet) || sheet.root !== root;
    const { scene } = this;
    const rows = rowsOf(sheet);
    this.ofRows = scene?.meta.row && rows.length && !rows.some(({ bars }) => bars) ? new RowSheet(/** @type {Sheet} */ (sheet), scene, this.terms) : null;
    this.rows.replaceChildren(...(this.ofRows ? [this.ofRows.root] : rows.map((row) =>
      element("div", { class: "strip-row", "data-row": row.name },
        element("span", {}, explained(this.terms, row.name, titleOf(row, row.title))), element("div", { class: "cells" })))));
    if (this.frame) this.show(this.frame);
    if (before === sheet) return;
    if (before && "root" in before) before.onShown(false);
    if ("root" in sheet) sheet.onShown(true);
  }

  /** Arrow keys move between tabs. @param {KeyboardEvent} event @param {(Sheet | Panel)[]} sheets */
  step(event, sheets) {
    const next = this.sheet ? stepAround(event, sheets.indexOf(this.sheet), sheets.length) : -1;
    if (next < 0) return;
    this.choose(sheets[next]);
    /** @type {HTMLElement} */ (this.tabs.children[next]).focus();
  }

  /** @param {Message} frame */
  show(frame) {
    this.frame = frame;
    const { sheet, scene } = this;
    if (!sheet || !scene) return;
    const rows = rowsOf(sheet);
    if (this.ofRows) {
      const values = rows.map((row) => (row.fixed ? scene : frame).arrays[`${row.name}_values`]);
      if (values.every(Boolean)) this.ofRows.show(values);
      return;
    }
    rows.forEach((row, i) => {
      const pictures = (row.fixed ? scene : frame).arrays[row.name];
      const cells = /** @type {HTMLElement} */ (this.rows.children[i].lastChild);
      if (pictures && row.bars) this.drawBars(cells, row, pictures);
      else if (pictures) this.paintRow(cells, row, pictures);
    });
  }

  /** @param {HTMLElement} cells @param {SheetRow} row @param {import("../wire/wire.js").NdArray} values */
  drawBars(cells, row, values) {
    cells.className = "bars";
    cells.replaceChildren(...barsOf(values.data).map(({ unit, value, share }) =>
      element("div", { class: "bar", title: `unit ${unit}: ${format(value)}` },
        element("i", { style: `height:${(100 * share).toFixed(1)}%` }), element("span", { text: String(unit) }))));
    cells.setAttribute("role", "img");
    cells.setAttribute("aria-label", `${row.title} by unit, highest ${format(Math.max(...values.data))}`);
    cells.dataset.top = format(Math.max(...values.data));
  }

  /** @param {HTMLElement} cells @param {SheetRow} row @param {import("../wire/wire.js").NdArray} pictures */
  paintRow(cells, row, pictures) {
    const [count, size] = pictures.shape;
    if (cells.children.length !== count) {
      cells.replaceChildren(...Array.from({ length: count }, (_, i) =>
        element("canvas", { class: "cell", role: "img", "aria-label": `${row.title}, picture ${i + 1}` })));
    }
    const { meta } = /** @type {Message} */ (this.scene);
    /** @type {import("../base/picture.js").Look} */
    const look = { shape: row.shape ?? frameLook(meta).shape, range: row.signed ? [-1, 1] : meta.range };
    for (let i = 0; i < count; i++) {
      paint(/** @type {HTMLCanvasElement} */ (cells.children[i]), pictures.data.subarray(i * size, (i + 1) * size), look);
    }
  }
}
