"""`train_sweep`: a sweep trained to its end in this process, and what came of it."""

import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass

import torch
from torch import Tensor

from aelib.data import Dataset
from aelib.errors import DivergenceError
from aelib.evaluate import evaluate_in_full
from aelib.experiment import Experiment
from aelib.objectives.declared import Trade
from aelib.sweep.spec import SweepSpec
from aelib.sweep.structure import StructureSweep
from aelib.sweep.trade import trade_of_model
from aelib.sweep.training import StackedTraining

#: Trained so far: epochs of all runs, of so many.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Cell:
    """One cell when training is over.

    ``figures``: as `aelib.evaluate` gives them, on all held-out examples; None for what is no finite number.
    ``trade``: see `aelib.sweep.trade`. ``diverged``: the step at which its loss was no finite number, 0 if it never
    was; a stacked cell has the figures of its last good weights, another one none.
    """

    name: str
    value: float | str
    figures: dict[str, float | None]
    trade: float | None
    diverged: int


@dataclass(frozen=True)
class Outcome:
    """``trade``: what the cells trade, where that is the same for all."""

    sweep: SweepSpec | StructureSweep
    trade: Trade | None
    cells: tuple[Cell, ...]

    def to_json(self) -> str:
        """Everything, as a JSON object."""
        trade = self.trade and self.trade.described
        found = {"title": self.sweep.title, "sweep": self.sweep.model_dump(mode="json"), "trade": trade}
        return json.dumps({**found, "cells": [asdict(cell) for cell in self.cells]}, indent=2, ensure_ascii=False)

    def as_text(self) -> str:
        """A table, for a terminal: a line for each cell."""
        label = [f"{self.trade.label}{f', {self.trade.unit}' if self.trade.unit else ''}"] if self.trade else []
        rows = [["", "squared error", "loss", *label, "diverged"]]
        for cell in self.cells:
            trade = [_shown(cell.trade)] if self.trade else []
            figures = [_shown(cell.figures[name]) for name in ("squared_error", "loss")]
            rows.append([cell.name, *figures, *trade, f"at step {cell.diverged:,}" if cell.diverged else ""])
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join([f"{row[0]:<{widths[0]}}", *(f"{t:>{w}}" for t, w in zip(row[1:], widths[1:], strict=True))])
            for row in rows
        ]
        return "\n".join([f"{self.sweep.title}: held-out figures.", *(line.rstrip() for line in lines)])


def train_sweep(
    sweep: SweepSpec | StructureSweep,
    data: Dataset,
    device: torch.device | str = "cpu",
    progress: Progress = lambda done, total: None,
) -> Outcome:
    """Train all cells to their end: as one stacked model where that is possible, else one after the other."""
    trades = {cell.objective.trade for cell in sweep.cells}
    trade = trades.pop() if len(trades) == 1 else None
    if isinstance(sweep, SweepSpec) and sweep.is_stackable:
        cells = _train_stacked(sweep, data, device, progress)
    else:
        cells = _train_each(sweep, trade, data, device, progress)
    return Outcome(sweep, trade, cells)


def _train_stacked(sweep: SweepSpec, data: Dataset, device: torch.device | str, progress: Progress) -> tuple[Cell, ...]:
    training = StackedTraining(sweep, data, device)
    for record in training:
        if record.step % training.steps_per_epoch == 0:
            progress(record.epoch, sweep.base.train.epochs)
        if training.all_diverged:
            break
    found = training.evaluate()
    return tuple(
        Cell(
            sweep.names[k],
            sweep.values[k],
            {name: _number(values[k]) for name, values in found.figures.items()},
            None if found.trade is None else _number(found.trade[k]),
            int(training.diverged[k]),
        )
        for k in range(len(sweep.values))
    )


def _train_each(
    sweep: SweepSpec | StructureSweep, trade: Trade | None, data: Dataset, device: torch.device | str, tell: Progress
) -> tuple[Cell, ...]:
    epochs, found = sweep.base.train.epochs, []
    for k, (cell, name, value) in enumerate(zip(sweep.cells, sweep.names, sweep.values, strict=True)):

        def progress(done: int, before: int = k * epochs) -> None:
            tell(before + done, epochs * len(sweep.values))

        figures, traded, diverged = _train_one(cell, data, device, progress)
        found.append(Cell(name, value, figures, traded if trade else None, diverged))
    return tuple(found)


def _train_one(
    cell: Experiment, data: Dataset, device: torch.device | str, progress: Callable[[int], None]
) -> tuple[dict[str, float | None], float | None, int]:
    """Held-out figures, trade, and the step of divergence."""
    training = cell.build(data, device)
    model, test, diverged = training.model, data.test, 0
    try:
        for record in training:
            if record.step % training.steps_per_epoch == 0:
                progress(record.epoch)
    except DivergenceError:
        diverged = training.step
    epoch = (training.step - 1) / training.steps_per_epoch  # that of the last step: of its stage, its warm-up
    found = evaluate_in_full(model, test.x, test.y, epoch=epoch)
    traded = trade_of_model(model, test.x, found.statistics, epoch)
    figures = {name: None if diverged or not math.isfinite(v) else v for name, v in found.figures.items()}
    return figures, None if diverged else traded, diverged


def _number(value: Tensor) -> float | None:
    return float(value) if value.isfinite() else None


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"
