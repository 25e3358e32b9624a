/** Maps laid onto others as the browser does it: `node procrustes.mjs < JSON`. For each {moving, fixed} print the alignment and where it takes `moving`. */
import { readFileSync } from "node:fs";
import { aligned, procrustes } from "../../app/web/compare/procrustes.js";

const cases = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map(({ moving, fixed }) => {
  const found = procrustes(moving, fixed);
  return found && { ...found, points: Array.from(aligned(moving, found)) };
})));
