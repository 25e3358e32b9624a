"""Codes of examples as a table, in CSV or Parquet."""

import codecs
import io
from collections.abc import Mapping, Sequence, Sized

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pa_parquet
from torch import Tensor

from aelib.errors import DataError
from aelib.latent.codes import Codes


def make_table(
    codes: Codes,
    labels: Tensor | None,
    classes: Sequence[str] = (),
    splits: Sequence[str] = (),
    projection: Tensor | None = None,
    method: str = "projection",
    clusters: Mapping[str, Tensor] | None = None,
) -> pa.Table:
    """One row for each of n examples, in their order.

    Columns: ``index`` from 0; ``split``, where ``splits`` (n,) are given; ``label``, where there are ``labels`` (n,),
    and ``class``, its name, where there are classes; ``error``, ‖x − x̂‖²; ``kl`` in nats, of variational models;
    ``unit_1`` … ``unit_k``, the codes; ``<method>_1`` … of a ``projection`` (n, d); of ``clusters`` (n,), by the
    names of their columns, the numbers from 1, and nothing where they are below 0. Real numbers are float32. Raises
    `DataError` when something is not there for each example, or a label names no class.
    """
    n = len(codes)
    given: list[tuple[str, Sized | None]] = [
        ("labels", labels), ("splits", splits or None), ("projection", projection), *(clusters or {}).items()
    ]  # fmt: skip
    for name, values in given:
        if values is not None and len(values) != n:
            raise DataError(f"There are {n} codes, but {len(values)} rows of the {name}: pass one for each code.")
    columns: dict[str, pa.Array] = {"index": pa.array(range(n), pa.int32())}
    if splits:
        columns["split"] = pa.array(splits, pa.string())
    if labels is not None:
        columns["label"] = pa.array(labels.numpy(), pa.int32() if classes else pa.float32())
        if classes:
            columns["class"] = pa.array(_names(labels, classes), pa.string())
    columns["error"] = pa.array(codes.errors.numpy())
    if codes.kl is not None:
        columns["kl"] = pa.array(codes.kl.numpy())
    columns |= _columns("unit", codes.mean)
    if projection is not None:
        columns |= _columns(method, projection.float())
    for name, labels_of in (clusters or {}).items():
        columns[name] = pa.array([k + 1 if k >= 0 else None for k in labels_of.tolist()], pa.int32())
    return pa.table(columns)


def _names(labels: Tensor, classes: Sequence[str]) -> list[str]:
    if labels.is_floating_point() or not 0 <= int(labels.min()) <= int(labels.max()) < len(classes):
        raise DataError(f"Labels of {len(classes)} classes are whole numbers from 0 to {len(classes) - 1}.")
    return [classes[label] for label in labels.tolist()]


def _columns(name: str, values: Tensor) -> dict[str, pa.Array]:
    return {f"{name}_{j}": pa.array(column.contiguous().numpy()) for j, column in enumerate(values.T, 1)}


def to_csv(table: pa.Table) -> bytes:
    """Comma-separated values with a header, in UTF-8 with a byte order mark, by which spreadsheets know UTF-8.

    Each number is the shortest decimal that gives the same float32 when it is read again. pandas and PyArrow skip the
    mark; Python's own ``open`` and NumPy do with ``encoding="utf-8-sig"``.
    """
    return codecs.BOM_UTF8 + _separated(table, pa_csv.WriteOptions())


def to_tsv(table: pa.Table) -> bytes:
    """The numbers of a table, separated by tabs, without a header or a mark; otherwise as `to_csv`."""
    return _separated(table, pa_csv.WriteOptions(include_header=False, delimiter="\t"))


def _separated(table: pa.Table, options: pa_csv.WriteOptions) -> bytes:
    file = io.BytesIO()
    pa_csv.write_csv(table, file, options)
    return file.getvalue()


def to_parquet(table: pa.Table) -> bytes:
    """An Apache Parquet file; numbers bit for bit."""
    file = io.BytesIO()
    pa_parquet.write_table(table, file, compression="zstd")
    return file.getvalue()
