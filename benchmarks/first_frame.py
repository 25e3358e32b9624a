"""Train pressed → the first frame of the new run painted, on a warm server; timed inside the page."""

import statistics

from benchmarks.appserver import app_server
from benchmarks.browser import chromium, fresh_context, wait_for_status
from benchmarks.figure import Figure

TRAIN = ".st-key-train button"


def run(quick: bool) -> list[Figure]:
    """Median seconds from the click to the paint, upper bounds by one animation frame; the default run on digits."""
    seconds = []
    with chromium() as browser, app_server() as server, fresh_context(browser) as context:
        for _ in range(1 + 5):  # the first one fills caches
            page = context.new_page()
            page.goto(f"{server.url}/train")
            wait_for_status(page, "pretrained")
            page.wait_for_timeout(500)
            page.evaluate("selector => probe.timeClick(selector, 'running')", TRAIN)
            page.click(TRAIN)
            seconds.append(page.evaluate("probe.clicked") / 1000)
            page.click("[data-action=stop]")
            wait_for_status(page, "stopped")
            page.close()
    first, *rest = seconds
    note = f"slowest {max(rest):.2f} s of {len(rest)}; the very first {first:.2f} s"
    return [Figure("Train pressed → first frame painted", statistics.median(rest), "s", ("≤", 0.7), note)]
