/** The units of the code one by one: what each carries, pictures along it, and sliders for all of them at once. */
import { element } from "../../base/dom.js";
import { paint } from "../../base/picture.js";
import { format, spoken } from "../../base/scale.js";
import { meanOf } from "../../space/background.js";
import { button, option } from "../../base/parts.js";
import { normal, oneOf } from "../../base/random.js";
import { Slices } from "../../base/slices.js";
import { toldChoice } from "../../space/toldchoice.js";
import { UnitRow } from "./unitrow.js";
import { ranking, rangeOf, withUnits } from "../../space/units.js";

/** Rows shown before "show all" is pressed. */
const FIRST = 10;

/** @typedef {"point" | "mean" | "zero" | "draw" | "kept"} Base where the units start from */

export class UnitsPanel {
  name = "units";
  title = "Units";

  /** @param {import("../../space/space.js").LatentSpace} space @param {import("../../space/mapview.js").MapView} map */
  constructor(space, map) {
    this.space = space;
    this.map = map;
    this.variational = Boolean(space.ready().arrays.unit_kl);
    this.slices = new Slices();
    this.shown = false;
    this.all = false;
    this.chosen = false; // whether the user chose the base, so that a click on the map does not
    this.seed = 0;
    /** Units that have been moved, with their values. @type {Map<number, number>} */
    this.moved = new Map();
    /** @type {UnitRow[]} */
    this.rows = [];
    this.picture = element("canvas", { class: "unit-picture", role: "img", "aria-label": "Decoded code", "data-testid": "unit-picture" });
    this.select = element("select", { "data-testid": "unit-base", onchange: () => this.start(/** @type {Base} */ (this.select.value), true) },
      option("point", "the point on show"), option("mean", "mean of all codes"),
      option("zero", this.variational ? "prior mean (0)" : "zero code"),
      option("draw", this.variational ? "a draw from the prior" : "a random example"), option("kept", "the code as set"));
    this.select.value = "mean";
    this.again = button("New draw", "unit-draw", "Another draw, from the next seed", () => this.draw());
    this.code = element("div", { class: "code-line", "data-testid": "unit-code" });
    this.place = element("div", { class: "hint", "data-testid": "unit-place" });
    this.list = element("div", { class: "unit-rows" });
    this.more = button("", "unit-all", "", () => this.toggleAll());
    const amount = this.variational
      ? "Units are in the order of their mean KL to the prior." : "Units are in the order of their variance over the examples (squared units of the code).";
    this.root = element("div", { class: "units", "data-testid": "units" },
      element("div", { class: "hint", text: `Each row moves one unit of the code. Its pictures are decoded along that unit, with the others where they start. ${amount}` }),
      element("div", { class: "units-head" },
        this.picture,
        element("div", { class: "units-controls" },
          element("div", { class: "units-line" },
            element("label", { class: "labelled" }, element("span", { text: "Start at" }), this.select), this.again),
          element("div", { class: "units-line" },
            button("Reset", "unit-reset", "All units back to where they start", () => this.reset()),
            button("Start here", "unit-keep", "The rows start from the code as it is set now", () => this.keep()),
            toldChoice(space)),
          this.code, this.place)),
      this.list, this.more);
    this.base = this.baseCode();
    space.listen((change) => this.changed(change));
  }

  /** @param {boolean} shown */
  onShown(shown) {
    this.shown = shown;
    if (shown) this.rebuild();
    else {
      this.slices.stop();
      this.map.draw("units", {});
    }
  }

  /** @param {import("../../space/space.js").Change} change */
  changed(change) {
    if (change === "point" && (this.select.value === "point" || !this.chosen)) this.start(this.space.point >= 0 ? "point" : "mean", false);
    if (!this.shown) return;
    if (change === "moved") this.rebuild();
    else if (change === "told") this.begin();
    else if (change === "layout" || change === "theme") this.mark();
  }

  /** The code that the units start from. @returns {Float32Array} */
  baseCode() {
    const { codes, units, count } = this.space.ready();
    const base = /** @type {Base} */ (this.select.value);
    if (base === "point") return this.space.code(this.space.point);
    if (base === "zero") return new Float32Array(units);
    if (base === "kept" && this.kept) return this.kept;
    if (base !== "draw") return meanOf(codes, units);
    return this.variational ? normal(units, this.seed) : this.space.code(oneOf(Array.from({ length: count }, (_, i) => i), this.seed));
  }

  /** The code as set: the base with the units that have been moved. */
  now() {
    return withUnits(this.base, this.moved);
  }

  /** @param {Base} base @param {boolean} chosen by the user */
  start(base, chosen) {
    this.chosen ||= chosen;
    this.select.value = base;
    this.moved.clear();
    if (this.shown) this.rebuild();
  }

  draw() {
    this.seed++;
    this.start("draw", true);
  }

  keep() {
    this.kept = this.now();
    this.start("kept", true);
  }

  reset() {
    this.moved.clear();
    for (const row of this.rows) row.setValue(this.base[row.unit]);
    this.show();
  }

  toggleAll() {
    this.all = !this.all;
    this.rebuild();
  }

  /** The rows anew: for another base, for codes that have moved on, or more of them. */
  rebuild() {
    const { meta, arrays, codes, units } = this.space.ready();
    this.base = this.baseCode();
    const ranks = ranking(meta.order, meta.collapsed, arrays.unit_kl?.data ?? null, arrays.unit_variance.data);
    this.arrange(ranks.slice(0, this.all ? units : FIRST));
    const current = this.now();
    for (const row of this.rows) {
      row.setRange(rangeOf(codes, units, row.unit, this.variational, meta.experiment.network.code_activation), current[row.unit]);
    }
    this.more.hidden = units <= FIRST;
    this.more.textContent = this.all ? `Show the first ${FIRST}` : `Show all ${units} units`;
    const [point, , , draw, kept] = this.select.options;
    point.disabled = this.space.point < 0;
    kept.hidden = !this.kept;
    draw.textContent = `${this.variational ? "a draw from the prior" : "a random example"} (seed ${this.seed})`;
    this.again.hidden = this.select.value !== "draw";
    this.begin();
  }

  /** Rows in the order of the ranks; while one is in use the order stays, so that a drag goes on. @param {import("../../space/units.js").Rank[]} ranks */
  arrange(ranks) {
    const before = new Map(this.rows.map((row) => [row.unit, row]));
    const rows = ranks.map((rank) => {
      const row = before.get(rank.unit) ?? new UnitRow(rank.unit, (unit, value) => this.move(unit, value), this.space.terms);
      row.setRank(rank, this.variational ? `${format(rank.amount)} nats` : `variance ${format(rank.amount)}`);
      return row;
    });
    const sameUnits = rows.length === before.size && rows.every((row) => before.has(row.unit));
    if (sameUnits && this.list.matches(":focus-within")) return;
    this.rows = rows;
    this.list.replaceChildren(...rows.map((row) => row.root));
  }

  /** Decode everything: the code at once, the strips over the next frames. */
  begin() {
    this.show();
    const { look } = this.space.ready();
    const { base, space, rows } = this;
    this.root.dataset.painting = "true";
    this.slices.begin(strips(), () => (this.root.dataset.painting = "false"));

    function* strips() {
      for (const row of rows) yield* row.painting((value) => space.decodeBytes(withUnits(base, [[row.unit, value]])), look);
    }
  }

  /** @param {number} unit @param {number} value */
  move(unit, value) {
    this.moved.set(unit, value);
    this.rows.find((row) => row.unit === unit)?.setValue(value);
    this.show();
  }

  /** The code as set, as a picture, in numbers and on the map. */
  show() {
    const code = this.now();
    paint(this.picture, this.space.decodeBytes(code), this.space.ready().look);
    this.code.textContent = spoken(code);
    this.mark();
  }

  mark() {
    const place = this.map.placeOf(this.now());
    const colour = this.map.theme?.accent ?? "#3d6bd6";
    this.map.draw("units", { marks: place ? [{ x: place[0], y: place[1], shape: "cross", colour, label: "code" }] : [] });
    this.place.textContent = place ? "The cross on the map is its place." : "Only a plane of code axes or PCA can show its place.";
  }
}

