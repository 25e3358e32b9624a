"""`TableSchema`: between the columns of a table and the numbers that a network sees, there and back."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor

from aelib.data.table.options import Scaling
from aelib.errors import DataError
from aelib.spec import Spec

Finite = Annotated[float, Field(allow_inf_nan=False)]


class Numeric(Spec):
    """A column of numbers, with the figures of its training rows.

    ``mean``, ``deviation`` (of the population, as scikit-learn's `StandardScaler` has it), ``low`` and ``high`` are in
    the table's units. ``words``: what stood for 0 and 1 of truth values. ``fill``: what a missing value becomes.
    """

    kind: Literal["numeric"] = "numeric"
    name: str
    mean: Finite
    deviation: Annotated[Finite, Field(gt=0)]
    low: Finite
    high: Finite
    words: tuple[str, str] | None = None
    fill: Finite | None = None

    @classmethod
    def of(
        cls, name: str, values: NDArray[np.float64], words: tuple[str, str] | None = None, fill: float | None = None
    ) -> "Numeric":
        """With the figures of these values (n,), of training rows; `DataError` when they cannot be scaled."""
        with np.errstate(over="ignore", invalid="ignore"):
            mean, deviation, span = values.mean(), values.std(), values.max() - values.min()
        if not (np.isfinite([mean, deviation, span]).all() and deviation > 0):
            raise DataError(
                f"The column {name!r:.60} has values too great or too close to be scaled "
                f"({values.min():.3g} to {values.max():.3g}): leave it out."
            )
        return cls(
            name=name, mean=float(mean), deviation=float(deviation), low=float(values.min()), high=float(values.max()),
            words=words, fill=fill,
        )  # fmt: skip

    @property
    def width(self) -> int:
        """Numbers that the network sees of it."""
        return 1

    def shift_and_scale(self, scaling: Scaling) -> tuple[float, float]:
        """What is subtracted, and by what the rest is divided."""
        if scaling == "standardise":
            return self.mean, self.deviation
        return (self.low, self.high - self.low) if scaling == "unit" else (0.0, 1.0)

    def encode(self, values: NDArray[Any], scaling: Scaling) -> NDArray[np.float64]:
        """(n,) ↦ (n, 1), float64."""
        numbers = self._numbers(values)
        gaps = np.isnan(numbers)
        if gaps.any():
            if self.fill is None:
                raise DataError(f"The column {self.name!r:.60} lacks {gaps.sum()} values: fill them in, or leave out.")
            numbers = np.where(gaps, self.fill, numbers)
        shift, scale = self.shift_and_scale(scaling)
        return ((numbers - shift) / scale)[:, None]

    def decode(self, x: NDArray[np.float64], scaling: Scaling) -> NDArray[Any]:
        """(n, 1) ↦ (n,), in the table's units."""
        shift, scale = self.shift_and_scale(scaling)
        return x[:, 0] * scale + shift

    def _numbers(self, values: NDArray[Any]) -> NDArray[np.float64]:
        if self.words and values.dtype.kind in "OU":
            places = {word: place for place, word in enumerate(self.words)}
            values = np.array([places.get(str(value).strip().casefold(), value) for value in values], dtype=object)
        try:
            return values.astype(np.float64)
        except (TypeError, ValueError):
            raise DataError(f"The column {self.name!r:.60} must hold numbers, as it did in training.") from None


class Category(Spec):
    """A column of a few values: one number for each of them, 1 where it is that one, else 0 ("one-hot")."""

    kind: Literal["category"] = "category"
    name: str
    categories: Annotated[tuple[str, ...], Field(min_length=2)]
    fill: str | None = None

    @property
    def width(self) -> int:
        """Numbers that the network sees of it."""
        return len(self.categories)

    def encode(self, values: NDArray[Any], scaling: Scaling) -> NDArray[np.float64]:
        """(n,) ↦ (n, categories), float64; scaling leaves them as they are."""
        places = {category: place for place, category in enumerate(self.categories)}
        found: NDArray[np.int64] = np.array(
            [places.get(self._text(value) or "", -1) for value in values], dtype=np.int64
        )
        if (found < 0).any():
            value = values[int(np.argmax(found < 0))]
            raise DataError(f"The column {self.name!r:.60} has the value {value!r:.60}, which training never saw.")
        return np.eye(self.width)[found]

    def decode(self, x: NDArray[np.float64], scaling: Scaling) -> NDArray[Any]:
        """(n, categories) ↦ (n,): the category of the greatest number."""
        found: NDArray[Any] = np.array(self.categories, dtype=object)[x.argmax(1)]
        return found

    def _text(self, value: Any) -> str | None:
        if value is None or value != value:  # as NaN does
            return self.fill
        return str(value).strip()


class Cell(NamedTuple):
    """A value of a row and what it was rebuilt as, in the table's units.

    ``error``: rebuilt − value of numbers; of categories 0 where they are the same, else 1.
    """

    column: str
    value: float | str
    rebuilt: float | str
    error: float


class LeftOut(Spec):
    """A column that is no feature, and why."""

    name: str
    reason: str


class TableSchema(Spec):
    """How rows of a table become numbers and numbers rows, and what was done when the table was read.

    ``features``: in the order of their numbers. ``label`` and ``factors``: names of the other columns in use. ``rows``:
    the number of each example in the table, counted from 1 without the header, training examples first. ``left_out``:
    the columns that are no features. ``notes``: sentences on how the table was read.
    """

    scaling: Scaling
    features: Annotated[tuple[Annotated[Numeric | Category, Field(discriminator="kind")], ...], Field(min_length=1)]
    label: str | None = None
    factors: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()

    @cached_property
    def places(self) -> dict[str, slice]:
        """Of each feature the numbers of an example that belong to it."""
        found, start = {}, 0
        for feature in self.features:
            found[feature.name] = slice(start, start + feature.width)
            start += feature.width
        return found

    @property
    def width(self) -> int:
        """Numbers of an example."""
        return sum(feature.width for feature in self.features)

    def encode(self, frame: Mapping[str, Any] | Any) -> Tensor:
        """Columns of n values each, by name (a mapping, or a table of pandas or PyArrow) ↦ (n, width), float32.

        Raises `DataError` when a column or a value is missing, is of another kind than in training, or is a category
        that training never saw.
        """
        parts: list[NDArray[np.float32]] = []
        for feature in self.features:
            try:
                values = np.asarray(frame[feature.name])
            except (KeyError, TypeError, ValueError):
                raise DataError(f"The table has no column {feature.name!r:.60}, which training had.") from None
            if values.ndim != 1 or (parts and len(values) != len(parts[0])):
                raise DataError(f"The column {feature.name!r:.60} must have one value for each row.")
            with np.errstate(over="ignore"):
                part = feature.encode(values, self.scaling).astype(np.float32)
            if not np.isfinite(part).all():
                raise DataError(
                    f"The column {feature.name!r:.60} has values that are infinite or far from all others: "
                    "leave those rows or the column out."
                )
            parts.append(part)
        return torch.from_numpy(np.concatenate(parts, axis=1))

    def decode(self, x: Tensor) -> dict[str, NDArray[Any]]:
        """(n, width) ↦ the columns in the table's units, (n,) each: float64, or strings as objects.

        A category is the one of the greatest number. `pandas.DataFrame` takes it as it is. Raises `DataError` for
        another shape.
        """
        if x.ndim != 2 or x.shape[1] != self.width:
            raise DataError(f"Rows of this table have {self.width} numbers (got shape {tuple(x.shape)}).")
        numbers = x.detach().cpu().double().numpy()
        return {
            feature.name: feature.decode(numbers[:, self.places[feature.name]], self.scaling)
            for feature in self.features
        }

    def compare(self, x: Tensor, rebuilt: Tensor) -> Iterator[tuple[Cell, ...]]:
        """Of each of n rows the cells: value, rebuilt value and error. Both are of shape (n, width)."""
        if x.shape != rebuilt.shape:
            raise DataError(f"Give one rebuilt row for each row (got {tuple(rebuilt.shape)} for {tuple(x.shape)}).")
        values, others = self.decode(x), self.decode(rebuilt)
        for i in range(len(x)):
            yield tuple(_cell(name, values[name][i], others[name][i]) for name in values)


def _cell(column: str, value: Any, rebuilt: Any) -> Cell:
    if isinstance(value, str):
        return Cell(column, value, rebuilt, float(value != rebuilt))
    return Cell(column, float(value), float(rebuilt), float(rebuilt - value))
