"""`SweepSpec`: one experiment with one knob at many values."""

import math
from typing import Literal

from pydantic import model_validator

from aelib.errors import ConfigError
from aelib.experiment import Experiment
from aelib.spec import Spec

#: Values of a sweep, at most.
MAX_VALUES = 64


class SweepSpec(Spec):
    """An experiment ``base`` with ``knob`` at each of ``values``: all else, the seed too, is equal.

    ``knob``: any of the experiment's knobs, the learning rate among them, or ``seed``, whose values are whole
    numbers. ``values``: 2 to 64 different ones, each in the knob's range.
    """

    schema_version: Literal[1] = 1
    base: Experiment
    knob: str
    values: tuple[float, ...]

    @model_validator(mode="after")
    def _values_fit(self) -> "SweepSpec":
        names = (*self.base.knobs, "seed")
        if self.knob not in names:
            raise ConfigError(f"This experiment has no knob {self.knob!r:.40} to sweep; it has {', '.join(names)}.")
        _check_count(len(self.values))
        if len(set(self.values)) < len(self.values):
            again = next(value for value in self.values if self.values.count(value) > 1)
            raise ConfigError(f"The values of a sweep must differ from one another (got {again:g} more than once).")
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
        """The experiments that the sweep consists of, in the order of its values: each can be run by itself."""
        if self.knob == "seed":
            trains = [self.base.train.replace(seed=int(value)) for value in self.values]
            return tuple(self.base.model_copy(update={"train": train}) for train in trains)
        return tuple(self.base.with_knobs({self.knob: value}) for value in self.values)

    def check_stackable(self) -> None:
        """`ConfigError` when the cells cannot be trained as one stacked model (see `StackedTraining`)."""
        if self.base.network.kind != "mlp":
            raise ConfigError(
                "Convolutional networks cannot be stacked: train the cells of this sweep as runs of their own, "
                "or choose a multilayer perceptron."
            )


def linear_values(low: float, high: float, n: int) -> tuple[float, ...]:
    """n evenly spaced values from ``low`` to ``high``, both included. `ConfigError` unless low < high, 2 ≤ n ≤ 64."""
    _check_ends(low, high, n)
    return (*(low + (high - low) * i / (n - 1) for i in range(n - 1)), high)


def log_values(low: float, high: float, n: int) -> tuple[float, ...]:
    """n values from ``low`` to ``high``, both included, each the same multiple of the one before.

    `ConfigError` unless 0 < low < high and 2 ≤ n ≤ 64.
    """
    _check_ends(low, high, n)
    if low <= 0:
        raise ConfigError(f"Values on a logarithmic scale start above 0 (got {low:g}): choose linear ones.")
    return (*(low * (high / low) ** (i / (n - 1)) for i in range(n - 1)), high)


def _check_ends(low: float, high: float, n: int) -> None:
    _check_count(n)
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ConfigError(f"Values go from a number to a greater one (got {low:g} to {high:g}).")


def _check_count(n: int) -> None:
    if not 2 <= n <= MAX_VALUES:
        raise ConfigError(f"A sweep has 2 to {MAX_VALUES} values (got {n}).")
