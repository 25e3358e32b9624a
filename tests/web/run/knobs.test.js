import assert from "node:assert/strict";
import { test } from "node:test";
import { knobHint } from "../../../app/web/run/knobs.js";

test("the hint says what turning a knob does now", () => {
  assert.equal(knobHint("running"), "act while you drag");
  for (const status of ["waiting", "paused", "stopped", "finished", "diverged", "failed"]) assert.ok(!knobHint(status).includes("drag"));
  assert.match(knobHint("finished"), /goes on/);
});
