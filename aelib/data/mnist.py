"""MNIST and its relatives through torchvision, which is imported only here and only when asked for.

The files are in torchvision's layout below `aelib.data.download.data_root`.
"""

import gzip
import math
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import torch

from aelib.data.dataset import Dataset, Split
from aelib.data.download import data_root
from aelib.errors import DataError
from aelib.progress import Progress

DIGITS = tuple("0123456789")
FAMILY: dict[str, tuple[str, tuple[str, ...]]] = {
    "mnist": ("MNIST", DIGITS),
    "fashion_mnist": (
        "FashionMNIST",
        ("t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"),
    ),
    "kmnist": ("KMNIST", ("お", "き", "す", "つ", "な", "は", "ま", "や", "れ", "を")),
}
#: Unpacked, as torchvision looks for them.
FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
#: The first two bytes of an IDX file are 0, the third says of what type its numbers are, the fourth how many axes.
UNSIGNED_BYTES = 0x800
SIDE = 28


def class_names(name: str) -> tuple[str, ...]:
    """What the labels of one member of the family mean."""
    return FAMILY[name][1]


def finder(name: str) -> Callable[[], bool]:
    """A function that tells whether the files of one member of the family are here."""
    return lambda: all((data_root() / FAMILY[name][0] / "raw" / file).is_file() for file in FILES)


def loader(name: str) -> Callable[[Progress], Dataset]:
    """A function that loads one member of the family."""
    return lambda progress: _load(name, progress)


def _load(name: str, progress: Progress) -> Dataset:
    try:
        from torchvision import datasets
    except Exception as error:  # a mismatched build fails with RuntimeError, not ImportError
        raise DataError(
            f"{name} needs torchvision, which does not load here ({error}). Install the torchvision that belongs "
            "to your torch, or choose mnist_sample, digits or shapes."
        ) from None
    kind, classes = FAMILY[name]
    source = getattr(datasets, kind)
    _refuse_damage(name)
    progress(0.0, f"Loading {name}, training images")
    train = _split(source, True, name)
    progress(0.6, f"Loading {name}, held-out images")
    test = _split(source, False, name)
    progress(1.0, f"{name} is ready")
    return Dataset(name, train, test, classes=classes)


def _split(kind: Callable[..., object], train: bool, name: str) -> Split:
    root = data_root()
    try:
        try:
            found = kind(root, train=train, download=False)
        except RuntimeError:  # not there yet
            found = kind(root, train=train, download=True)
    except Exception as error:
        _refuse_damage(name)  # a download may have been cut short
        _refuse_damaged_archives(name)
        reason = " ".join(str(error).split())  # torchvision's own runs over several lines
        raise DataError(
            f"{name} is not in {root} and cannot be downloaded ({reason}). Connect to a network, or set AELIB_DATA "
            "to a folder that holds the files in torchvision's layout."
        ) from None
    images, labels = found.data, torch.as_tensor(found.targets).long()  # type: ignore[attr-defined]
    if images.shape[1:] != (SIDE, SIDE) or labels.shape != images.shape[:1] or int(labels.max()) >= len(DIGITS):
        files = " and ".join(FILES[:2] if train else FILES[2:])
        raise DataError(
            f"{_folder(name)}: {files} do not belong together as {SIDE} × {SIDE} images and a label from 0 to "
            f"{len(DIGITS) - 1} for each. Delete them, so that {name} is downloaded again."
        )
    return Split(images.unsqueeze(1), labels)


def _folder(name: str) -> Path:
    return data_root() / FAMILY[name][0] / "raw"


def _refuse_damage(name: str) -> None:
    """`DataError` when one of the unpacked files is there, but is not a whole IDX file of bytes."""
    for file in FILES:
        path = _folder(name) / file
        if path.is_file() and not _is_whole(path, dimensions=3 if "idx3" in file else 1):
            raise _damage(path, name)


def _is_whole(path: Path, dimensions: int) -> bool:
    """Whether a file is as long as its header says: a magic number, then the sizes, each of 4 bytes, big-endian."""
    header = 4 * (1 + dimensions)
    with path.open("rb") as file:
        start = file.read(header)
    if len(start) < header:
        return False
    magic, *sizes = struct.unpack(f">{1 + dimensions}I", start)
    whole = header + math.prod(sizes)
    return bool(magic == UNSIGNED_BYTES + dimensions and header < whole == path.stat().st_size)


def _refuse_damaged_archives(name: str) -> None:
    """`DataError` when one of the packed files is there, but cannot be unpacked to its end."""
    for file in FILES:
        path = _folder(name) / f"{file}.gz"
        if not path.is_file():
            continue
        try:
            with gzip.open(path) as packed:
                while packed.read(1 << 20):
                    pass
        except (OSError, EOFError, zlib.error):
            raise _damage(path, name) from None
        if path.stat().st_size == 0:  # which is a valid archive of nothing
            raise _damage(path, name)


def _damage(path: Path, name: str) -> DataError:
    return DataError(f"{path} is damaged or cut short. Delete this file, so that {name} is downloaded again.")
