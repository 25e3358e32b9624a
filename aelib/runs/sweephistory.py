"""`SweepHistory`: the `History` of each cell of a stacked sweep, kept as tensors: quick to save, however many."""

import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from aelib.frames.sweepprobe import mean_of
from aelib.runs.history import MAX_POINTS, WINDOW


class SweepHistory:
    """Means of the loss terms of K cells over the windows of `History`; NaN from where a cell has diverged."""

    def __init__(self) -> None:
        self.window = WINDOW
        self._ends: list[int] = []  # last steps of the windows
        self._means: list[Mapping[str, Tensor]] = []  # of each window, (K,) in float64
        self._steps: list[Mapping[str, Tensor]] = []  # of the window that is not full yet

    def add(self, step: int, terms: Mapping[str, Tensor]) -> None:
        """Take in one step of all cells."""
        self._steps.append(terms)
        if step % self.window:
            return
        self._ends.append(step)
        self._means.append({name: value.double().cpu() for name, value in mean_of(self._steps).items()})
        self._steps = []
        if len(self._ends) > MAX_POINTS and len(self._ends) % 2 == 0:
            self._ends = self._ends[1::2]
            pairs = zip(self._means[::2], self._means[1::2], strict=True)
            self._means = [{name: (a[name] + b[name]) / 2 for name in b} for a, b in pairs]
            self.window *= 2

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """Tensors and metadata to go on from."""
        found = {f"mean.{name}": value for name, value in _stacked(self._means).items()}
        found |= {f"step.{name}": value.cpu() for name, value in _stacked(self._steps).items()}
        return found, {"window": self.window, "ends": self._ends}

    @classmethod
    def restored(cls, tensors: Mapping[str, Tensor], meta: Mapping[str, Any]) -> "SweepHistory":
        """The history that gave this state."""
        history = cls()
        history.window, history._ends = meta["window"], list(meta["ends"])
        history._means = _rows(tensors, "mean.")
        history._steps = _rows(tensors, "step.")
        return history

    def state_of(self, k: int) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """The state of the `History` that the k-th cell's single run would have, up to where it diverged."""
        rows = [
            {"step": float(end), **{name: float(value[k]) for name, value in means.items()}}
            for end, means in zip(self._ends, self._means, strict=True)
        ]
        points = [row for row in rows if math.isfinite(sum(row.values()))]
        steps = {name: value[:, k] for name, value in _stacked(self._steps).items()}
        if not all(value.isfinite().all() for value in steps.values()):
            steps = {}
        return {name: value.cpu().contiguous() for name, value in steps.items()}, {
            "window": self.window,
            "points": points,
        }


def _stacked(rows: list[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    return {name: torch.stack([row[name] for row in rows]) for name in rows[0]} if rows else {}


def _rows(tensors: Mapping[str, Tensor], prefix: str) -> list[Mapping[str, Tensor]]:
    columns = {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
    length = max((len(value) for value in columns.values()), default=0)
    return [{name: value[i] for name, value in columns.items()} for i in range(length)]
