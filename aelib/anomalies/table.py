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
    ``score``, 1 of a usual row; ``error``, ‖x − x̂‖² as the model was trained; ``to blame``, the column that is most to
    blame, and its ``share``; then of each column of the table its value and rebuilt value, in the table's own units,
    and its share. Texts are as `as_text` gives them.
    """
    names = [column.column for column in rows[0].columns] if rows else []
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    head = ["rank", "split", "row", "label", "score", "error", "to blame", "share"]
    writer.writerow([*head, *(as_text(f"{name}{what}") for name in names for what in ("", " rebuilt", " share"))])
    for rank, row in enumerate(rows, 1):
        first = row.to_blame[0]
        cells = [_cell(value) for column in row.columns for value in (column.value, column.rebuilt, column.share)]
        known = ["" if row.row is None else row.row, as_text(row.label or "")]
        figures = [_cell(row.score), _cell(row.error), as_text(first.column), _cell(first.share)]
        writer.writerow([rank, row.split, *known, *figures, *cells])
    return file.getvalue()


def _cell(value: float | str) -> str:
    """A number with the digits that float32 has, or a text that is no formula."""
    return as_text(value) if isinstance(value, str) else f"{value:.7g}"


def as_text(text: str) -> str:
    """The text, with an apostrophe before one that a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
