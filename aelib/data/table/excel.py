"""Tables of Excel, by way of openpyxl.

It reads row by row. What lays a sheet out as a rectangle first (pandas, calamine) needs terabytes for two cells that
are far apart.
"""

import warnings
import zipfile
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import pyarrow as pa

from aelib.data.table.arrow import array_of
from aelib.data.table.bounds import check_bytes, check_columns, check_rows
from aelib.data.table.options import Header, TableLimits
from aelib.data.table.text import find_head
from aelib.errors import DataError
from aelib.reading import shown

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: What a formula gives that fails.
ERRORS = frozenset(("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"))
#: Rows that are read between two words on the progress, and bytes of a number.
BATCH_ROWS, NUMBER_BYTES = 1024, 8

Row = list[Any]
Tell = Callable[[float], None]


def read_excel(
    file: BinaryIO, name: str, header: Header, limits: TableLimits, tell: Callable[[float], None]
) -> pa.Table:
    """The first sheet of a workbook (.xlsx) without its empty rows; what a formula gives that fails is missing.

    ``tell`` is told the share that is read, and may raise what ends it. Raises `DataError` for what is no such
    workbook, for a sheet beyond the limits, and where openpyxl is not installed.
    """
    _check_file(file, name, limits)
    rows: list[Row] = []
    width = 0
    with warnings.catch_warnings(action="ignore"):  # of styles and rules, which are of no concern here
        for place, (share, row) in enumerate(_rows_of(file, name)):
            if place % BATCH_ROWS == 0:
                tell(share)
            if not row:
                continue
            rows.append(row)
            width = max(width, len(row))
            check_columns(name, width, limits)
            check_rows(name, len(rows) - 1, limits)
            check_bytes(name, len(rows) * width * NUMBER_BYTES, limits)
    return _table_of([row + [None] * (width - len(row)) for row in rows], name, header)


def _check_file(file: BinaryIO, name: str, limits: TableLimits) -> None:
    if file.read(len(OLE)) == OLE:
        raise DataError(f"{name} is an Excel file of the old kind, or has a password: save it as .xlsx without one.")
    if not zipfile.is_zipfile(file):
        raise DataError(f"{name} is no Excel file that can be read (it is cut short): save the table as CSV.")
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
    if not any(member.filename.startswith("xl/") for member in members):
        raise DataError(f"{name} is an archive and no table: unpack it first, or add it as pictures.")
    check_bytes(name, sum(member.file_size for member in members), limits)
    file.seek(0)


def _rows_of(file: BinaryIO, name: str) -> Iterator[tuple[float, Row]]:
    """The rows as they come, each with the share that is read."""
    try:
        import openpyxl
    except ImportError:
        raise DataError(
            f"{name} is an Excel file, which needs one more package: run `pip install 'autoencoder-explorer[excel]'`, "
            "or save the table as CSV."
        ) from None
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        for sheet in book.worksheets[:1]:
            expected = max(1, sheet.max_row or 1)
            sheet.reset_dimensions()  # what the file says of its size is not to be relied on
            for place, cells in enumerate(sheet.iter_rows(values_only=True)):
                yield min(1.0, place / expected), _cut(cells)
    except MemoryError:
        raise
    except Exception as error:  # it has errors of every kind
        reason = shown(str(error), 100)
        raise DataError(f"{name} is no Excel file that can be read ({reason}): save the table as CSV.") from None


def _cut(cells: tuple[Any, ...]) -> Row:
    """Cells without the empty ones behind the last that is not."""
    end = len(cells)
    while end and cells[end - 1] in (None, ""):
        end -= 1
    return [None if isinstance(cell, str) and cell in ERRORS else cell for cell in cells[:end]]


def _table_of(rows: list[Row], name: str, header: Header) -> pa.Table:
    if not rows:
        raise DataError(f"The first sheet of {name} is empty: choose a file whose first sheet has the table.")
    head = find_head([["" if cell is None else str(cell) for cell in rows[0]]], header)
    values = rows[1:] if head else rows
    names = head or ("",) * len(rows[0])
    if not values:
        raise DataError(f"{name} has a header and no rows: choose a table with values.")
    return pa.Table.from_arrays([array_of(column) for column in zip(*values, strict=True)], names=list(names))
