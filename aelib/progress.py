"""`Progress` of what takes long; `silent`, that nobody hears; `Steps`, many of them, told often enough to be seen."""

from collections.abc import Callable

#: Told of the share that is done, in [0, 1], and what is done; what it raises is passed on, and so cancels.
Progress = Callable[[float, str], None]
#: Calls of ``progress`` for one stage.
_TIMES = 1000


def silent(share: float, text: str) -> None:
    """Progress that nobody is told of."""


class Steps:
    """Tells ``progress(share, text)`` of one stage, from ``start`` to ``end`` of the whole, a thousand times at most.

    What ``progress`` raises is passed on: so it cancels.
    """

    def __init__(self, progress: Progress, start: float, end: float, text: str, total: int) -> None:
        self._progress, self._start, self._span, self._text = progress, start, end - start, text
        self._total, self._every = max(1, total), max(1, total // _TIMES)

    def __call__(self, done: int) -> None:
        """That so many of ``total`` steps are done."""
        if done % self._every == 0:
            share = self._start + self._span * min(1.0, done / self._total)
            self._progress(share, f"{self._text} ({done:,} of {self._total:,})")
