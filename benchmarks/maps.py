"""A frame on the bench's map and on the 64 cards of a sweep, and a move of the pointer, without a graphics card."""

import statistics
from collections.abc import Callable

from playwright.sync_api import Page

from benchmarks.browser import chromium
from benchmarks.cloud import ORIGIN, answer
from benchmarks.figure import Figure
from benchmarks.timing import Times, interleave, percentile, ratio, spread

#: As the bench has at most, and as a card has.
POINTS, CARD_POINTS = 1000, 500
CARDS = 64
WINDOW, BENCH = (1440, 900), (690, 400)
#: Name, kind, size and settings of what takes part (see `maps.js`).
MAPS = {
    "bench": ("bench", BENCH, [POINTS]),
    "circles": ("circles", BENCH, [POINTS]),
    "cards": ("sweep", WINDOW, [CARD_POINTS, CARDS]),
    "circles of cards": ("circles", WINDOW, [CARD_POINTS, CARDS, 1.9]),
}


def run(quick: bool) -> list[Figure]:
    """Milliseconds until the pixels are there, and how many times as long the circles of a canvas take."""
    figures = []
    with chromium() as browser:
        for density in (1, 2):
            page = browser.new_page(viewport={"width": WINDOW[0], "height": WINDOW[1]}, device_scale_factor=density)
            page.route(f"{ORIGIN}/**", answer)
            page.goto(ORIGIN)
            figures += _figures(race(page, 3 if quick else 15), f"{density} pixel{'s' * (density > 1)} to a CSS pixel")
            page.close()
    return figures


def race(page: Page, rounds: int) -> Times:
    """All maps in turns, and the pointer over that of the bench."""
    for name, description in MAPS.items():
        page.evaluate("all => import('/maps.js').then(maps => maps.make(...all))", [name, *description])
    turns = {name: _turn(page, "play", name, 16) for name in MAPS}
    return interleave({**turns, "pointer": _turn(page, "point", "bench", 100)}, rounds)


def _turn(page: Page, what: str, name: str, times: int) -> Callable[[], float]:
    script = "([what, name, times]) => import('/maps.js').then(maps => maps[what](name, times))"
    return lambda: float(page.evaluate(script, [what, name, times]))


def _figures(times: Times, title: str) -> list[Figure]:
    def median(name: str, most: float | None = None) -> Figure:
        worst = f"worst {percentile(times[name], 1):.1f} ms"
        return Figure(f"{TITLES[name]}, {title}", statistics.median(times[name]), "ms", most and ("≤", most), worst)

    def against(circles: str, ours: str, least: float) -> Figure:
        note = spread(times, circles, ours)
        return Figure(f"the same, circles over {ours}", ratio(times, circles, ours), "×", ("≥", least), note)

    return [
        median("bench"), median("cards"), median("pointer", 16),
        against("circles", "bench", 1), against("circles of cards", "cards", 3),
    ]  # fmt: skip


TITLES = {
    "bench": f"a frame of {POINTS:,} points on the bench",
    "cards": f"a frame of {CARDS} cards of {CARD_POINTS}",
    "pointer": "a move of the pointer on the bench",
}
