"""`SweepSpec`: one experiment with one knob at many values."""

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Literal

from pydantic import model_validator

from aelib.errors import ConfigError
from aelib.experiment import Experiment
from aelib.networks import MLP
from aelib.networks.mlp import MAX_WEIGHTS
from aelib.registry import get_variant
from aelib.spec import Knob, Spec

#: Values of a sweep, at most.
MAX_VALUES = 64


class Sweep(Spec, ABC):
    """Experiments, its ``cells``, that differ from ``base`` in one thing; each can be run by itself."""

    schema_version: Literal[1] = 1
    base: Experiment

    @property
    @abstractmethod
    def cells(self) -> tuple[Experiment, ...]:
        """The experiments that it consists of, in the order of its values."""

    @property
    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """What each cell is called, for people, e.g. "β = 0.5"."""

    @property
    @abstractmethod
    def swept(self) -> str:
        """What is swept, for people, e.g. "β from 0.1 to 10"."""

    @property
    def title(self) -> str:
        """What is swept, and of what, e.g. "β from 0.1 to 10 on Variational (β) · Digits 8×8"."""
        return f"{self.swept} on {get_variant(self.base.variant).title} · {self.base.info.title}"

    def check_stackable(self) -> None:
        """`ConfigError` when the cells cannot be trained as one stacked model (see `StackedTraining`)."""
        raise ConfigError("Models of different shapes cannot be stacked: train the cells as runs of their own.")

    @property
    def is_stackable(self) -> bool:
        """Whether the cells can be trained as one stacked model."""
        try:
            self.check_stackable()
        except ConfigError:
            return False
        return True


class SweepSpec(Sweep):
    """An experiment ``base`` with ``knob`` at each of ``values``: all else, the seed too, is equal.

    ``knob``: any of the experiment's knobs, the learning rate among them, or ``seed``, whose values are whole
    numbers. ``values``: 2 to 64 different ones, each in the knob's range.
    """

    kind: Literal["knob"] = "knob"
    knob: str
    values: tuple[float, ...]

    @model_validator(mode="after")
    def _values_fit(self) -> "SweepSpec":
        names = (*self.base.knobs, "seed")
        if self.knob not in names:
            raise ConfigError(f"This experiment has no knob {self.knob!r:.40} to sweep; it has {', '.join(names)}.")
        check_values(self.values)
        if self.knob == "seed":
            for value in self.values:
                if not math.isfinite(value) or value != round(value):
                    raise ConfigError(f"A seed must be a whole number (got {value:g}).")
        else:
            for value in self.values:
                self.base.knobs[self.knob].check(value)
        _ = self.cells  # each is checked as the experiment that it is
        return self

    @property
    def cells(self) -> tuple[Experiment, ...]:
        if self.knob == "seed":
            trains = [self.base.train.replace(seed=int(value)) for value in self.values]
            return tuple(self.base.model_copy(update={"train": train}) for train in trains)
        return tuple(self.base.with_knobs({self.knob: value}) for value in self.values)

    @property
    def described(self) -> Knob | None:
        """The knob that is swept; None for the seed, which is none."""
        return self.base.knobs.get(self.knob)

    @property
    def names(self) -> tuple[str, ...]:
        sign = f"{self.described.symbol} = " if self.described else "seed "
        return tuple(sign + text for text in written(self.values))

    @property
    def swept(self) -> str:
        low, high = written((min(self.values), max(self.values)))
        return f"{self.described.symbol if self.described else 'seed'} from {low} to {high}"

    def check_stackable(self) -> None:
        network = self.base.network
        if not isinstance(network, MLP):
            raise ConfigError(
                "Convolutional networks cannot be stacked: train the cells of this sweep as runs of their own, "
                "or choose a multilayer perceptron."
            )
        weights = 2 * network.weights * len(self.values)
        if weights > MAX_WEIGHTS:
            raise ConfigError(
                f"The {len(self.values)} models of this sweep have {weights:,} weights, and a stack has 50 million at "
                "most: take fewer values or narrower layers."
            )


def written(values: tuple[float, ...]) -> list[str]:
    """Numbers with three significant digits, or with as many as tell them apart; whole ones in full."""
    for digits in range(3, 17):
        found = [f"{v:.0f}" if v == round(v) and abs(v) < 1e10 else f"{v:.{digits}g}" for v in values]
        if len(set(found)) == len(set(values)):
            return found
    return [repr(value) for value in values]


def linear_values(low: float, high: float, n: int) -> tuple[float, ...]:
    """n evenly spaced values from ``low`` to ``high``, both included. `ConfigError` unless low < high, 2 ≤ n ≤ 64."""
    _check_ends(low, high, n)
    return _finite((*(low + (high - low) * i / (n - 1) for i in range(n - 1)), high))


def log_values(low: float, high: float, n: int) -> tuple[float, ...]:
    """n values from ``low`` to ``high``, both included, each the same multiple of the one before.

    `ConfigError` unless 0 < low < high and 2 ≤ n ≤ 64.
    """
    _check_ends(low, high, n)
    if low <= 0:
        raise ConfigError(f"Values on a logarithmic scale start above 0 (got {low:g}): choose linear ones.")
    return _finite((*(low * (high / low) ** (i / (n - 1)) for i in range(n - 1)), high))


def _check_ends(low: float, high: float, n: int) -> None:
    _check_count(n)
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ConfigError(f"Values go from a number to a greater one (got {low:g} to {high:g}).")


def _finite(values: tuple[float, ...]) -> tuple[float, ...]:
    """The values; `ConfigError` when their ends, of hundreds of digits, are too far apart to compute with."""
    if not all(map(math.isfinite, values)):
        raise ConfigError(f"These ends are too far apart (got {values[0]:g} to {values[-1]:g}): take nearer ones.")
    return values


def check_values(values: Sequence[float | str]) -> None:
    """`ConfigError` unless these are 2 to 64 different values."""
    _check_count(len(values))
    if len(set(values)) < len(values):
        again = next(value for value in values if values.count(value) > 1)
        shown = f"{again:g}" if isinstance(again, float) else f"{again!s:.60}"
        raise ConfigError(f"The values of a sweep must differ from one another (got {shown} more than once).")


def _check_count(n: int) -> None:
    if not 2 <= n <= MAX_VALUES:
        raise ConfigError(f"A sweep has 2 to {MAX_VALUES} values (got {n}).")
