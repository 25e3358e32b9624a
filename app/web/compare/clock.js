/** One time machine for several runs: where each of them stood at a common moment. Pure functions. */

/** @typedef {import("../wire/timeline.js").Timeline} Timeline */
/** @typedef {"step" | "epoch"} Measure what is equal at a common moment: the steps done, or the passes over the data */

/** Where a frame stands. @param {Timeline} timeline @param {number} step @param {Measure} measure @returns {number} */
function positionOf(timeline, step, measure) {
  return measure === "step" ? step : step / (timeline.scene?.meta.steps_per_epoch ?? 1);
}

/** The last moment of the run that went farthest; 0 where none has frames. @param {Timeline[]} timelines @param {Measure} measure @returns {number} */
export function lastMoment(timelines, measure) {
  return Math.max(0, ...timelines.map((timeline) => (timeline.newest ? positionOf(timeline, timeline.newest.meta.step, measure) : 0)));
}

/**
 * Move every run to its frame nearest to a moment; one that ended before stays at its end. Null is now.
 * @param {Timeline[]} timelines
 * @param {number | null} moment
 * @param {Measure} measure
 */
export function seekAll(timelines, moment, measure) {
  for (const timeline of timelines) {
    if (moment === null) timeline.cursor = null;
    else if (timeline.newest) {
      const step = measure === "step" ? moment : moment * (timeline.scene?.meta.steps_per_epoch ?? 1);
      timeline.seek(timeline.indexOfStep(step));
    }
  }
}
