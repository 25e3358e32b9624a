"""`worst_rows`: what a model finds strange in a table."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from aelib.autoencoder import Autoencoder
from aelib.data.dataset import Dataset, Split
from aelib.data.table import Cell
from aelib.errors import ConfigError, DataError
from aelib.metrics.row_anomaly import blame, column_errors, worst_first
from aelib.objectives.base import CHUNK

TRAINING, HELD_OUT = "training", "held-out"


class Blame(NamedTuple):
    """A column of a row: value, rebuilt value and error in the table's own units, and its share of the row's error."""

    column: str
    value: float | str
    rebuilt: float | str
    error: float
    share: float


@dataclass(frozen=True)
class WorstRow:
    """A row and how badly it was rebuilt.

    ``place``: among the examples of its ``split``, from 0. ``row``: its number in the table, from 1 without the header,
    where that is known. ``label``: the name of its class, where there is one. ``error``: ‖x − x̂‖², in the scaled units
    that the model was trained in. ``columns``: in the order of the table.
    """

    place: int
    split: str
    row: int | None
    label: str | None
    error: float
    columns: tuple[Blame, ...]

    @property
    def to_blame(self) -> tuple[Blame, ...]:
        """The columns, the one with the greatest share of the error first."""
        return tuple(sorted(self.columns, key=lambda column: -column.share))


@torch.no_grad()
def worst_rows(
    model: Autoencoder, data: Dataset, count: int | None = 20, splits: Sequence[str] = (HELD_OUT,)
) -> list[WorstRow]:
    """The ``count`` rows (None: all) with the greatest reconstruction errors, the worst first.

    ``splits``: where they are looked for, "held-out" and "training". Reconstructions are deterministic; a conditional
    decoder is told the label. Data without a table have a column for each feature. Raises `DataError` for pictures and
    for data that do not fit the model, `ConfigError` for another count or split.
    """
    if data.shape != model.spec.shape:
        raise DataError(f"This model takes examples of shape {model.spec.shape}, but {data.name} has {data.shape}.")
    if len(data.shape) != 1:
        raise DataError(f"{data.name} has pictures, whose pixels are no columns: choose data that are a table.")
    if count is not None and count < 1:
        raise ConfigError(f"At least 1 row can be shown (got {count}).")
    parts = {TRAINING: data.train, HELD_OUT: data.test}
    if not splits or not {*splits} <= {*parts} or len({*splits}) < len(splits):
        raise ConfigError(f"Rows are looked for in {' and '.join(map(repr, parts))}, one or both (got {splits!r:.60}).")
    places = [(name, i) for name in splits for i in range(len(parts[name]))]
    x = torch.cat([parts[name].x for name in splits])
    rebuilt = torch.cat([_rebuild(model, parts[name]) for name in splits])
    columns = data.table.places if data.table else {f"feature {j + 1}": slice(j, j + 1) for j in range(x.shape[1])}
    errors = column_errors(x, rebuilt, columns.values())
    total, shares = errors.sum(1), blame(errors)
    worst = worst_first(total)[:count]
    cells = data.table.compare(x[worst], rebuilt[worst]) if data.table else _cells(x[worst], rebuilt[worst], columns)
    found = []
    for i, row in zip(worst.tolist(), cells, strict=True):
        split, place = places[i]
        blamed = tuple(Blame(*cell, share) for cell, share in zip(row, shares[i].tolist(), strict=True))
        known = _number(data, split, place), _label(data, parts[split], place)
        found.append(WorstRow(place, split, *known, float(total[i]), blamed))
    return found


def _rebuild(model: Autoencoder, split: Split) -> Tensor:
    """Reconstructions of all examples, (n, features), float32 on the CPU."""
    told = split.y if model.objective.conditional else None
    parts = [
        model(split.x[i : i + CHUNK], None if told is None else told[i : i + CHUNK]).float().cpu()
        for i in range(0, len(split), CHUNK)
    ]
    return torch.cat(parts)


def _cells(x: Tensor, rebuilt: Tensor, columns: Iterable[str]) -> Iterator[tuple[Cell, ...]]:
    """Of data without a table: the numbers themselves."""
    for values, others in zip(x.tolist(), rebuilt.tolist(), strict=True):
        yield tuple(Cell(name, a, b, b - a) for name, a, b in zip(columns, values, others, strict=True))


def _number(data: Dataset, split: str, place: int) -> int | None:
    """The number of an example in the table; of a training example only while none of them was taken away."""
    rows = data.table.rows if data.table else ()
    if split == HELD_OUT:
        return rows[place - len(data.test)] if rows else None
    return rows[place] if len(rows) == len(data.train) + len(data.test) else None


def _label(data: Dataset, split: Split, place: int) -> str | None:
    return data.classes[int(split.labels[place])] if data.classes else None
