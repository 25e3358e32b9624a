"""Knob dragged → used by a training step; timed inside the page, with a real drag."""

import bisect
import random
import statistics
from typing import Any

from playwright.sync_api import Page

from aelib import Experiment
from benchmarks.appserver import FOR_EVER, app_server
from benchmarks.browser import chromium, fresh_context, wait_for_status
from benchmarks.figure import Figure
from benchmarks.timing import percentile

KNOB = "beta"


def run(quick: bool) -> list[Figure]:
    """From the input event to the arrival of the first frame with the new value, which shows that it is in use.

    That is an upper bound, because a frame comes at most twelve times a second, and on a busy machine
    more seldom. A frame also tells the
    step since when a knob stands where it stands; the time of that step, between the frames around it,
    gives the second figure.
    """
    experiment = Experiment.of("digits", "variational", train=FOR_EVER)
    with chromium() as browser, app_server() as server, fresh_context(browser) as context:
        run_id = server.launch(experiment)
        page = context.new_page()
        page.goto(f"{server.url}/train?run={run_id}")
        wait_for_status(page, "running")
        page.wait_for_timeout(1500)
        _drag(page, 20)
        told = page.evaluate("({ inputs: probe.inputs, turns: probe.turns, frames: probe.frames })")
        server.stop(run_id)
    shown, used = latencies(**told)
    return [
        Figure("knob dragged → frame that used it is there", statistics.median(shown), "ms", ("≤", 150),
               f"upper bound; 95 % {percentile(shown, 0.95):.0f} ms, {len(shown)} drags"),
        Figure("knob dragged → step that used it", statistics.median(used), "ms", ("≤", 150),
               f"interpolated, including the way back; 95 % {percentile(used, 0.95):.0f} ms"),
    ]  # fmt: skip


def _drag(page: Page, moves: int) -> None:
    """Hold the knob and move it now and then, at moments that have nothing to do with those of the frames."""
    page.evaluate("name => probe.watchKnob(name)", KNOB)
    slider = page.locator(f"input[data-knob={KNOB}]")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    when = random.Random(0)
    page.mouse.move(box["x"] + 0.25 * box["width"], y)
    page.mouse.down()
    page.wait_for_timeout(700)
    page.evaluate("probe.inputs.length = probe.turns.length = 0")
    for i in range(moves):
        page.mouse.move(box["x"] + (0.27 + 0.5 * i / moves) * box["width"], y)
        page.wait_for_timeout(400 + 200 * when.random())
    page.mouse.up()


def latencies(inputs: list[float], turns: list[Any], frames: list[Any]) -> tuple[list[float], list[float]]:
    """Milliseconds from each input to the frame that shows its value, and to the step that first used it."""
    steps, times = [frame["step"] for frame in frames], [frame["time"] for frame in frames]
    shown, used = [], []
    for start in inputs:
        turn = next((turn for turn in turns if turn["time"] >= start), None)
        if turn is None:
            continue
        found = next((f for f in frames if f["time"] >= turn["time"] and f["knobs"][KNOB][0] == turn["value"]), None)
        if found is None:
            continue
        shown.append(found["time"] - start)
        first = found["knobs"][KNOB][1] + 1
        after = max(1, bisect.bisect_left(steps, first))
        share = (first - steps[after - 1]) / (steps[after] - steps[after - 1])
        used.append(times[after - 1] + share * (times[after] - times[after - 1]) - start)
    if len(shown) < len(inputs) - 1:
        raise RuntimeError(f"Only {len(shown)} of {len(inputs)} drags were answered by a frame.")
    return shown, used
