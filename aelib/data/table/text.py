"""Text files as tables: which encoding, separator and header they have is found out."""

import codecs
import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from aelib.data.table.numbers import read_number
from aelib.data.table.options import Header
from aelib.errors import DataError

#: Bytes that are looked at to find out how a file is written, and of one row at most.
SAMPLE = 1 << 20
#: Rows of them.
SAMPLE_ROWS = 200
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
#: What no text has.
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
#: Names for people.
ENCODINGS = {"utf-8": "UTF-8", "utf-16": "UTF-16", "utf-32": "UTF-32", "cp1252": "Windows-1252 (Latin-1)"}
#: Characters of a column's name.
LONGEST_NAME = 100


@dataclass(frozen=True)
class Dialect:
    """How a text file is written. ``head``: the names of the columns, or none where the first row has values."""

    encoding: str
    separator: str
    head: tuple[str, ...] | None
    width: int

    @property
    def note(self) -> str:
        """A sentence on it."""
        columns = f"columns separated by {SEPARATORS[self.separator]}" if self.width > 1 else "a single column"
        names = "" if self.head else ", without names of columns"
        return f"Read as {ENCODINGS[self.encoding]} with {columns}{names}."


def find_dialect(file: BinaryIO, name: str, header: Header, max_features: int) -> Dialect:
    """How a file is written that stands at its beginning; it stands there again afterwards.

    Raises `DataError` when it is empty, no text, of several encodings, or has too many columns or one too long row.
    """
    encoding = find_encoding(file, name)
    start = file.read(SAMPLE)
    is_whole = not file.read(1)
    file.seek(0)
    sample = codecs.getincrementaldecoder(encoding)(errors="replace").decode(start).removeprefix("\ufeff")
    if not sample.strip():
        raise DataError(f"{name} is empty: choose a table with a header and rows.")
    line_end = re.search(r"[\r\n]", sample.lstrip("\r\n"))
    first = sample.lstrip("\r\n")[: line_end.start()] if line_end else sample
    for separator in SEPARATORS:
        if first.count(separator) >= max_features:
            raise DataError(
                f"{name} has more than {max_features:,} columns (the limit max_features): leave some of them out."
            )
    if not is_whole:
        end = max(sample.rfind("\n"), sample.rfind("\r"))
        if end < 0:
            raise DataError(
                f"{name} has a first line of more than a million characters: give each row a line of its own."
            )
        sample = sample[:end]
    separator, rows = _find_separator(sample, name)
    head = find_head(rows, header)
    if head and len(rows) == 1 and is_whole:
        raise DataError(f"{name} has a header and no rows: choose a table with values.")
    return Dialect(encoding, separator, head, len(rows[0]))


def find_encoding(file: BinaryIO, name: str) -> str:
    """The encoding of a file, which is read through; it stands at its beginning afterwards."""
    start = file.read(4)
    file.seek(0)
    encoding = next((known for mark, known in MARKS if start.startswith(mark)), None)
    if encoding in ("utf-16", "utf-32"):
        if not _decodes(file, encoding):
            raise DataError(f"{name} begins as {ENCODINGS[encoding]} but is damaged: save it as UTF-8.")
        return encoding
    while chunk := file.read(SAMPLE):
        if CONTROL.search(chunk):
            raise DataError(f"{name} is no text: choose a CSV, TSV, Parquet or Excel file.")
    file.seek(0)
    if _decodes(file, "utf-8"):
        return "utf-8"
    if encoding or _mixes(file) or not _decodes(file, "cp1252"):
        raise DataError(f"{name} mixes encodings, so letters would be wrong: save it as UTF-8.")
    return "cp1252"


def _decodes(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := file.read(SAMPLE):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True


def _mixes(file: BinaryIO) -> bool:
    """Whether some lines with letters beyond ASCII are UTF-8, and others are not."""
    kinds = set()
    while line := file.readline(SAMPLE):
        if not line.isascii():
            try:
                line.decode()
                kinds.add("utf-8")
            except UnicodeDecodeError:
                kinds.add("another")
    file.seek(0)
    return len(kinds) > 1


def _find_separator(sample: str, name: str) -> tuple[str, list[list[str]]]:
    """The separator that gives most rows as many values as the first one, and those rows."""
    best: tuple[tuple[bool, float, int], str, list[list[str]]] | None = None
    for separator in SEPARATORS:
        rows = _rows(sample, separator, name)
        width = len(rows[0])
        same = sum(len(row) == width for row in rows) / len(rows)
        score = (width > 1 and same > 0.5, round(same, 1), width)
        if width > 1 and (best is None or score > best[0]):
            best = score, separator, rows
    if best:
        return best[1:]
    alone = next((separator for separator in SEPARATORS if separator not in sample), ",")
    return alone, _rows(sample, alone, name)


def _rows(sample: str, separator: str, name: str) -> list[list[str]]:
    try:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
        return list(islice((row for row in reader if row), SAMPLE_ROWS))
    except csv.Error:
        raise DataError(
            f"{name} has a value of more than 100,000 characters: look for a quote that nothing closes."
        ) from None


def find_head(rows: list[list[str]], header: Header) -> tuple[str, ...] | None:
    """Names of the columns; None where the first row is one of values.

    Whole numbers may be names (years, places), if they differ; numbers with decimals are values.
    """
    first = [cell.strip() for cell in rows[0]]
    numbers = [cell for cell in first if read_number(cell, ".") is not None or read_number(cell, ",") is not None]
    is_values = any(not cell.lstrip("+-").isdigit() for cell in numbers) or len({*numbers}) < len(numbers)
    if header == "no" or (header == "find out" and is_values):
        return None
    return tuple(first)


def name_columns(names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Names that differ, on one line each, and of which some are new: sentences on them."""
    found: list[str] = []
    taken: set[str] = set()
    notes = []
    for place, given in enumerate(names, 1):
        # What cannot be seen, or be written as UTF-8, would be in every message and file.
        clean = " ".join("".join(c if c.isprintable() else " " for c in given).split())[:LONGEST_NAME]
        name, copy = clean or f"column {place}", 1
        while name in taken:
            copy += 1
            name = f"{clean or f'column {place}'} ({copy})"
        if copy > 1:
            notes.append(f"Another column is named {clean!r:.60}: this one is now {name!r:.70}.")
        taken.add(name)
        found.append(name)
    return found, notes
