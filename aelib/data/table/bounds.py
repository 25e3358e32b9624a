"""Refusing what is larger than a table may be, with the name of the limit."""

from aelib.data.table.options import TableLimits
from aelib.errors import DataError


def check_columns(name: str, count: int, limits: TableLimits) -> None:
    if count > limits.max_features:
        raise DataError(
            f"{name} has more than {limits.max_features:,} columns (the limit max_features): leave some of them out."
        )


def check_rows(name: str, count: int, limits: TableLimits) -> None:
    if count > limits.max_examples:
        raise DataError(
            f"{name} has more than {limits.max_examples:,} rows (the limit max_examples): leave some of them out."
        )


def check_bytes(name: str, count: int, limits: TableLimits) -> None:
    if count > limits.max_bytes:
        raise DataError(
            f"{name} has more than {limits.max_bytes / 1e6:,.0f} MB (the limit max_bytes): leave some of it out."
        )
