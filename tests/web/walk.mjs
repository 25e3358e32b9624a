/**
 * Paths as the browser walks them: `node walk.mjs < JSON`. For each case {a, b, count} print {linear, spherical}, and for
 * each {codes, units, code} print the nearest.
 */
import { readFileSync } from "node:fs";
import { linear, nearestCode, sampled, spherical } from "../../app/web/space/paths.js";

const { paths, nearest } = JSON.parse(readFileSync(0, "utf8"));
const rows = (path, count) => sampled(path, count).map((code) => Array.from(code));
console.log(JSON.stringify({
  paths: paths.map(({ a, b, count }) => {
    const ends = [Float32Array.from(a), Float32Array.from(b)];
    return { linear: rows(linear(...ends), count), spherical: rows(spherical(...ends), count) };
  }),
  nearest: nearest.map(({ codes, units, code }) => nearestCode(Float32Array.from(codes), units, Float32Array.from(code))),
}));
