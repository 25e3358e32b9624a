"""Points on a rolled-up plane (Tenenbaum et al. 2000), as scikit-learn makes them."""

from collections.abc import Callable

import torch

from aelib.data.dataset import Dataset, split_at_random

POINTS, HELD_OUT = 3000, 1000
#: scikit-learn's roll spans about ±14; a tenth of that suits networks and squared errors alike.
SCALE = 0.1


def load(progress: Callable[[float, str], None]) -> Dataset:
    """2,000 training and 1,000 held-out points in space; ``y`` is the position along the roll, in radians."""
    from sklearn.datasets import make_swiss_roll

    points, position = make_swiss_roll(POINTS, noise=0.2, random_state=0)
    x = torch.from_numpy(points).float() * SCALE
    train, test = split_at_random(x - x.mean(0), torch.from_numpy(position).float(), HELD_OUT)
    return Dataset("swiss_roll", train, test)
