"""`Reproduction`: numbers that somebody published, with the code that obtains them here."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from aelib import Dataset, Split, load_dataset

#: What a quick run makes do with.
QUICK_EPOCHS, QUICK_TRAIN, QUICK_TEST = 2, 5_120, 1_000


@dataclass(frozen=True)
class Effort:
    """``quick``: seconds a reproduction, on a part of the data. ``device``: where networks are trained."""

    quick: bool = False
    device: str = "cpu"

    def epochs(self, full: int) -> int:
        """How many to train, where a full run trains ``full``."""
        return min(full, QUICK_EPOCHS) if self.quick else full

    def mnist(self, whole: bool = False) -> Dataset:
        """MNIST; in a quick run the first images, unless the ``whole`` is asked for.

        Raises `aelib.DataError` where it cannot be had.
        """
        data = load_dataset("mnist")
        if whole or not self.quick:
            return data
        train, test = data.train, data.test
        return Dataset(
            data.name,
            Split(train.x[:QUICK_TRAIN], train.y[:QUICK_TRAIN]),
            Split(test.x[:QUICK_TEST], test.y[:QUICK_TEST]),
            data.classes,
        )


class Obtained(NamedTuple):
    """``values``: one for each published number, in their order. ``spent``: the data and training it took.

    ``beside``: where nothing is published, the numbers obtained here that the values are to be compared with.
    """

    values: tuple[float, ...]
    spent: str
    beside: tuple[float, ...] = ()


@dataclass(frozen=True)
class Row:
    """One number of the table: what was obtained, and what was to be expected, with so many ``decimals``."""

    name: str
    obtained: float
    reference: float
    decimals: int
    unit: str
    source: str
    spent: str
    differs: str

    def line(self) -> str:
        """``name  obtained  reference  difference``."""
        difference = self.obtained / self.reference - 1
        return (
            f"{self.name:<44} {self.obtained:>12.{self.decimals}f} {self.reference:>12.{self.decimals}f}"
            f"  {self.unit:<10} {difference:+z10.2%}"
        )

    def as_json(self) -> dict[str, Any]:
        """For the file of results."""
        return asdict(self)


@dataclass(frozen=True)
class Reproduction:
    """What is published, how it is obtained, and at what cost.

    ``name``: on the command line. ``published``: each number by what it measures, given to so many
    ``decimals``; None where only the comparison is published, and both its sides are obtained here.
    ``differs``: what is done otherwise than in the publication. ``minutes``: of a full run, on one core.
    ``dataset``: what it needs.
    """

    name: str
    published: Mapping[str, float | None]
    decimals: int
    unit: str
    source: str
    differs: str
    minutes: float
    obtain: Callable[[Effort], Obtained]
    dataset: str = "mnist"

    def run(self, effort: Effort) -> list[Row]:
        """Obtain the numbers; one row for each."""
        obtained = self.obtain(effort)
        references = obtained.beside or tuple(number for number in self.published.values() if number is not None)
        return [
            Row(name, value, reference, self.decimals, self.unit, self.source, obtained.spent, self.differs)
            for name, value, reference in zip(self.published, obtained.values, references, strict=True)
        ]
