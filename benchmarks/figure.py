"""`Figure`: one number that a benchmark found, with the target that it is held against."""

import operator
from dataclasses import asdict, dataclass
from typing import Any, Literal

Target = tuple[Literal["≥", "≤", "="], float]
_HOLDS = {"≥": operator.ge, "≤": operator.le, "=": operator.eq}


class UnavailableError(RuntimeError):
    """Something that a benchmark needs (a network, a browser, a data set) is not here."""


@dataclass(frozen=True)
class Figure:
    """``target``: a comparison and a number, or None for a figure that is only told. ``note``: how it came about."""

    name: str
    value: float
    unit: str
    target: Target | None = None
    note: str = ""

    @property
    def holds(self) -> bool | None:
        """Whether the target is met; None without one."""
        return self.target and bool(_HOLDS[self.target[0]](self.value, self.target[1]))

    def row(self) -> str:
        """A line of the table."""
        target = f"{self.target[0]} {self.target[1]:g}" if self.target else ""
        verdict = {True: "ok", False: "miss", None: ""}[self.holds]
        return f"{self.name:<54} {_short(self.value):>8} {self.unit:<8} {target:>7}  {verdict:<5} {self.note}".rstrip()

    def as_json(self) -> dict[str, Any]:
        """For the file of results."""
        return {**asdict(self), "holds": self.holds}


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:.3g}"
