/** A row of a table as it stands there: a line for each column, with its name, its values, and how far they are apart. */
import { element } from "./dom.js";
import { errorOf, errorShares, spreadOf, valueOf } from "./row.js";

/** @typedef {import("./row.js").Row} Row */

const SHARE = "rebuilt − value, in the column's own unit; the bar is the column's share of the squared error in the scaled units that the model was trained in";

export class RowTable {
  /**
   * @param {Row} row
   * @param {string} label what it is, for those who do not see it
   * @param {string[]} heads of its columns of values
   * @param {boolean} compares whether the last head is what was rebuilt of an example, so that there is an error
   * @param {string} [name] for tests
   */
  constructor(row, label, heads, compares, name = "row") {
    this.row = row;
    this.heads = [...heads, ...(compares ? ["error"] : [])].map((text) => element("th", { scope: "col", text, title: text === "error" ? SHARE : undefined }));
    this.bars = row.columns.map(() => element("i"));
    this.errors = row.columns.map(() => element("span"));
    this.cells = row.columns.map(() => heads.map(() => element("td")));
    const lines = row.columns.map((column, j) => element("tr", {},
      element("th", { scope: "row", text: column.name, title: column.name }), ...this.cells[j],
      compares ? element("td", { class: "row-error" }, this.bars[j], this.errors[j]) : null));
    const more = row.total - row.columns.length;
    this.table = element("table", { class: "row-table", "data-testid": name, "aria-label": label },
      element("thead", {}, element("tr", {}, element("th", { scope: "col", text: "column" }), ...this.heads)),
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
