"""Worst-rebuilt rows as a CSV file, for spreadsheets."""

import csv
import io
from collections.abc import Sequence

from aelib.anomalies.rows import WorstRow

#: What makes a spreadsheet take a text for a formula, at its beginning.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def to_csv(rows: Sequence[WorstRow]) -> str:
    """A line for each row, in their order, below a header.

    Columns: ``rank`` from 1; ``split``; ``row``, its number in the table, and ``label``, empty where there is none;
    ``error``, ‖x − x̂‖² as the model was trained; ``to blame``, the column with the greatest ``share`` of it; then of
    each column of the table its value, rebuilt value and share, in the table's own units. A text that a spreadsheet
    would take for a formula has an apostrophe before it.
    """
    names = [column.column for column in rows[0].columns] if rows else []
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    head = ["rank", "split", "row", "label", "error", "to blame", "share"]
    writer.writerow([*head, *(_text(f"{name}{what}") for name in names for what in ("", " rebuilt", " share"))])
    for rank, row in enumerate(rows, 1):
        first = row.to_blame[0]
        cells = [_cell(value) for column in row.columns for value in (column.value, column.rebuilt, column.share)]
        known = ["" if row.row is None else row.row, _text(row.label or "")]
        writer.writerow([rank, row.split, *known, _cell(row.error), _text(first.column), _cell(first.share), *cells])
    return file.getvalue()


def _cell(value: float | str) -> str:
    """A number with the digits that float32 has, or a text that is no formula."""
    return _text(value) if isinstance(value, str) else f"{value:.7g}"


def _text(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
