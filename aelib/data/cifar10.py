"""CIFAR-10 (Krizhevsky 2009): its binary version. torchvision reads the one for Python, which is a pickle."""

import tarfile
from pathlib import Path

import numpy as np
import torch

from aelib.data.dataset import Dataset, Split
from aelib.data.download import RemoteFile
from aelib.errors import DataError
from aelib.progress import Progress

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
#: The checksum is that on the page of its author, https://www.cs.toronto.edu/~kriz/cifar.html.
ARCHIVE = RemoteFile(
    "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
    "cifar-10-binary.tar.gz",
    170_052_171,
    "c32a1d4ab5d03f1284b67883e8d87530",
)
TRAIN = tuple(f"data_batch_{k}.bin" for k in range(1, 6))
TEST = ("test_batch.bin",)
SHAPE = (3, 32, 32)
#: Pictures in each file.
COUNT = 10_000
#: Bytes of one: its class, then its pixels in the order of `SHAPE`.
RECORD = 1 + 3 * 32 * 32


def is_here() -> bool:
    """Whether it can be loaded without a download."""
    return ARCHIVE.is_here


def load(progress: Progress) -> Dataset:
    """50,000 training and 10,000 held-out photographs.

    The archive is read as it is, nothing is unpacked. `DataError` when it is damaged or cannot be had.
    """
    path = ARCHIVE.fetch("cifar10", lambda share, text: progress(0.8 * share, text))
    progress(0.8, "Reading cifar10")
    files = _read(path, {*TRAIN, *TEST})
    train, test = (np.concatenate([files[name] for name in names]) for names in (TRAIN, TEST))
    progress(1.0, "cifar10 is ready")
    return Dataset("cifar10", _split(train), _split(test), classes=CLASSES)


def _read(path: Path, wanted: set[str]) -> dict[str, np.ndarray]:
    """The records, (`COUNT`, `RECORD`), of the files of those names in an archive, whatever folder they lie in."""
    found = {}
    try:
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                name = member.name.rpartition("/")[2]
                if name in wanted and member.isfile() and member.size == COUNT * RECORD:
                    content = archive.extractfile(member)
                    assert content is not None  # of a regular file
                    found[name] = np.frombuffer(content.read(), np.uint8).reshape(COUNT, RECORD)
    except (OSError, EOFError, ValueError, tarfile.TarError) as error:
        raise DataError(f"{path} cannot be read ({error}). Delete this file, so that it is downloaded again.") from None
    if missing := sorted(wanted - set(found)):
        raise DataError(f"{path} lacks {missing[0]}. Delete this file, so that it is downloaded again.")
    return found


def _split(records: np.ndarray) -> Split:
    labels = torch.from_numpy(records[:, 0].astype(np.int64))
    return Split(torch.from_numpy(records[:, 1:].reshape(-1, *SHAPE)), labels)
