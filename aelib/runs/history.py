"""`History`: the loss of every step of a run, averaged over windows, bounded in length."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from aelib.errors import DivergenceError

#: Steps in the smallest window.
WINDOW = 10
MAX_POINTS = 2000


class History:
    """Means of the loss terms over consecutive windows of equal length.

    Windows start and end at fixed steps, so that the history of a run does not depend on pauses, speed
    or who is watching. When there are more than ``limit``, neighbours are merged and the window doubles.
    A point is {"step": its last step, term: mean, …}.
    """

    def __init__(self, limit: int = MAX_POINTS) -> None:
        self.limit = limit
        self.window = WINDOW
        self.points: list[dict[str, float]] = []
        self._steps: list[dict[str, Tensor]] = []  # of the window that is not full yet

    def add(self, step: int, terms: dict[str, Tensor]) -> dict[str, float] | None:
        """Take in one step; returns the new point when the step ended a window.

        `DivergenceError` when its mean is not a finite number; such a window is left out.
        """
        self._steps.append(terms)
        if step % self.window:
            return None
        # A training that was continued without its history may begin within a window.
        point = {"step": float(step), **mean_terms(self._steps)}
        self.discard_window()
        if not math.isfinite(sum(point.values())):
            raise DivergenceError
        self.points.append(point)
        if len(self.points) > self.limit and len(self.points) % 2 == 0:
            self.points = [_merge(a, b) for a, b in zip(self.points[::2], self.points[1::2], strict=True)]
            self.window *= 2
        return point

    def discard_window(self) -> None:
        """Forget the steps since the last point."""
        self._steps = []

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """Tensors and metadata to go on from."""
        names = self._steps[0] if self._steps else {}
        tensors = {name: torch.stack([terms[name] for terms in self._steps]) for name in names}
        return tensors, {"window": self.window, "points": self.points}

    @classmethod
    def restored(cls, tensors: dict[str, Tensor], meta: dict[str, Any]) -> "History":
        """The history that gave this state."""
        history = cls()
        history.window, history.points = meta["window"], meta["points"]
        columns = [values.unbind() for values in tensors.values()]
        history._steps = [dict(zip(tensors, step, strict=True)) for step in zip(*columns, strict=True)]
        return history

    @classmethod
    def continued(cls, points: list[dict[str, float]]) -> "History":
        """The history that goes on after these points."""
        history = cls()
        history.points = points
        if len(points) > 1:
            history.window = round(points[1]["step"] - points[0]["step"])
        return history


def mean_terms(steps: Sequence[Mapping[str, Tensor]]) -> dict[str, float]:
    """Mean of each loss term over some steps; waits for the device once a term."""
    return {name: float(torch.stack([terms[name] for terms in steps]).sum()) / len(steps) for name in steps[0]}


def history_tensors(snapshot: Mapping[str, Tensor], device: torch.device | str = "cpu") -> dict[str, Tensor]:
    """Those of a history among the tensors of a snapshot, on the device where the next ones will be."""
    prefix = "history."
    return {name.removeprefix(prefix): v.to(device) for name, v in snapshot.items() if name.startswith(prefix)}


def _merge(a: dict[str, float], b: dict[str, float]) -> dict[str, float]:
    return {name: b[name] if name == "step" else (a[name] + b[name]) / 2 for name in b}
