/** What the map of a run is coloured by: what its scene knows of the examples, or how well a frame rebuilds them. Pure functions. */
import { colourChoices, colouring, isLabelled } from "../space/colouring.js";

/** @typedef {import("../wire/wire.js").Message} Message */

/**
 * The label, factors, and the error where frames tell it. Units are the axes already.
 * @param {Message} scene
 * @param {Message | null} frame the newest, where there is one
 */
export function runChoices(scene, frame) {
  return colourChoices(scene.meta, known(scene, frame)).filter(({ key }) => !key.startsWith("unit ") && (key !== "label" || isLabelled(scene.meta)));
}

/** @param {string} key @param {Message} scene @param {Message} frame */
export function runColouring(key, scene, frame) {
  return colouring(key, scene.meta, known(scene, frame));
}

/** Whether colours are of the moment, not of the examples. @param {string} key */
export function areOfMoment(key) {
  return key === "errors";
}

/** @param {Message} scene @param {Message | null} frame */
function known(scene, frame) {
  return { ...scene.arrays, errors: frame?.arrays.errors };
}
