"""Files of NumPy, .npz and .npy. Objects in them, which would have to be unpickled, are refused."""

import io
import math
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as numpy_format
from numpy.typing import NDArray

from aelib.data.dataset import Dataset
from aelib.data.from_arrays import Part, make_dataset
from aelib.data.limits import Limits
from aelib.data.options import SplitOptions
from aelib.data.pictures.archive import opened_entry, opened_zip
from aelib.errors import DataError
from aelib.progress import Progress
from aelib.reading import Readable, given_file, read_up_to, shown

_NPY, _ZIPS = b"\x93NUMPY", (b"PK\x03\x04", b"PK\x05\x06")
_ROLES = {
    "x": ("x", "image", "images", "img", "imgs", "data", "features", "inputs", "examples"),
    "y": ("y", "label", "labels", "target", "targets"),
    "factors": ("factor", "factors"),
}
_PARTS = {"train": ("train", "training"), "test": ("test", "testing", "val", "valid", "validation")}
#: A header is longer only where it lists thousands of columns.
_MAX_HEADER = 1 << 16
_VERSIONS = {b"\1\0": ("<H", numpy_format.read_array_header_1_0), b"\2\0": ("<I", numpy_format.read_array_header_2_0)}
_NAMES_SHOWN = 10


def read_npz(
    file: str | Path | BinaryIO, options: SplitOptions, limits: Limits, progress: Progress, name: str
) -> Dataset:
    """See `Dataset.from_npz`."""
    if isinstance(file, str | Path):
        with given_file(Path(file)) as stream:
            return read_npz(stream, options, limits, progress, name or shown(Path(file).stem))
    name = name or "arrays"
    progress(0.0, f"Reading {name}")
    start = file.read(len(_NPY))
    file.seek(0)
    if start.startswith(_NPY):
        x = read_array(file, limits, name, lambda count: progress(0.1, f"Reading ({count >> 20:,} MiB)"))
        return make_dataset(name, Part(x), None, options, limits, progress)
    if not start.startswith(_ZIPS):
        raise DataError(f"{name} is no file of arrays: write one with numpy.savez or numpy.save (a pickle is none).")
    with opened_zip(file, name) as archive:
        train, test = _Archive(archive, name, limits, progress).parts()
    return make_dataset(name, train, test, options, limits, progress)


def read_array(stream: Readable, limits: Limits, name: str, read: Callable[[int], None]) -> NDArray[Any]:
    """The array in a .npy file: numbers, truth values or strings.

    Raises `DataError` where it holds anything else, is cut short, or has more bytes than ``limits.max_bytes``, which
    is asked before they are read.
    """
    shape, is_fortran, kind = _header(stream, name)
    if kind.hasobject:
        raise DataError(f"{name} holds Python objects, which are never opened: save it as an array of numbers.")
    if kind.kind not in "biufUS" or not kind.itemsize:
        raise DataError(f"{name} must hold numbers or strings (got {kind.str:.40}).")
    if any(size < 0 for size in shape):
        raise DataError(f"{name} is damaged: a size in its header is negative.")
    count = math.prod(shape) * kind.itemsize
    limits.check("max_bytes", count, name, "give fewer examples or smaller ones")
    content = read_up_to(stream, count, read)
    if len(content) < count:
        raise DataError(f"{name} is shorter than its header says: save it again.")
    array = np.frombuffer(content, kind)
    if kind.kind == "U" and (array.view(np.dtype("u4").newbyteorder(kind.byteorder)) > 0x10FFFF).any():
        raise DataError(f"{name} holds strings that are no text: save it again.")
    return array.reshape(shape, order="F" if is_fortran else "C")


def _header(stream: Readable, name: str) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    start = read_up_to(stream, len(_NPY) + 2)
    try:
        kind_of_length, reader = _VERSIONS[bytes(start[len(_NPY) :])]
        length = read_up_to(stream, struct.calcsize(kind_of_length))
        head = read_up_to(stream, min(_MAX_HEADER, *struct.unpack(kind_of_length, length)))
        whole = io.BytesIO(start + length + head)
        numpy_format.read_magic(whole)
        shape, is_fortran, kind = reader(whole)
    except Exception:  # a header is a Python expression: whatever is wrong with one
        raise DataError(f"{name} is no array of NumPy, or is damaged: write it with numpy.save.") from None
    return shape, is_fortran, kind


class _Archive:
    """An .npz file: finds the arrays that are examples, labels and factors by their names."""

    def __init__(self, archive: zipfile.ZipFile, name: str, limits: Limits, progress: Progress) -> None:
        self.archive, self.name, self.limits, self.progress = archive, name, limits, progress
        self.left = limits.max_bytes
        self.keys: dict[str, zipfile.ZipInfo] = {}
        for entry in archive.infolist():
            self.keys.setdefault(entry.filename.removesuffix(".npy"), entry)

    def parts(self) -> tuple[Part, Part | None]:
        """Training and held-out arrays; the latter None where they are yet to be split off."""
        found: dict[tuple[str, str], list[str]] = {}
        for key in self.keys:
            for role in _roles_of(key):
                found.setdefault(role, []).append(key)
        whole, train, test = ({role: found.get((part, role), []) for role in _ROLES} for part in ("", "train", "test"))
        if not whole["x"] and not train["x"]:
            return self._unnamed(), None
        if test["x"]:
            return self._part({role: train[role] or whole[role] for role in _ROLES}), self._part(test, several=True)
        return self._part(whole if whole["x"] else train), None

    def _part(self, keys: dict[str, list[str]], several: bool = False) -> Part:
        """``several``: whether arrays that fill one role are joined, as those of test and validation are."""
        for role, names in keys.items():
            if len(names) > 1 and not several:
                told = ", ".join(map(shown, names[:_NAMES_SHOWN]))
                raise DataError(f"In {self.name} several arrays could be {role}: {told}. Save one of them as {role}.")
        arrays = {role: self._joined(sorted(names)) for role, names in keys.items() if names}
        return Part(arrays["x"], arrays.get("y"), arrays.get("factors"))

    def _joined(self, keys: list[str]) -> NDArray[Any]:
        arrays = [self._read(key) for key in keys]
        try:
            return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)
        except (TypeError, ValueError):
            told = " and ".join(map(shown, keys))
            raise DataError(f"In {self.name} {told} do not belong together: their shapes or types differ.") from None

    def _unnamed(self) -> Part:
        """The single array, or the first two of `numpy.savez` without names."""
        keys = [key for key in ("arr_0", "arr_1") if key in self.keys] if "arr_0" in self.keys else [*self.keys]
        if not keys or (len(keys) > 1 and keys[0] != "arr_0"):
            told = ", ".join(map(shown, keys[:_NAMES_SHOWN])) or "none"
            raise DataError(
                f"{self.name} has no array x (its arrays: {told}): save the examples as x, the labels as y."
            )
        x, *y = map(self._read, keys)
        return Part(x, y[0] if y else None)

    def _read(self, key: str) -> NDArray[Any]:
        entry, told = self.keys[key], f"{shown(key)} in {self.name}"

        def read(count: int) -> None:
            self.progress(0.1, f"Reading {shown(key)} ({count >> 20:,} MiB)")

        limits = self.limits.replace(max_bytes=max(1, self.left))
        with opened_entry(self.archive, entry, DataError(f"{told} is damaged: save it again.")) as stream:
            array = read_array(stream, limits, told, read)
        self.left -= array.nbytes
        return array


def _roles_of(key: str) -> list[tuple[str, str]]:
    """What the array of that name is: (part, role); none where its name does not say."""
    words = [word for word in re.split(r"[_\-. ]+", key.casefold()[:100]) if word]
    parts = [part for part, names in _PARTS.items() for word in words if word in names]
    roles = [role for role, names in _ROLES.items() for word in words if word in names]
    if len(roles) != 1 or len(parts) > 1 or len(words) != len(roles) + len(parts):
        return []
    return [(parts[0] if parts else "", roles[0])]
