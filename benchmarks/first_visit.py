"""The latent space page in a browser that has never been here: until its map is drawn, and what its modules cost."""

import http.client
import statistics
import time
from contextlib import ExitStack
from functools import partial
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from app.service.modules import HOST, address, closure
from benchmarks.appserver import app_server
from benchmarks.browser import chromium, fresh_context
from benchmarks.figure import Figure, Target
from benchmarks.timing import Times, interleave, ratio, spread

PAGE = "latent-space?open=digits-variational"
#: Milliseconds that an answer takes at least: on this machine, and of a server in another town.
DELAYS = (0, 40)
DRAWN = "probe.painted(() => probe.find('[data-testid=latent]')?.latent?.space?.layout)"
MODULES = tuple(address(name) for name in closure(HOST, "latent/latent.js"))
#: How the modules come: the module that serves the app, and whether the browser has them from an earlier page.
WAYS = {
    "as in 0.1.0": ("benchmarks.delivery.formerly", False),
    "without links": ("benchmarks.delivery.unlinked", False),
    "with links": ("app", False),
    "cached": ("app", True),
}
#: What is compared: one way over another. The last is the most that links could bring.
QUESTIONS = (
    ("modules as in 0.1.0 ÷ now", "as in 0.1.0", "with links"),
    ("without ÷ with links", "without links", "with links"),
    ("without links ÷ cached", "without links", "cached"),
)


def run(quick: bool) -> list[Figure]:
    """Visits of servers in turn, which differ in how modules come to the browser."""
    with ExitStack() as stack:
        browser = stack.enter_context(chromium())
        urls = {module: stack.enter_context(app_server(module)).url for module, _ in WAYS.values()}
        visits = {
            f"{way}, {delay} ms": partial(_visit, browser, urls[module], delay, cached)
            for delay in DELAYS
            for way, (module, cached) in WAYS.items()
        }
        times = interleave(visits, rounds=5 if quick else 15)
        module = _milliseconds_a_module(urls["app"])
    return [
        *(_figure(times, delay, *question) for delay in DELAYS for question in QUESTIONS),
        # Twice as much as was measured, and a quarter of what waiting for an acknowledgement costs.
        Figure("a module, over a connection that is kept", module, "ms", ("≤", 10)),
    ]  # fmt: skip


def _figure(times: Times, delay: int, what: str, over: str, under: str) -> Figure:
    target: Target | None = ("≥", 1.5) if over == "as in 0.1.0" and not delay else None
    slow, fast = f"{over}, {delay} ms", f"{under}, {delay} ms"
    where = f"{delay} ms away" if delay else "here"
    return Figure(
        f"first visit {where}, {what}", ratio(times, slow, fast), "", target,
        f"{statistics.median(times[slow]):.2f} and {statistics.median(times[fast]):.2f} s; {spread(times, slow, fast)}",
    )  # fmt: skip


def _visit(browser: Browser, url: str, delay: int, cached: bool) -> float:
    """Seconds from the navigation to a drawn map, in a browser with empty caches or with nothing but the modules."""
    with fresh_context(browser) as context:
        page = context.new_page()
        if cached:
            page.goto(f"{url}/{MODULES[0]}")
            page.evaluate("paths => Promise.all(paths.map((path) => fetch(path).then((one) => one.text())))", _paths())
        network = {"offline": False, "latency": delay, "downloadThroughput": -1, "uploadThroughput": -1}
        context.new_cdp_session(page).send("Network.emulateNetworkConditions", network)
        page.goto(f"{url}/{PAGE}", wait_until="commit")
        return float(page.evaluate(DRAWN)) / 1000


def _paths() -> list[str]:
    return [f"/{module}" for module in MODULES]


def _milliseconds_a_module(url: str) -> float:
    """The median of all modules of the page, asked for one after another."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    times = []
    for path in _paths():
        start = time.perf_counter()
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        connection.getresponse().read()
        times.append(1000 * (time.perf_counter() - start))
    connection.close()
    return statistics.median(times)
