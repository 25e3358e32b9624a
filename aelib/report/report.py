"""`Report`: what was measured, as plain numbers and small vectors that survive JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from aelib.errors import DataError, sentence
from aelib.glossary import GLOSSARY, Term


@dataclass(frozen=True)
class Number:
    """One figure. ``pca``: the same of PCA with equal code size, where it has one. ``help``: what it says, and its
    ceiling where that is not obvious. ``unit``: "share" is shown in per cent, "" is a plain number.
    ``better``: which way, where more or less of it is better."""

    name: str
    label: str
    value: float
    unit: str = ""
    pca: float | None = None
    help: str = ""
    better: Literal["more", "less", ""] = ""

    @property
    def shown(self) -> str:
        """The value with its unit, for people."""
        return _shown(self.value, self.unit)

    @property
    def shown_pca(self) -> str:
        """The same of PCA; empty where it has none."""
        return "" if self.pca is None else _shown(self.pca, self.unit)

    @property
    def winner(self) -> Literal["model", "pca", ""]:
        """Who is better; empty on a draw, or where that means nothing."""
        if self.pca is None or not self.better or self.shown == self.shown_pca:
            return ""
        return "model" if (self.value > self.pca) == (self.better == "more") else "pca"


@dataclass(frozen=True)
class Line:
    """A series of a figure: y over x. ``role``: of the model, of PCA, or something to compare with. ``of``: which of
    several models it is of, where the label says something else."""

    label: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    role: Literal["model", "pca", "guide"] = "model"
    of: str = ""


@dataclass(frozen=True)
class Figure:
    """Series that share their axes. ``sentence``: what they show, for people. ``logarithmic``: its horizontal axis."""

    name: str
    title: str
    sentence: str
    x_label: str
    y_label: str
    lines: tuple[Line, ...]
    kind: Literal["lines", "bars"] = "lines"
    logarithmic: bool = False


@dataclass(frozen=True)
class Section:
    """What belongs together. ``missing``: why something could not be computed, one sentence each."""

    name: str
    title: str
    sentence: str
    numbers: tuple[Number, ...] = ()
    figures: tuple[Figure, ...] = ()
    missing: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Number]:
        return iter(self.numbers)


@dataclass(frozen=True)
class Report:
    """What `measure` found. ``train``, ``held_out``: examples that the figures are from. ``left_out``: name of the
    class that training never saw, or empty. ``units``: of the code, and of PCA's."""

    dataset: str
    left_out: str
    units: int
    train: int
    held_out: int
    sections: tuple[Section, ...]

    def section(self, name: str) -> Section | None:
        """The section of that name; None where it does not apply."""
        return next((section for section in self.sections if section.name == name), None)

    def number(self, section: str, name: str) -> Number:
        """One figure by its names; `DataError` when this report does not have it."""
        for found in self.section(section) or ():
            if found.name == name:
                return found
        raise DataError(f"This report has no figure {name!r:.40} in a section {section!r:.40}.")

    @property
    def terms(self) -> tuple[Term, ...]:
        """What its figures are, each once, in their order."""
        names = [
            name
            for section in self.sections
            for name in (*(one.name for one in section.numbers), *(one.name for one in section.figures))
        ]
        return tuple(dict.fromkeys(GLOSSARY[name] for name in names if name in GLOSSARY))

    def to_json(self) -> str:
        """As JSON, for `from_json`."""
        return _ADAPTER.dump_json(self, indent=2).decode()

    @classmethod
    def from_json(cls, text: str | bytes) -> Report:
        """What `to_json` wrote; `DataError` when it is something else."""
        try:
            return _ADAPTER.validate_json(text)
        except ValidationError as error:
            raise DataError(f"This is not a report: {sentence(error)}") from None


_ADAPTER = TypeAdapter(Report)


def _shown(value: float, unit: str) -> str:
    if unit == "share":
        return f"{100 * value:z.1f}".replace("-", "−") + " %"
    if unit.startswith("of "):  # units out of those of the code
        return f"{value:.4g} {unit}"
    # Four digits that count, and no more than three after the point.
    places = max(0, min(3, 3 - math.floor(math.log10(abs(value))))) if value else 0
    return f"{value:z.{places}f}".replace("-", "−") + (f" {unit}" if unit else "")
