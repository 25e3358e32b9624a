"""`History`: the loss of every step of a run, averaged over windows, bounded in length."""

import math
from typing import Any

from torch import Tensor

from aelib.errors import DivergenceError

#: Steps in the smallest window.
WINDOW = 10
MAX_POINTS = 2000


class History:
    """Means of the loss terms over consecutive windows of equal length.

    Windows start and end at fixed steps, so that the history of a run does not depend on pauses, speed
    or who is watching. When there are more than 2,000, neighbours are merged and the window doubles.
    A point is {"step": its last step, term: mean, …}.
    """

    def __init__(self) -> None:
        self.window = WINDOW
        self.points: list[dict[str, float]] = []
        self._sums: dict[str, Tensor] = {}
        self._steps = 0

    def add(self, step: int, terms: dict[str, Tensor]) -> dict[str, float] | None:
        """Take in one step; returns the new point when the step ended a window.

        `DivergenceError` when its mean is not a finite number; such a window is left out.
        """
        for name, value in terms.items():
            self._sums[name] = self._sums[name] + value if name in self._sums else value.clone()
        self._steps += 1
        if step % self.window:
            return None
        # A training that was continued without its history may begin within a window.
        point = {"step": float(step), **{name: float(total) / self._steps for name, total in self._sums.items()}}
        self.discard_window()
        if not math.isfinite(sum(point.values())):
            raise DivergenceError
        self.points.append(point)
        if len(self.points) > MAX_POINTS and len(self.points) % 2 == 0:
            self.points = [_merge(a, b) for a, b in zip(self.points[::2], self.points[1::2], strict=True)]
            self.window *= 2
        return point

    def discard_window(self) -> None:
        """Forget the steps since the last point."""
        self._sums, self._steps = {}, 0

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """Tensors and metadata to go on from."""
        return dict(self._sums), {"window": self.window, "points": self.points, "steps": self._steps}

    @classmethod
    def restored(cls, tensors: dict[str, Tensor], meta: dict[str, Any]) -> "History":
        """The history that gave this state."""
        history = cls()
        history.window, history.points, history._steps = meta["window"], meta["points"], meta["steps"]
        history._sums = tensors
        return history


def _merge(a: dict[str, float], b: dict[str, float]) -> dict[str, float]:
    return {name: b[name] if name == "step" else (a[name] + b[name]) / 2 for name in b}
