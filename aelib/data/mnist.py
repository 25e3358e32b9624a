"""MNIST and its relatives through torchvision, which is imported only here and only when asked for.

`AELIB_DATA` names the folder that holds or receives the files, in torchvision's layout; without it
they go to the user's cache folder.
"""

import os
from collections.abc import Callable
from pathlib import Path

import platformdirs
import torch

from aelib.data.dataset import Dataset, Split
from aelib.errors import DataError

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


def data_root() -> Path:
    """Where the files are looked for and downloaded to."""
    return Path(os.environ.get("AELIB_DATA") or platformdirs.user_cache_path("aelib") / "data")


def class_names(name: str) -> tuple[str, ...]:
    """What the labels of one member of the family mean."""
    return FAMILY[name][1]


def finder(name: str) -> Callable[[], bool]:
    """A function that tells whether the files of one member of the family are here."""
    return lambda: all((data_root() / FAMILY[name][0] / "raw" / file).is_file() for file in FILES)


def loader(name: str) -> Callable[[Callable[[float, str], None]], Dataset]:
    """A function that loads one member of the family."""
    return lambda progress: _load(name, progress)


def _load(name: str, progress: Callable[[float, str], None]) -> Dataset:
    try:
        from torchvision import datasets
    except Exception as error:  # a mismatched build fails with RuntimeError, not ImportError
        raise DataError(
            f"{name} needs torchvision, which does not load here ({error}). Install the torchvision that belongs "
            "to your torch, or choose digits, shapes or swiss_roll."
        ) from None
    kind, classes = FAMILY[name]
    source = getattr(datasets, kind)
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
        reason = " ".join(str(error).split())  # torchvision's own runs over several lines
        raise DataError(
            f"{name} is not in {root} and cannot be downloaded ({reason}). Connect to a network, or set AELIB_DATA "
            "to a folder that holds the files in torchvision's layout."
        ) from None
    return Split(found.data.unsqueeze(1).float() / 255, torch.as_tensor(found.targets).long())  # type: ignore[attr-defined]
