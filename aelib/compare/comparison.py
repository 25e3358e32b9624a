"""`Comparison`: what `compare` found, as plain numbers and small vectors that survive JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from aelib.compare.differences import Differences
from aelib.compare.rival import Example
from aelib.errors import DataError, sentence
from aelib.report.report import Figure, Number

#: Of the largest figure of a row: values that differ by less differ by the rounding of float32.
ROUNDING = 1e-6


@dataclass(frozen=True)
class Entry:
    """What is compared: a model, or PCA with as many components as a model has units. ``noise``: the kind of noise
    that its training had, if it had any."""

    name: str
    units: int
    kind: Literal["model", "pca"] = "model"
    noise: str = ""


@dataclass(frozen=True)
class Origin:
    """Where a model comes from. ``experiment``: as JSON, with its knobs where they stood at the end. ``error``:
    ‖x − x̂‖² per example over all held-out examples of the data set. ``script``: a program that comes to this very
    model and prints this error (see `aelib.script`), or empty: then ``obstacle`` says why."""

    name: str
    experiment: str
    error: float
    script: str = ""
    obstacle: str = ""


@dataclass(frozen=True)
class MetricRow:
    """One figure of every entry, in their order; None where an entry has none, which `Comparison.missing` explains.
    ``best``: places of the best ones, as people see them; empty where all are alike or better means nothing."""

    name: str
    label: str
    values: tuple[float | None, ...]
    best: tuple[int, ...] = ()
    unit: str = ""
    better: Literal["more", "less", ""] = ""
    help: str = ""

    @classmethod
    def of(cls, numbers: list[Number | None]) -> MetricRow:
        """The same `Number` of every entry; one of them at least is there."""
        first = next(number for number in numbers if number)
        shown = {i: number.shown for i, number in enumerate(numbers) if number}
        values = tuple(number.value if number else None for number in numbers)
        best: tuple[int, ...] = ()
        if first.better and len(set(shown.values())) > 1:
            choose = max if first.better == "more" else min
            winner = choose((number for number in numbers if number), key=lambda number: number.value)
            near = ROUNDING * max(abs(value) for value in values if value is not None)
            best = tuple(
                i
                for i, value in enumerate(values)
                if value is not None and (shown[i] == winner.shown or abs(value - winner.value) <= near)
            )
        return cls(first.name, first.label, values, best, first.unit, first.better, first.help)

    @property
    def shown(self) -> tuple[str, ...]:
        """The values with their units, for people; empty where there is none."""
        numbers = [None if value is None else Number(self.name, self.label, value, self.unit) for value in self.values]
        return tuple(number.shown if number else "" for number in numbers)


@dataclass(frozen=True)
class Duel:
    """A model against PCA of equal code size, example by example. ``share``: of the held-out examples that the model
    rebuilds better. ``for_model``, ``for_pca``: where either is better by most; an index counts the held-out examples
    of the data set. ``angles``: principal angles between decoder and PCA in degrees, rising; empty unless the decoder
    is affine."""

    model: str
    pca: str
    share: float
    for_model: tuple[Example, ...]
    for_pca: tuple[Example, ...]
    angles: tuple[float, ...] = ()

    @property
    def angle(self) -> float | None:
        """The largest principal angle, None unless the decoder is affine."""
        return self.angles[-1] if self.angles else None


@dataclass(frozen=True)
class Comparison:
    """``train``, ``held_out``: examples that the metrics are from; ``all_held_out``: that there are. ``left_out``: name
    of the class that training never saw, or empty. ``classes``: squared error of each class. ``curve``: error by code
    size. ``scree``: variance by component, and how many components are worth as much as each model. ``robustness``:
    error by noise level, a figure for each kind of noise. ``origins``: of the models. ``versions``: of what computed
    all this, by name. ``missing``: why something could not be computed, one sentence each."""

    dataset: str
    left_out: str
    train: int
    held_out: int
    all_held_out: int
    entries: tuple[Entry, ...]
    metrics: tuple[MetricRow, ...]
    classes: tuple[MetricRow, ...]
    curve: Figure
    scree: Figure
    duels: tuple[Duel, ...]
    robustness: tuple[Figure, ...]
    settings: Differences
    origins: tuple[Origin, ...]
    versions: dict[str, str]
    missing: tuple[str, ...] = ()

    @property
    def models(self) -> tuple[Entry, ...]:
        """The entries that are no PCA."""
        return tuple(entry for entry in self.entries if entry.kind == "model")

    def new_to(self, noise: str) -> tuple[str, ...]:
        """Names of the models whose training had no such noise."""
        return tuple(entry.name for entry in self.models if entry.noise != noise)

    def metric(self, name: str) -> MetricRow:
        """One row of the table by its name; `DataError` when there is none."""
        for row in self.metrics:
            if row.name == name:
                return row
        raise DataError(f"This comparison has no metric {name!r:.40}.")

    def to_json(self) -> str:
        """As JSON, for `from_json`."""
        return _ADAPTER.dump_json(self, indent=2).decode()

    @classmethod
    def from_json(cls, text: str | bytes) -> Comparison:
        """What `to_json` wrote; `DataError` when it is something else."""
        try:
            return _ADAPTER.validate_json(text)
        except ValidationError as error:
            raise DataError(f"This is not a comparison: {sentence(error)}") from None


_ADAPTER = TypeAdapter(Comparison)
