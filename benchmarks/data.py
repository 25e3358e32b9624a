"""The data that benchmarks train on: MNIST where it lies on this machine, else noise of the same shape."""

import os
from pathlib import Path

import torch

from aelib import load_dataset
from aelib.data import Dataset
from aelib.data.dataset import Split
from aelib.randomness import generator

ROOT = Path(__file__).resolve().parents[1]


def find_mnist() -> bool:
    """Whether MNIST is here (nothing is downloaded); `AELIB_DATA` then names its folder, for child processes too."""
    candidates = [os.environ.get("AELIB_DATA"), ROOT.parent / "shared" / "data"]
    for folder in candidates:
        if folder and (Path(folder) / "MNIST" / "raw" / "train-images-idx3-ubyte").is_file():
            os.environ["AELIB_DATA"] = str(folder)
            return True
    return False


def mnist_or_noise() -> tuple[Dataset, str]:
    """60,000 images of 28×28, and what they are."""
    if find_mnist():
        return load_dataset("mnist"), "MNIST"
    random = generator(0, "benchmark")

    def noise(n: int) -> Split:
        return Split(torch.rand(n, 1, 28, 28, generator=random), torch.randint(10, (n,), generator=random))

    title = "random numbers in the shape of MNIST"
    return Dataset("noise", noise(60_000), noise(10_000), classes=tuple("0123456789")), title
