/** Thin as the browser does: `node spread.mjs`, cases of [positions, keep] as JSON on standard input, indices out. */
import { readFileSync } from "node:fs";
import { evenlySpread } from "../../app/web/wire/timeline.js";

const cases = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map(([positions, keep]) => evenlySpread(positions, keep))));
