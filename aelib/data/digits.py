"""Handwritten digits, 8×8, embedded in scikit-learn (Alpaydin & Kaynak 1998, UCI repository)."""

import torch

from aelib.data.dataset import Dataset, split_at_random
from aelib.progress import Progress

HELD_OUT = 500
CLASSES = tuple("0123456789")


def load(progress: Progress) -> Dataset:
    """1,297 training and 500 held-out images; grey levels 0…16 scaled to [0, 1]."""
    from sklearn.datasets import load_digits

    bunch = load_digits()
    x = torch.from_numpy(bunch.images).float().unsqueeze(1) / 16
    train, test = split_at_random(x, torch.from_numpy(bunch.target).long(), HELD_OUT)
    return Dataset("digits", train, test, classes=CLASSES)
