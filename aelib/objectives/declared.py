"""What an objective declares of itself for people: the axis of its trade-off, the readouts of its code."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from torch import Tensor


@dataclass(frozen=True)
class Trade:
    """What is bought with reconstruction error, as people read it (its value: `Objective.traded`).

    ``short``: the label where there is little room.
    """

    name: str
    label: str
    short: str
    unit: str
    sentence: str

    @property
    def described(self) -> dict[str, str]:
        """All of it, as it travels."""
        return dict(vars(self))


@dataclass(frozen=True)
class CodeReadout:
    """A number that follows from codes, shown while a model trains.

    ``unit``: how it is written: a number, a share in per cent, or units out of those of the code. ``value``: of
    what the encoder gave, (n, statistics · latent), and the codes, (n, latent).
    """

    name: str
    label: str
    help: str
    unit: Literal["number", "share", "units"]
    value: Callable[[Tensor, Tensor], float]
