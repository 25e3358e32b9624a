"""Columns of a table and what they hold: numbers, texts, dates, a mixture."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from aelib.data.table.dates import is_date
from aelib.data.table.numbers import MISSING, Decimal, find_decimals, read_number

Kind = Literal["number", "text", "date", "mixed", "empty", "other"]

#: Words of truth values, in small letters: what is 0 and what is 1.
TRUTHS = (("false", "true"), ("no", "yes"))
#: Of what a column holds to be told a mixture, rather than texts among which are numbers.
MIXED_SHARE = 0.5


@dataclass(frozen=True)
class Column:
    """A column as it was read.

    ``values``: (n,), float64 with NaN where one is missing, of numbers; else strings and None. ``words``: what stood
    for 0 and 1 of truth values. ``infinite``: how many numbers were infinite; they count as missing. ``example``: of
    the text among numbers.
    """

    name: str
    kind: Kind
    values: NDArray[Any]
    words: tuple[str, str] | None = None
    infinite: int = 0
    example: str = ""

    @cached_property
    def missing(self) -> NDArray[np.bool_]:
        """(n,): where there is no value."""
        if self.values.dtype == object:
            return np.array([value is None for value in self.values], dtype=bool)
        return np.array(np.isnan(self.values))

    @cached_property
    def distinct(self) -> list[Any]:
        """The different values that there are, in ascending order."""
        return sorted({*self.values[~self.missing].tolist()})

    @property
    def is_whole(self) -> bool:
        """Whether these are whole numbers."""
        return self.kind == "number" and bool((np.modf(self.values[~self.missing])[0] == 0).all())


@dataclass(frozen=True)
class _Texts:
    """The different texts of a column without blanks around them, and which of them each row has (−1: none)."""

    different: list[str]
    codes: NDArray[np.int64]

    @staticmethod
    def of(array: pa.ChunkedArray) -> "_Texts":
        encoded = array.cast(pa.large_string()).combine_chunks().dictionary_encode()
        if isinstance(encoded, pa.ChunkedArray):  # of no chunk
            return _Texts([], np.empty(0, np.int64))
        stripped = [text.strip() for text in encoded.dictionary.to_pylist()]
        places: dict[str, int] = {}
        moved = [
            -1 if text.casefold() in MISSING else places.setdefault(text, len(places)) for text in stripped
        ] + [-1]  # a missing value has the last place  # fmt: skip
        codes = encoded.indices.fill_null(len(stripped)).to_numpy(zero_copy_only=False)
        return _Texts(list(places), np.array(moved, dtype=np.int64)[codes])

    def spread(self, values: list[Any], missing: Any, kind: type) -> NDArray[Any]:
        """Of each row the value that belongs to its text."""
        found: NDArray[Any] = np.empty(len(values) + 1, dtype=kind)
        found[:-1] = values
        found[-1] = missing
        return found[self.codes]


def read_columns(
    table: pa.Table, separator: str, decimal: Literal["find out", ".", ","], tell: Callable[[float], None]
) -> tuple[list[Column], set[Decimal]]:
    """The columns of a table, and the decimal signs that their texts have; ``tell`` is told the share that is done.

    Raises `DataError` where a decimal sign is to be found out and cannot be.
    """
    texts = {}
    for i, name in enumerate(table.column_names):
        if is_text(table.column(i).type):
            texts[name] = _Texts.of(_plain(table.column(i)))
        tell(0.5 * (i + 1) / table.num_columns)
    if decimal == "find out":
        decimals = find_decimals({name: found.different for name, found in texts.items()}, separator)
    else:
        decimals = dict.fromkeys(texts, decimal)
    columns = []
    for i, column in enumerate(_columns(table, texts, decimals)):
        columns.append(column)
        tell(0.5 + 0.5 * (i + 1) / table.num_columns)
    numbers = {column.name for column in columns if column.kind == "number"}
    return columns, {sign for name, sign in decimals.items() if name in numbers}


def _columns(table: pa.Table, texts: Mapping[str, _Texts], decimals: Mapping[str, Decimal]) -> Iterator[Column]:
    for i, name in enumerate(table.column_names):
        yield _of_texts(name, texts[name], decimals[name]) if name in texts else _of_values(name, table.column(i))


def is_text(kind: pa.DataType) -> bool:
    """Whether a column of PyArrow holds texts, or codes for texts."""
    if pa.types.is_dictionary(kind):
        return is_text(kind.value_type)
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _plain(array: pa.ChunkedArray) -> pa.ChunkedArray:
    """The same without a dictionary of its own."""
    return array.cast(array.type.value_type) if pa.types.is_dictionary(array.type) else array


def _of_texts(name: str, texts: _Texts, decimal: Decimal) -> Column:
    different = texts.different
    empty = texts.spread([None] * len(different), None, object)
    if not different:
        return Column(name, "empty", empty)
    small = {text.casefold() for text in different}
    for words in TRUTHS:
        if small <= {*words}:
            return Column(
                name, "number", texts.spread([words.index(t.casefold()) for t in different], np.nan, float), words
            )
    numbers = _numbers(different, decimal)
    strange = [text for text, number in zip(different, numbers, strict=True) if number is None]
    if not strange:
        return _finite(name, texts.spread(numbers, np.nan, float))
    if len(strange) <= MIXED_SHARE * len(different):
        return Column(name, "mixed", empty, example=strange[0])
    if all(map(is_date, different)):
        return Column(name, "date", empty)
    return Column(name, "text", texts.spread(different, None, object))


def _numbers(texts: list[str], decimal: Decimal) -> list[float | None]:
    if decimal == ".":
        try:  # ten times as fast, and refuses what it does not know
            return list(pc.cast(pa.array(texts, pa.large_string()), pa.float64()).to_pylist())
        except pa.ArrowInvalid:
            pass
    return [read_number(text, decimal) for text in texts]


def _of_values(name: str, array: pa.ChunkedArray) -> Column:
    array = _plain(array)
    kind, none = array.type, np.full(len(array), None, dtype=object)
    if len(array) == array.null_count:
        return Column(name, "empty", none)
    if pa.types.is_temporal(kind):
        return Column(name, "date", none)
    if pa.types.is_boolean(kind):
        return Column(name, "number", _floats(array.cast(pa.int8())), TRUTHS[0])
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _finite(name, _floats(array))
    return Column(name, "other", none)


def _floats(array: pa.ChunkedArray) -> NDArray[np.float64]:
    return np.array(array.cast(pa.float64(), safe=False).to_numpy(), dtype=np.float64)


def _finite(name: str, values: NDArray[np.float64]) -> Column:
    infinite = np.isinf(values)
    values = np.where(infinite, np.nan, values)
    kind: Kind = "empty" if np.isnan(values).all() else "number"
    return Column(name, kind, values, infinite=int(infinite.sum()))
