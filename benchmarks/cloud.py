"""Panning and zooming 70,000 points without a graphics card: the point map of the app beside plotly.js `scattergl`."""

import statistics
from collections.abc import Callable
from importlib.resources import files

from playwright.sync_api import Page, Route

from benchmarks.browser import chromium, fresh_context
from benchmarks.data import ROOT
from benchmarks.figure import Figure
from benchmarks.timing import interleave, percentile, ratio, spread

COUNT = 70_000
WIDTH, HEIGHT = 900, 640
#: Answered by `answer`, from the disk; no such host exists.
ORIGIN = "http://cloud.invalid"
PAGE = "<!doctype html><meta charset=utf-8><style>body { margin: 0; background: #fff }</style>"
_OURS, _PLOTLY = "ours", "plotly"


def run(quick: bool) -> list[Figure]:
    """Both maps in one page, in turns: the same points, the same canvas, the same walk through views."""
    frames = {_OURS: 30 if quick else 120, _PLOTLY: 6 if quick else 20}
    rates: dict[str, list[float]] = {_OURS: [], _PLOTLY: []}
    with chromium() as browser, fresh_context(browser) as context:
        page = context.new_page()
        page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        page.route(f"{ORIGIN}/**", answer)
        page.goto(ORIGIN)
        page.add_script_tag(content=files("plotly").joinpath("package_data/plotly.min.js").read_text(encoding="utf-8"))
        for name in frames:
            page.evaluate(f"import('/cloud.js').then(maps => maps.make('{name}', {COUNT}))")
        times = interleave({name: _walk(page, name, frames[name], rates[name]) for name in frames}, 2 if quick else 5)
    ours, plotly = (statistics.median(times[name]) for name in frames)
    title = f"pan and zoom of {COUNT:,} points"
    return [
        Figure(f"{title}, frames a second", statistics.median(rates[_OURS]), "1/s", ("≥", 25), f"{WIDTH}×{HEIGHT}"),
        Figure("the same, plotly.js scattergl", statistics.median(rates[_PLOTLY]), "1/s"),
        Figure("from a change of view to its pixels", ours, "ms", None, f"worst {percentile(times[_OURS], 1):.1f} ms"),
        Figure("the same, plotly.js scattergl", plotly, "ms"),
        Figure("time of a frame, plotly.js over ours", ratio(times, _PLOTLY, _OURS), "×", ("≥", 5),
               spread(times, _PLOTLY, _OURS)),
    ]  # fmt: skip


def _walk(page: Page, name: str, frames: int, rates: list[float]) -> Callable[[], float]:
    def turn() -> float:
        told = page.evaluate(f"import('/cloud.js').then(maps => maps.walk('{name}', {frames}))")
        rates.append(told["fps"])
        return float(told["work"])

    return turn


def answer(route: Route) -> None:
    """The page, the modules that measure, and the app's own modules."""
    path = route.request.url.removeprefix(ORIGIN).lstrip("/")
    if not path:
        route.fulfill(body=PAGE, content_type="text/html")
    elif path.endswith(".js"):
        folder = ROOT / ("benchmarks/pages" if path in ("cloud.js", "maps.js") else "app/web")
        route.fulfill(path=folder / path, content_type="text/javascript")
    else:
        route.fulfill(status=404)
