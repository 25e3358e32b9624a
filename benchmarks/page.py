"""Warm page load → interactive latent map of a pretrained model; timed inside the page."""

import statistics

from playwright.sync_api import BrowserContext

from benchmarks.appserver import app_server
from benchmarks.browser import chromium, fresh_context
from benchmarks.figure import Figure

INTERACTIVE = "probe.painted(() => probe.shows('pretrained') && probe.weights > 0)"


def run(quick: bool) -> list[Figure]:
    """Seconds from the navigation to a map that is painted and can be decoded, in a new browser."""
    first, second = [], []
    with chromium() as browser, app_server() as server:
        for _ in range(1 + (3 if quick else 7)):  # the first one warms the server
            with fresh_context(browser) as context:
                first.append(_load(context, server.url))
                second.append(_load(context, server.url))
    return [
        Figure("page load → interactive map, warm", statistics.median(second[1:]), "s", ("≤", 2.0),
               f"slowest {max(second[1:]):.2f} s of {len(second) - 1}"),
        Figure("the same with an empty browser cache", statistics.median(first[1:]), "s", None,
               f"slowest {max(first[1:]):.2f} s; the server's very first page {first[0]:.2f} s"),
    ]  # fmt: skip


def _load(context: BrowserContext, url: str) -> float:
    page = context.new_page()
    page.goto(url, wait_until="commit")
    milliseconds = page.evaluate(INTERACTIVE)  # since the navigation began
    page.close()
    return float(milliseconds) / 1000
