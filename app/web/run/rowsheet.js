/** A sheet of rows of a table: one of them at a time, as its columns. */
import { element } from "../base/dom.js";
import { labelled } from "../base/parts.js";
import { RowTable } from "../base/rowtable.js";
import { titleOf } from "./titles.js";

/**
 * @typedef {import("../wire/wire.js").Message} Message
 * @typedef {import("../wire/wire.js").NdArray} NdArray
 */

/** The rows of a sheet of which the second is made of the first. */
const EXAMPLE = "strip";
const REBUILT = "reconstruction";

export class RowSheet {
  /** @param {import("./sheets.js").Sheet} sheet @param {Message} scene @param {import("../base/explained.js").Terms} terms */
  constructor(sheet, scene, terms) {
    this.sheet = sheet;
    const names = sheet.rows.map(({ name }) => name);
    this.compares = names[0] === EXAMPLE && names[names.length - 1] === REBUILT;
    const known = this.compares ? scene.meta.strip_names ?? [] : sheet.name === "classes" ? scene.meta.classes : [];
    this.nameOf = (/** @type {number} */ k) => (known[k] ? `${k + 1}: ${known[k]}` : String(k + 1));
    this.which = element("select", { "aria-label": "Row on show", "data-testid": "row-choice", onchange: () => this.paint() });
    this.table = new RowTable({
      row: scene.meta.row, label: sheet.title, heads: sheet.rows.map((row) => titleOf(row, row.title)), errors: this.compares ? terms : undefined, name: "row-sheet",
    });
    this.root = element("div", { class: "row-sheet" },
      labelled(element("span", { text: "Row" }), this.which), this.table.root);
    /** @type {NdArray[]} */
    this.arrays = [];
  }

  /** @param {NdArray[]} arrays of the rows of the sheet, one example a line */
  show(arrays) {
    this.arrays = arrays;
    const count = Math.max(...arrays.map(({ shape }) => shape[0]));
    if (this.which.options.length !== count) {
      this.which.replaceChildren(...Array.from({ length: count }, (_, k) => element("option", { value: k, text: this.nameOf(k) })));
    }
    this.paint();
  }

  paint() {
    const count = this.which.options.length;
    const chosen = Math.max(0, this.which.selectedIndex);
    const examples = this.arrays.map(({ data, shape: [rows, width] }) => {
      const k = rows < count ? rows - 1 : chosen; // one for all of them
      return data.subarray(k * width, (k + 1) * width);
    });
    this.table.show(examples, this.compares ? examples[0] : null, this.sheet.rows.map(({ spread }) => Boolean(spread)));
  }
}
