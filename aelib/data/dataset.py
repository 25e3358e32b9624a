"""`Dataset`: examples with labels, split once into training and held-out data."""

from dataclasses import dataclass, field, replace
from functools import cached_property

import torch
from torch import Tensor

from aelib.errors import DataError


@dataclass(frozen=True)
class Split:
    """``x``: float32 (n, *shape). ``y``: class index (int64) or a real-valued position (float32), (n,).
    ``factors``: known causes of each example, (n, number of factors), where there are any."""

    x: Tensor
    y: Tensor
    factors: Tensor | None = None

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True)
class Dataset:
    """Training and held-out examples of one kind.

    ``classes`` names the values of an integer ``y``; it is empty where ``y`` is real-valued.
    ``factors`` names the columns of the factors. Raises `DataError` on values that are not finite.
    """

    name: str
    train: Split
    test: Split
    classes: tuple[str, ...] = ()
    factors: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        for which, split in (("training", self.train), ("held-out", self.test)):
            if not len(split):
                raise DataError(f"{self.name} has no {which} examples.")
            if not torch.isfinite(split.x).all():
                raise DataError(f"{self.name} has values that are not finite numbers among its {which} examples.")
            if split.y.shape != (len(split),):
                raise DataError(
                    f"{self.name} has {len(split)} {which} examples, but labels of shape {tuple(split.y.shape)}."
                )
            if self.classes and len(split):
                low, high = split.y.min(), split.y.max()
                if split.y.is_floating_point() or low < 0 or high >= len(self.classes):
                    raise DataError(
                        f"{self.name} has {len(self.classes)} classes, so its labels are whole numbers from 0 to "
                        f"{len(self.classes) - 1} (got {float(low):g} to {float(high):g}, {split.y.dtype})."
                    )
        if self.test.x.shape[1:] != self.train.x.shape[1:]:
            raise DataError(
                f"{self.name} has training examples of shape {self.shape}, but held-out examples of shape "
                f"{tuple(self.test.x.shape[1:])}."
            )

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one example: (channels, height, width) for images, (features,) for vectors."""
        return tuple(self.train.x.shape[1:])

    @property
    def is_image(self) -> bool:
        """Whether an example is a picture."""
        return len(self.shape) == 3

    @cached_property
    def range(self) -> tuple[float, float]:
        """The least and the greatest value of all examples."""
        both = (self.train.x, self.test.x)
        return min(float(x.min()) for x in both), max(float(x.max()) for x in both)

    @property
    def is_unit_range(self) -> bool:
        """Whether every value lies in [0, 1], as cross-entropy needs."""
        return self.range[0] >= 0 and self.range[1] <= 1

    @property
    def extremes(self) -> tuple[float, float]:
        """What stands for black and white: 0 and 1 of data within them, else their least and greatest value."""
        return (0.0, 1.0) if self.is_unit_range else self.range

    def check_no_class_is_empty(self) -> None:
        """`DataError` when a class has no training example to learn from."""
        counts = torch.bincount(self.train.y, minlength=len(self.classes))
        for name, count in zip(self.classes, counts.tolist(), strict=True):
            if not count:
                raise DataError(f"The class {name} of {self.name} has no training examples: add some or leave it out.")

    def without_class(self, label: int) -> "Dataset":
        """The same data, but no training example of one class; the held-out examples all stay.

        What a model trained on it finds strange can then be told by its errors (see `aelib.metrics.anomaly`).
        `DataError` when there is no such class.
        """
        if not 0 <= label < len(self.classes):
            raise DataError(
                f"{self.name} has no class {label} to leave out: it has {len(self.classes) or 'no'} classes"
                + (f", 0 to {len(self.classes) - 1}." if self.classes else ".")
            )
        kept = self.train.y != label
        factors = None if self.train.factors is None else self.train.factors[kept]
        train = Split(self.train.x[kept], self.train.y[kept], factors)
        return replace(self, train=train)


def split_at_random(x: Tensor, y: Tensor, held_out: int, factors: Tensor | None = None) -> tuple[Split, Split]:
    """Training and held-out examples by a fixed shuffle: the same for every run and every seed of it."""
    from aelib.randomness import generator

    order = torch.randperm(len(x), generator=generator(0, "split"))
    rest, held = order[held_out:], order[:held_out]
    return (
        Split(x[rest], y[rest], None if factors is None else factors[rest]),
        Split(x[held], y[held], None if factors is None else factors[held]),
    )
