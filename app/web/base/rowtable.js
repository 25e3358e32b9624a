/** A row of a table as it stands there: a line for each column, with its name, its values, and how far they are apart. */
import { element } from "./dom.js";
import { explained } from "./explained.js";
import { errorOf, errorShares, spreadOf, valueOf } from "./row.js";

/** @typedef {import("./row.js").Row} Row */

/**
 * @typedef {object} Content
 * @property {Row} row
 * @property {string} label what it is, for those who do not see it
 * @property {string[]} heads of its columns of values
 * @property {import("./explained.js").Terms} [errors] what explains them, where the last head is what was rebuilt of an example
 * @property {string} [name] for tests
 */

export class RowTable {
  /** @param {Content} content */
  constructor({ row, label, heads, errors, name = "row" }) {
    this.row = row;
    this.heads = heads.map((text) => element("th", { scope: "col", text }));
    const error = errors ? element("th", { scope: "col" }, explained(errors, "column_error", "error")) : null;
    this.bars = row.columns.map(() => element("i"));
    this.errors = row.columns.map(() => element("span"));
    this.cells = row.columns.map(() => heads.map(() => element("td")));
    const lines = row.columns.map((column, j) => element("tr", {},
      element("th", { scope: "row", text: column.name, title: column.name }), ...this.cells[j],
      errors ? element("td", { class: "row-error" }, this.bars[j], this.errors[j]) : null));
    const more = row.total - row.columns.length;
    this.table = element("table", { class: "row-table", "data-testid": name, "aria-label": label },
      element("thead", {}, element("tr", {}, element("th", { scope: "col", text: "column" }), ...this.heads, error)),
      element("tbody", {}, ...lines));
    this.root = element("div", { class: "row-view" },
      element("div", { class: "row-scroll", tabindex: 0, role: "region", "aria-label": label }, this.table),
      more > 0 ? element("div", { class: "hint", text: `The first ${row.columns.length.toLocaleString("en")} of ${row.total.toLocaleString("en")} columns.` }) : null);
  }

  /** @param {number} k @param {string} text */
  name(k, text) {
    this.heads[k].textContent = text;
  }

  /**
   * @param {(ArrayLike<number> | null)[]} examples one for each head, null while it is not here
   * @param {ArrayLike<number> | null} [truth] what the last one is a reconstruction of
   * @param {boolean[]} [spreads] which of them are standard deviations
   */
  show(examples, truth = null, spreads = []) {
    const { columns } = this.row;
    const rebuilt = examples[examples.length - 1];
    const shares = truth && rebuilt ? errorShares(columns, truth, rebuilt) : null;
    columns.forEach((column, j) => {
      examples.forEach((x, k) => (this.cells[j][k].textContent = !x ? "" : spreads[k] ? spreadOf(column, x) : valueOf(column, x)));
      this.errors[j].textContent = truth && rebuilt ? errorOf(column, truth, rebuilt) : "";
      this.bars[j].style.width = `${(100 * (shares?.[j] ?? 0)).toFixed(1)}%`;
    });
  }

  clear() {
    this.show(this.cells[0].map(() => null));
  }
}
