"""Train pressed → the first frame of the new run painted, on a warm server; timed inside the page."""

import statistics

from playwright.sync_api import BrowserContext

from benchmarks.appserver import AppServer, app_server
from benchmarks.browser import chromium, fresh_context, wait_for_status
from benchmarks.figure import Figure

TRAIN = ".st-key-train button"
#: What the page begins with, and what is the fastest.
DATA = {"mnist_sample": "", "digits": ", digits"}


def run(quick: bool) -> list[Figure]:
    """Median seconds from the click to the paint, upper bounds by one animation frame; of a variational model."""
    with chromium() as browser, app_server() as server, fresh_context(browser) as context:
        return [_first_frames(server, context, data, said) for data, said in DATA.items()]


def _first_frames(server: AppServer, context: BrowserContext, data: str, said: str) -> Figure:
    seconds = []
    for _ in range(1 + 5):  # the first one fills caches
        page = context.new_page()
        page.goto(f"{server.url}/train?data={data}")
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
    return Figure(f"Train pressed → first frame painted{said}", statistics.median(rest), "s", ("≤", 0.7), note)
