"""Comparing speeds on a machine that is never quite still: short turns, interleaved, and the median of ratios."""

import math
import statistics
import time
from collections.abc import Callable, Iterator, Mapping

Times = dict[str, list[float]]


def interleave(contestants: Mapping[str, Callable[[], float]], rounds: int, warm_up: int = 1) -> Times:
    """Let everybody take a turn in each round (A B C A B C …); a turn returns what it measured."""
    times: Times = {name: [] for name in contestants}
    for round_number in range(warm_up + rounds):
        for name, turn in contestants.items():
            measured = turn()
            if round_number >= warm_up:
                times[name].append(measured)
    return times


def ratio(times: Times, over: str, under: str) -> float:
    """Median over the rounds of ``over`` / ``under``."""
    return statistics.median(a / b for a, b in zip(times[over], times[under], strict=True))


def spread(times: Times, over: str, under: str) -> str:
    """The middle half of the ratios, and how many there were."""
    ratios = sorted(a / b for a, b in zip(times[over], times[under], strict=True))
    count = len(ratios)
    return f"middle half {ratios[count // 4]:.3g}–{ratios[(3 * count) // 4]:.3g} of {count}"


def seconds_of(iterator: Iterator[object], steps: int) -> Callable[[], float]:
    """A turn that takes the next steps of an iterator and returns its seconds per step."""

    def turn() -> float:
        start = time.perf_counter()
        for _ in range(steps):
            next(iterator)
        return (time.perf_counter() - start) / steps

    return turn


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least this share of them does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
