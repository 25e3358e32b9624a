"""`worst_rows`: what a model finds strange in a table."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from aelib.anomalies.blame import blame
from aelib.autoencoder import Autoencoder
from aelib.data.dataset import Dataset, Split
from aelib.data.table import Cell
from aelib.errors import ConfigError, DataError
from aelib.metrics.row_anomaly import column_errors, standard_errors, worst_first
from aelib.objectives.base import CHUNK
from aelib.progress import Progress, silent

TRAINING, HELD_OUT = "training", "held-out"


class Blame(NamedTuple):
    """A column of a row: value, rebuilt value and error in the table's own units, and how much it is to blame.

    ``share``: of the row's score, what goes when this column alone has a usual value, from 0 to 1 (see
    `aelib.anomalies.blame`). Shares do not sum to 1: either of two columns that contradict each other may be wrong.
    """

    column: str
    value: float | str
    rebuilt: float | str
    error: float
    share: float


@dataclass(frozen=True)
class WorstRow:
    """A row and how badly it was rebuilt.

    ``place``: among the examples of its ``split``, from 0. ``row``: its number in the table, from 1 without the header,
    where that is known. ``label``: the name of its class, where there is one. ``score``: the mean over the columns of
    their squared error divided by that of the training rows, so that a usual row has 1 and every column counts alike
    (see `aelib.metrics.row_anomaly.standard_errors`). ``error``: ‖x − x̂‖², in the scaled units that the model was
    trained in. ``columns``: in the order of the table.
    """

    place: int
    split: str
    row: int | None
    label: str | None
    score: float
    error: float
    columns: tuple[Blame, ...]

    @property
    def to_blame(self) -> tuple[Blame, ...]:
        """The columns, the one that is most to blame first."""
        return tuple(sorted(self.columns, key=lambda column: -column.share))


@torch.no_grad()
def worst_rows(
    model: Autoencoder,
    data: Dataset,
    count: int | None = 20,
    splits: Sequence[str] = (HELD_OUT,),
    progress: Progress = silent,
) -> list[WorstRow]:
    """The ``count`` rows (None: all) with the greatest scores, the worst first.

    ``splits``: where they are looked for, "held-out" and "training". Reconstructions are deterministic; a conditional
    decoder is told the label. Data without a table have a column for each feature. ``progress(share, text)`` is called
    now and then. Raises `DataError` for pictures and for data that do not fit the model, `ConfigError` for another
    count or split.
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
    progress(0.0, "Rebuilding rows")
    columns = data.table.places if data.table else {f"feature {j + 1}": slice(j, j + 1) for j in range(data.shape[0])}
    rebuilt = {name: _rebuild(model, part.x, part.y) for name, part in parts.items() if name in {TRAINING, *splits}}
    errors = {name: column_errors(parts[name].x, some, columns.values()) for name, some in rebuilt.items()}
    usual = errors[TRAINING].mean(0, keepdim=True)
    scores = torch.cat([standard_errors(errors[name], usual).sum(1) for name in splits])
    places = [(name, i) for name in splits for i in range(len(parts[name]))]
    worst = worst_first(scores)[:count].tolist()
    chosen = [places[i] for i in worst]
    x = torch.stack([parts[name].x[i] for name, i in chosen])
    y = torch.stack([parts[name].labels[i] for name, i in chosen]) if model.objective.conditional else None

    def rebuild(rows: Tensor, which: Tensor) -> Tensor:
        progress(int(which[0]) / len(x), f"Looking for the columns to blame: row {int(which[0]) + 1:,} of {len(x):,}")
        return _rebuild(model, rows, None if y is None else y[which])

    shares = blame(x, rebuild, [*columns.values()], usual, data.train.x)
    others = torch.stack([rebuilt[name][i] for name, i in chosen])
    cells = data.table.compare(x, others) if data.table else _cells(x, others, columns)
    found = []
    for rank, ((split, place), row) in enumerate(zip(chosen, cells, strict=True)):
        blamed = tuple(Blame(*cell, share) for cell, share in zip(row, shares[rank].tolist(), strict=True))
        known = _number(data, split, place), _label(data, parts[split], place)
        error = float(errors[split][place].sum())
        found.append(WorstRow(place, split, *known, float(scores[worst[rank]]), error, blamed))
    return found


def _rebuild(model: Autoencoder, x: Tensor, y: Tensor | None) -> Tensor:
    """Reconstructions of all rows, (n, features), float32 on the CPU."""
    told = y if model.objective.conditional else None
    parts = [
        model(x[i : i + CHUNK], None if told is None else told[i : i + CHUNK]).float().cpu()
        for i in range(0, len(x), CHUNK)
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
