"""`Dataset`: examples with labels, split once into training and held-out data."""

from dataclasses import dataclass, field
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

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one example: (channels, height, width) for images, (features,) for vectors."""
        return tuple(self.train.x.shape[1:])

    @property
    def is_image(self) -> bool:
        """Whether an example is a picture."""
        return len(self.shape) == 3

    @cached_property
    def is_unit_range(self) -> bool:
        """Whether every value lies in [0, 1], as cross-entropy needs."""
        return all(float(s.x.min()) >= 0 and float(s.x.max()) <= 1 for s in (self.train, self.test))


def split_at_random(x: Tensor, y: Tensor, held_out: int, factors: Tensor | None = None) -> tuple[Split, Split]:
    """Training and held-out examples by a fixed shuffle: the same for every run and every seed of it."""
    from aelib.randomness import generator

    order = torch.randperm(len(x), generator=generator(0, "split"))
    rest, held = order[held_out:], order[:held_out]
    return (
        Split(x[rest], y[rest], None if factors is None else factors[rest]),
        Split(x[held], y[held], None if factors is None else factors[held]),
    )
