"""IDX files, the format of MNIST, plain or packed with gzip: http://yann.lecun.com/exdb/mnist."""

import gzip
import math
import os
import re
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from aelib.data.dataset import Dataset
from aelib.data.from_arrays import Part, make_dataset
from aelib.data.limits import Limits
from aelib.data.options import SplitOptions
from aelib.errors import DataError
from aelib.progress import Progress
from aelib.reading import Guarded, given_file, named, read_up_to, shown

#: The third byte of a file says what its numbers are; all are big-endian.
_TYPES = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
_MAX_AXES = 4
#: As torchvision and others name the files: train-images-idx3-ubyte, t10k-labels.idx1-ubyte.gz and so on.
_FILE = re.compile(r"(train|t10k|test)[-_.](images|labels)[-_.]idx[134][-_.]ubyte(\.gz)?$", re.IGNORECASE)
_MAX_ENTRIES = 10_000


def read_idx(
    images: str | Path,
    labels: str | Path | None,
    options: SplitOptions,
    limits: Limits,
    progress: Progress,
    name: str,
) -> Dataset:
    """See `Dataset.from_idx`."""
    path, given = named(Path(images)), name
    name = name or shown(re.split(r"[.]|-idx", path.name)[0]) or "idx"
    progress(0.0, f"Reading {name}")
    if _is_folder(path):
        if labels is not None:
            raise DataError("A folder of IDX files has its labels within: name the folder alone, or two files.")
        files = _files_of(path)
        if ("train", "images") not in files:
            raise DataError(f"{shown(path.name)} holds no file train-images-idx3-ubyte: name the files themselves.")
        train = _part(files, "train", limits, progress)
        test = _part(files, "test", limits, progress) if ("test", "images") in files else None
        return make_dataset(name, train, test, options, limits, progress)
    x = _read(path, limits, progress, given)
    part = Part(x, None if labels is None else _read(Path(labels), limits, progress))
    return make_dataset(name, part, None, options, limits, progress)


def read_array(stream: BinaryIO, limits: Limits, name: str, read: Callable[[int], None]) -> NDArray[Any]:
    """The array in an IDX file, plain or packed with gzip.

    Raises `DataError` where it is none, is longer or shorter than its header says, or has more bytes than
    ``limits.max_bytes``, which is asked before they are read.
    """
    packed = stream.read(2) == b"\x1f\x8b"
    stream.seek(0)
    damage = DataError(f"{name} is damaged or cut short: fetch it again.")
    return _array(Guarded(gzip.GzipFile(fileobj=stream) if packed else stream, damage), limits, name, read)


def _array(stream: Guarded, limits: Limits, name: str, read: Callable[[int], None]) -> NDArray[Any]:
    head = read_up_to(stream, 4)
    if len(head) < 4 or head[:2] != b"\0\0" or head[2] not in _TYPES or not 1 <= head[3] <= _MAX_AXES:
        raise DataError(f"{name} is no IDX file: such a file begins with two zeros, its type and its number of axes.")
    sizes = read_up_to(stream, 4 * head[3])
    if len(sizes) < 4 * head[3]:
        raise DataError(f"{name} is cut short: fetch it again.")
    shape = struct.unpack(f">{head[3]}I", sizes)
    kind = np.dtype(_TYPES[head[2]])
    count = math.prod(shape) * kind.itemsize
    limits.check("max_bytes", count, name, "give fewer examples or smaller ones")
    content = read_up_to(stream, count + 1, read)
    if len(content) != count:
        raise DataError(
            f"{name} is {'longer' if len(content) > count else 'shorter'} than its header says: fetch it again."
        )
    return np.frombuffer(content, kind).reshape(shape)


def standard_name(name: str, head: bytes) -> str:
    """What a file of that name, which begins so, is called in a folder that `read_idx` reads; "" of no IDX file.

    Names that say nothing are taken for training: pictures where an example has rows and columns, labels where it is a
    number.
    """
    if match := _FILE.search(name):
        which, what = match[1].casefold(), match[2].casefold()
    elif head[:2] == b"\0\0" and len(head) > 3 and head[2] in _TYPES and 1 <= head[3] <= _MAX_AXES:
        which, what = "train", "labels" if head[3] == 1 else "images"
    else:
        return ""
    return f"{'train' if which == 'train' else 't10k'}-{what}-idx{1 if what == 'labels' else 3}-ubyte"


def _read(path: Path, limits: Limits, progress: Progress, name: str = "") -> NDArray[Any]:
    name = name or shown(path.name)
    with given_file(path) as stream:
        return read_array(stream, limits, name, lambda count: progress(0.1, f"Reading {name} ({count >> 20:,} MiB)"))


def _part(files: dict[tuple[str, str], Path], which: str, limits: Limits, progress: Progress) -> Part:
    labels = files.get((which, "labels"))
    images = _read(files[which, "images"], limits, progress)
    return Part(images, None if labels is None else _read(labels, limits, progress))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _files_of(folder: Path) -> dict[tuple[str, str], Path]:
    """The files of training and test in a folder, or in ``raw`` within it or one below, as torchvision has it."""
    for pattern in ("*", "raw/*", "*/raw/*"):
        found: dict[tuple[str, str], Path] = {}
        try:
            for count, path in enumerate(sorted(folder.glob(pattern))):
                if count > _MAX_ENTRIES:
                    raise DataError(f"{shown(folder.name)} holds too many files: name the IDX files themselves.")
                match = _FILE.search(path.name)
                if match is None:
                    continue
                key = ("train" if match[1].casefold() == "train" else "test", match[2].casefold())
                first = found.setdefault(key, path)  # the unpacked one, which stands before .gz
                if first != path and os.fspath(first) + ".gz" != os.fspath(path):
                    raise DataError(
                        f"{shown(first.name)} and {shown(path.name)} are both {key[0]} {key[1]}: name two files."
                    )
        except OSError as error:
            raise DataError(f"{shown(folder.name)} cannot be read ({error.strerror}).") from None
        if found:
            return found
    return {}
