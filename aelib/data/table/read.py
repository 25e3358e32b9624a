"""Files and frames as tables of PyArrow: text, Parquet, Excel, pandas."""

import codecs
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pa_parquet

from aelib.data.table.arrow import array_of
from aelib.data.table.bounds import check_bytes, check_columns, check_rows
from aelib.data.table.columns import is_text
from aelib.data.table.excel import OLE, ZIP, read_excel
from aelib.data.table.options import TableLimits, TableOptions
from aelib.data.table.text import Dialect, find_dialect, name_columns
from aelib.errors import DataError
from aelib.reading import given_file, shown

#: What a table is read from: a path, a file opened for bytes, bytes, or a table of pandas or PyArrow.
Source = str | Path | BinaryIO | bytes | Any

PARQUET = b"PAR1"
COMPRESSED = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd"}
#: Bytes, and rows, that are read between two words on the progress, and values of Parquet.
BLOCK, BATCH_ROWS, BATCH_VALUES = 4 << 20, 16_384, 1 << 23
OPEN_QUOTE = "{name} has a quote that nothing closes, or one where none belongs: close it, or leave quotes out."
Tell = Callable[[float], None]


@dataclass(frozen=True)
class RawTable:
    """A table as it was read, its columns named differently. ``name``: for messages. ``notes``: on the reading."""

    name: str
    table: pa.Table
    separator: str
    notes: tuple[str, ...]


def read_table(source: Source, options: TableOptions, limits: TableLimits, tell: Tell, name: str = "") -> RawTable:
    """The table of a source; which kind of file it is, its content tells.

    ``name``: what to call it, the name of the file where it is empty. ``tell`` is told the share that is read, and may
    raise what ends it. Raises `DataError` when the source cannot be read, is no table, or is beyond a limit.
    """
    if isinstance(source, pa.Table) or (hasattr(source, "columns") and hasattr(source, "iloc")):
        table = source if isinstance(source, pa.Table) else _of_frame(source, limits)
        return _finish(name or "The table", table, ",", (), limits)
    with _open(source, limits, name or "The table") as (file, called, size):
        name = name or called
        start = file.read(8)
        file.seek(0)
        packed = next((kind for mark, kind in COMPRESSED.items() if start.startswith(mark)), None)
        if packed:
            raise DataError(f"{name} is compressed with {packed}: unpack it first.")
        if start.startswith(PARQUET):
            return _finish(name, _read_parquet(file, name, limits, tell), ",", ("Read as Parquet.",), limits)
        if start.startswith((ZIP, OLE)):
            excel = read_excel(file, name, options.header, limits, tell)
            return _finish(name, excel, ",", ("Read as Excel, its first sheet.",), limits)
        dialect = find_dialect(file, name, options.header, limits.max_features)
        table = _read_text(file, name, size, dialect, limits, tell)
        return _finish(name, table, dialect.separator, (dialect.note,), limits)


def _finish(name: str, table: pa.Table, separator: str, notes: tuple[str, ...], limits: TableLimits) -> RawTable:
    check_columns(name, table.num_columns, limits)
    check_rows(name, table.num_rows, limits)
    if not table.num_columns or not table.num_rows:
        raise DataError(f"{name} has {'no rows' if table.num_columns else 'no columns'}: choose a table with values.")
    names, renamed = name_columns(table.column_names)
    return RawTable(name, table.rename_columns(names), separator, (*notes, *renamed))


@contextmanager
def _open(source: Source, limits: TableLimits, name: str) -> Iterator[tuple[BinaryIO, str, int]]:
    """The file, what to call it where it has no other name, and its bytes."""
    if isinstance(source, bytes):
        check_bytes(name, len(source), limits)
        yield io.BytesIO(source), name, len(source)
    elif isinstance(source, str | Path):
        path = Path(source)
        with given_file(path) as file:
            size = os.fstat(file.fileno()).st_size
            check_bytes(shown(path.name), size, limits)
            yield file, shown(path.name), size
    elif hasattr(source, "read") and hasattr(source, "seek"):
        size = source.seek(0, os.SEEK_END)
        source.seek(0)
        if not isinstance(source.read(0), bytes):
            raise DataError('A table is read from a file opened for bytes: open it with the mode "rb".')
        check_bytes(name, size, limits)
        yield cast(BinaryIO, source), name, size
    else:
        raise DataError(f"A table is a path, a file opened for bytes, or a DataFrame (got {type(source).__name__}).")


# --- text ------------------------------------------------------------------------------------------


def _read_text(
    file: BinaryIO, name: str, size: int, dialect: Dialect, limits: TableLimits, tell: Tell
) -> pa.Table:  # fmt: skip
    columns = [str(i) for i in range(dialect.width)]
    ragged: list[pa_csv.InvalidRow] = []

    def note_ragged(row: pa_csv.InvalidRow) -> str:
        ragged.append(row)
        return "error"

    batches, rows, held = [], 0, 0
    try:
        reader = pa_csv.open_csv(
            pa.PythonFile(file, mode="r"),
            pa_csv.ReadOptions(
                column_names=columns, skip_rows_after_names=int(dialect.head is not None), encoding=dialect.encoding,
                block_size=BLOCK, use_threads=False,
            ),
            pa_csv.ParseOptions(
                delimiter=dialect.separator, newlines_in_values=True, invalid_row_handler=note_ragged,
            ),
            pa_csv.ConvertOptions(column_types=dict.fromkeys(columns, pa.large_string()), strings_can_be_null=False),
        )  # fmt: skip
        for batch in reader:
            batches.append(batch)
            rows, held = rows + batch.num_rows, held + batch.nbytes
            check_rows(name, rows, limits)
            check_bytes(f"{name}, as it is read,", held, limits)
            tell(min(1.0, file.tell() / max(size, 1)))
    except (pa.ArrowInvalid, UnicodeError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(_explain(name, dialect, ragged, str(error))) from None
    table = pa.Table.from_batches(batches, pa.schema([(column, pa.large_string()) for column in columns]))
    if table.num_rows and any("\n" in text for text in table.slice(table.num_rows - 1).to_pylist()[0].values()):
        _check_quotes(file, name, dialect)
    return table.rename_columns(list(dialect.head or [f"column {i + 1}" for i in range(dialect.width)]))


def _check_quotes(file: BinaryIO, name: str, dialect: Dialect) -> None:
    """`DataError` where a quote is open at the end: the last value then holds all the lines behind it."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(dialect.encoding)()
    count = 0
    while chunk := file.read(BLOCK):
        count += decoder.decode(chunk).count('"')
    if count % 2:
        raise DataError(OPEN_QUOTE.format(name=name))


def _explain(name: str, dialect: Dialect, ragged: list[pa_csv.InvalidRow], error: str) -> str:
    """Why a text file is no table, in a sentence."""
    if ragged and '"' not in (ragged[0].text or ""):
        row = ragged[0]
        where = f"in row {row.number}" if row.number else f"in the row {row.text[:40]!r}"
        return (
            f"{name} has {row.actual_columns} values {where}, where the first has {row.expected_columns}: give each "
            "row as many, and quote texts that hold the separator."
        )
    if ragged or "quote" in error or "straddl" in error or "block" in error or "out of sync" in error:
        return OPEN_QUOTE.format(name=name)
    reason = shown(error, 100)
    return f"{name} is no table that can be read ({reason}): save it again as CSV in UTF-8."


# --- other files -----------------------------------------------------------------------------------


def _read_parquet(file: BinaryIO, name: str, limits: TableLimits, tell: Tell) -> pa.Table:
    try:
        parquet = pa_parquet.ParquetFile(pa.PythonFile(file, mode="r"))
        about = parquet.metadata
        check_columns(name, about.num_columns, limits)
        check_rows(name, about.num_rows, limits)
        # What it says of itself first, then what there is: a small file can unpack to a very large one.
        check_bytes(name, sum(about.row_group(i).total_byte_size for i in range(about.num_row_groups)), limits)
        schema = parquet.schema_arrow
        readable = [field.name for field in schema if _is_plain(field.type)]
        # As codes and what they stand for: a text of a megabyte in a million rows takes a megabyte.
        parquet = pa_parquet.ParquetFile(pa.PythonFile(file, mode="r"), read_dictionary=_texts(schema))
        batches, rows, size = [], 0, 0
        at_once = max(1, min(BATCH_ROWS, BATCH_VALUES // max(1, len(readable))))
        for batch in parquet.iter_batches(at_once, columns=readable, use_threads=False):
            rows, size = rows + batch.num_rows, size + sum(map(_bytes_of, batch.columns))
            check_rows(name, rows, limits)
            check_bytes(name, size, limits)
            batches.append(batch)
            tell(min(1.0, rows / max(about.num_rows, 1)))
        return _with_others(schema, batches)
    except (pa.ArrowException, OSError, ValueError, NotImplementedError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"{name} is a damaged Parquet file: write or download it again.") from None


def _is_plain(kind: pa.DataType) -> bool:
    """Whether a value is one number, text, truth value or time, which a column of a table can use."""
    if pa.types.is_dictionary(kind):
        return _is_plain(kind.value_type)
    return pa.types.is_primitive(kind) or pa.types.is_decimal(kind) or pa.types.is_null(kind) or is_text(kind)


def _texts(schema: pa.Schema) -> list[str]:
    return [field.name for field in schema if is_text(field.type)]


def _bytes_of(array: pa.Array) -> int:
    """Of an array, written out where it is one of codes. `ArrowInvalid` where it is damaged, or its texts are none."""
    array.validate(full=True)
    if not (pa.types.is_dictionary(array.type) and is_text(array.type)):
        return int(array.nbytes)
    lengths = pc.binary_length(array.dictionary).take(array.indices)
    return int(array.nbytes) + (pc.sum(lengths.cast(pa.int64())).as_py() or 0)


def _with_others(schema: pa.Schema, batches: list[pa.RecordBatch]) -> pa.Table:
    """The columns that were read at their places, and nothing at those of the others, which stay what they are."""
    rows = sum(batch.num_rows for batch in batches)
    # Of columns of one name all are read when one is.
    read = (column for column in (pa.Table.from_batches(batches).columns if rows else ()) if _is_plain(column.type))
    arrays = [next(read) if rows and _is_plain(field.type) else pa.array([b""] * rows, pa.binary()) for field in schema]
    return pa.Table.from_arrays(arrays, names=schema.names)


def _of_frame(frame: Any, limits: TableLimits) -> pa.Table:
    """A table of pandas column by column: names may be the same, and one of several types be a mixture of texts."""
    check_columns("The table", len(frame.columns), limits)
    check_rows("The table", len(frame), limits)
    arrays = [array_of(frame.iloc[:, i]) for i in range(len(frame.columns))]
    return pa.Table.from_arrays(arrays, names=[str(name) for name in frame.columns])
