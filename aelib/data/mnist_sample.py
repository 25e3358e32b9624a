"""A sample of MNIST that is part of the package: see `aelib/data/files/README.md` for its source and licence.

`aelib.commands.mnist_sample` makes the files, which are MNIST's own four (IDX: a big-endian header, then bytes), each
packed by xz.
"""

import lzma
import struct
from pathlib import Path

import numpy as np
import torch

from aelib.data.dataset import Dataset, Split
from aelib.data.mnist import DIGITS, FILES, SIDE, UNSIGNED_BYTES
from aelib.errors import DataError
from aelib.progress import Progress

FOLDER = Path(__file__).parent / "files"
#: Examples for training and held out; of each class a tenth.
TRAIN, HELD_OUT = 6000, 1000


def packed(file: str) -> Path:
    """Where one of `aelib.data.mnist.FILES` lies."""
    return FOLDER / f"{file}.xz"


def load(progress: Progress) -> Dataset:
    """6,000 training digits from MNIST's training file and 1,000 held-out ones from its test file.

    `DataError` when the installation lacks the files, or they are damaged.
    """
    train, test = _split(FILES[:2], TRAIN), _split(FILES[2:], HELD_OUT)
    return Dataset("mnist_sample", train, test, classes=DIGITS)


def _split(files: tuple[str, ...], count: int) -> Split:
    images, labels = files
    x = _numbers(images, (count, SIDE, SIDE)).reshape(count, 1, SIDE, SIDE)
    return Split(torch.from_numpy(x), torch.from_numpy(_numbers(labels, (count,)).astype(np.int64)))


def _numbers(file: str, shape: tuple[int, ...]) -> np.ndarray:
    """The bytes of one file, whose header has to tell their ``shape``."""
    path = packed(file)
    try:
        content = lzma.decompress(path.read_bytes())
        begin = header(shape)
        if not content.startswith(begin):
            raise ValueError("another header")
        return np.frombuffer(content, np.uint8, offset=len(begin)).reshape(shape).copy()
    except (OSError, ValueError, lzma.LZMAError):
        raise DataError(f"{path} is missing or damaged: install the Autoencoder Explorer again.") from None


def header(shape: tuple[int, ...]) -> bytes:
    """Of an IDX file of bytes: two zeros, the type, the number of axes, then the size of each."""
    return struct.pack(f">{1 + len(shape)}I", UNSIGNED_BYTES + len(shape), *shape)
