/** Walks through codes as lines on the map. Pure functions. */
import { sampled } from "./paths.js";
import { projected } from "./places.js";

/** @typedef {import("./space.js").Layout} Layout @typedef {import("./paths.js").Path} Path */

/** Points of a line on the map: as many as the server's paths have. */
export const STATIONS = 31;

/**
 * Where a code stands on a linear map, in two or three coordinates; null on maps that have no place for other codes than
 * their own, or only the server knows it.
 * @param {Layout} layout
 * @param {Float32Array} code
 * @returns {number[] | null}
 */
export function coordinates(layout, code) {
  if (layout.method === "axes") return layout.units.length === layout.dimensions ? layout.units.map((unit) => code[unit]) : null;
  return layout.components && layout.mean ? projected(layout.components, layout.mean, code) : null;
}

/** A path as coordinates in turn, or null. @param {Layout} layout @param {Path} path @returns {Float32Array | null} */
export function route(layout, path) {
  const places = sampled(path, STATIONS).map((code) => coordinates(layout, code));
  return places.some((place) => place === null) ? null : Float32Array.from(/** @type {number[][]} */ (places).flat());
}

/** An example as a mark's place. @param {Layout} layout @param {number} index @returns {number[]} */
export function placeOfExample({ points, dimensions }, index) {
  return Array.from(points.slice(index * dimensions, (index + 1) * dimensions));
}
