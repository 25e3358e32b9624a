"""`Finding`: the worst rows as a page shows them, and all of them as CSV, in a form that survives JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import TypeAdapter, ValidationError

from aelib.anomalies.rows import WorstRow
from aelib.anomalies.table import to_csv
from aelib.errors import DataError, sentence

#: Columns of a row that are told, those that are most to blame.
TOLD = 3


@dataclass(frozen=True)
class Finding:
    """``examined``: rows that were looked at. ``rows``: the worst, each with its `TOLD` columns that are most to blame,
    the first one first. ``csv``: what `to_csv` gives, with all columns."""

    examined: int
    rows: tuple[WorstRow, ...]
    csv: str

    @classmethod
    def of(cls, rows: Sequence[WorstRow], examined: int) -> Finding:
        """Of what `worst_rows` gave."""
        return cls(examined, tuple(replace(row, columns=row.to_blame[:TOLD]) for row in rows), to_csv(rows))

    def to_json(self) -> str:
        """As JSON, for `from_json`."""
        return _ADAPTER.dump_json(self).decode()

    @classmethod
    def from_json(cls, text: str | bytes) -> Finding:
        """What `to_json` wrote; `DataError` when it is something else."""
        try:
            return _ADAPTER.validate_json(text)
        except ValidationError as error:
            raise DataError(f"These are no worst rows: {sentence(error)}") from None


_ADAPTER = TypeAdapter(Finding)
