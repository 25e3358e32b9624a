"""Street View House Numbers, cropped digits (Netzer et al. 2011), in torchvision's layout."""

from pathlib import Path

import numpy as np
import torch

from aelib.data.dataset import Dataset, Split
from aelib.data.download import RemoteFile
from aelib.data.mnist import DIGITS
from aelib.errors import DataError
from aelib.progress import Progress

#: The checksums are torchvision's, as the page of the data has none.
TRAIN = RemoteFile(
    "http://ufldl.stanford.edu/housenumbers/train_32x32.mat",
    "train_32x32.mat",
    182_040_794,
    "e26dedcc434d2e4c54c9b2d4a06d8373",
)
TEST = RemoteFile(
    "http://ufldl.stanford.edu/housenumbers/test_32x32.mat",
    "test_32x32.mat",
    64_275_384,
    "eb5a983be6a315427106f1b164d9cef3",
)


def is_here() -> bool:
    """Whether it can be loaded without a download."""
    return TRAIN.is_here and TEST.is_here


def load(progress: Progress) -> Dataset:
    """73,257 training and 26,032 held-out digits from photographs of house numbers.

    `DataError` when a file is damaged or cannot be had.
    """
    train = TRAIN.fetch("svhn", lambda share, text: progress(0.6 * share, text))
    test = TEST.fetch("svhn", lambda share, text: progress(0.6 + 0.2 * share, text))
    progress(0.8, "Reading svhn")
    data = Dataset("svhn", _read(train), _read(test), classes=DIGITS)
    progress(1.0, "svhn is ready")
    return data


def _read(path: Path) -> Split:
    from scipy.io import loadmat

    try:
        found = loadmat(path, variable_names=("X", "y"))
        pixels, labels = found["X"], found["y"].reshape(-1)
    except Exception as error:  # of many kinds, for what is no such file
        raise DataError(f"{path} cannot be read ({error}). Delete this file, so that it is downloaded again.") from None
    x = np.ascontiguousarray(pixels.transpose(3, 2, 0, 1))  # (height, width, channels, n) there
    return Split(torch.from_numpy(x), torch.from_numpy(labels.astype(np.int64) % 10))  # 10 stands for the digit 0
