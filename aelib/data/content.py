"""The arrays of a data set as plain files, and the hash of what they hold.

``train.x.npy`` and so on: NumPy's own format, without pickle, in little-endian order, so that they can be mapped.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.lib import format as npy
from numpy.typing import NDArray
from torch import Tensor

from aelib.data.dataset import Dataset, Split
from aelib.data.description import ARRAYS, ArrayDescription, Description
from aelib.data.table import TableSchema
from aelib.errors import DataError
from aelib.levels import Levels
from aelib.progress import Progress, silent

#: Bytes that are hashed, and written, at a time.
CHUNK = 1 << 24


def content_hash(data: Dataset) -> str:
    """SHA-256 of the arrays and of what their numbers mean: 64 hexadecimal digits, the same on every machine.

    Hashed are, in this order, the names of classes and factors and, where there are any, those of the values of factors
    and a table's schema, as JSON with sorted keys; then of each array its name, dtype and shape as JSON and its numbers
    in C order, little-endian. The name of the data set is not part of it.
    """
    found = _Hash(data)
    for name, array in arrays_of(data).items():
        found.begin(name, described(array))
        for chunk in _chunks(array):
            found.add(chunk)
    return found.digits


def write_content(data: Dataset, folder: Path, progress: Progress = silent) -> tuple[str, dict[str, ArrayDescription]]:
    """Write the arrays into a folder; gives their hash, of the very bytes that were written, and what they are.

    `OSError` when they cannot be written.
    """
    found, arrays = _Hash(data), arrays_of(data)
    total, done = sum(array.nbytes for array in arrays.values()), 0
    for name, array in arrays.items():
        about = described(array)
        found.begin(name, about)
        with (folder / f"{name}.npy").open("wb") as file:
            header = {"descr": about.dtype, "fortran_order": False, "shape": about.shape}
            npy.write_array_header_1_0(file, header)
            for chunk in _chunks(array):
                progress(done / total, "Storing the data")
                file.write(chunk)
                found.add(chunk)
                done += len(chunk)
    return found.digits, {name: described(array) for name, array in arrays.items()}


def read_content(folder: Path, description: Description) -> Dataset:
    """The data set in a folder, mapped: what is not looked at stays on the disk. `DataError` when it is damaged."""
    try:
        arrays = {name: _mapped(folder / f"{name}.npy", about) for name, about in description.arrays.items()}
        train, test = (
            Split(arrays[f"{which}.x"], arrays.get(f"{which}.y"), arrays.get(f"{which}.factors"))
            for which in ("train", "test")
        )
        return Dataset(
            description.title, train, test, description.classes, description.factors,
            content_hash=description.content_hash, **_more(description),
        )  # fmt: skip
    except (OSError, ValueError, TypeError, OverflowError) as error:
        reason = " ".join(str(error).split())[:200]
        raise DataError(
            f"The data {description.title!r} in {folder} is damaged ({reason}): remove it and add it again."
        ) from None


def table_of(data: Dataset) -> dict[str, Any] | None:
    """The columns of a table and their scaling, as JSON, where the data has them."""
    return None if data.table is None else data.table.model_dump(mode="json")


def _more(description: Description) -> dict[str, Any]:
    """What few data sets have."""
    found: dict[str, Any] = {}
    if description.factor_classes:
        found["factor_classes"] = description.factor_classes
    if description.table is not None:
        found["table"] = TableSchema.from_json(json.dumps(description.table))
    return found


def arrays_of(data: Dataset) -> dict[str, NDArray[Any]]:
    """The arrays that a data set has, by their names; numbers are not copied."""
    found = {}
    for name in ARRAYS:
        which, _, field = name.partition(".")
        tensor: Tensor | None = getattr(getattr(data, which), field)
        if tensor is not None:
            found[name] = (tensor.bytes if isinstance(tensor, Levels) else tensor).detach().cpu().numpy()
    return found


def described(array: NDArray[Any]) -> ArrayDescription:
    """``array`` as it is written. `ConfigError` for numbers that no data set has."""
    return ArrayDescription(dtype=array.dtype.newbyteorder("<").str, shape=array.shape)


def _chunks(array: NDArray[Any]) -> Iterator[bytes]:
    """Its numbers in C order, little-endian."""
    rows = max(1, CHUNK * len(array) // max(1, array.nbytes))
    stored = array.dtype.newbyteorder("<")
    for first in range(0, len(array), rows):
        yield np.ascontiguousarray(array[first : first + rows], dtype=stored).tobytes()


def _mapped(path: Path, about: ArrayDescription) -> Tensor:
    """A file as a tensor. What would be written into it goes nowhere: "c" differs from "r" in that alone. No pickle is
    ever mapped."""
    with path.open("rb") as file:
        if npy.read_magic(file) != (1, 0):
            raise DataError(f"{path.name} is of another version")
        shape, is_fortran, dtype = npy.read_array_header_1_0(file)
        offset = file.tell()
    if (dtype.str, shape, is_fortran) != (about.dtype, about.shape, False):
        raise DataError(f"{path.name} holds {dtype} of shape {shape}, not what its description says")
    return torch.from_numpy(np.memmap(path, dtype, mode="c", offset=offset, shape=shape))


class _Hash:
    def __init__(self, data: Dataset) -> None:
        self._hash = hashlib.sha256(b"aelib data 1\n")
        table, names = table_of(data), data.factor_classes
        more = ({"table": table} if table else {}) | ({"factor_classes": names} if any(names) else {})
        self._add_json({"classes": data.classes, "factors": data.factors, **more})

    def begin(self, name: str, about: ArrayDescription) -> None:
        self._add_json([name, about.dtype, about.shape])

    @property
    def add(self) -> Callable[[bytes], None]:
        return self._hash.update

    @property
    def digits(self) -> str:
        return self._hash.hexdigest()

    def _add_json(self, value: Any) -> None:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"))
        self._hash.update(text.encode() + b"\n")
