"""Points in space and in the plane, as scikit-learn makes them: curved surfaces, and classes that no line separates."""

import numpy as np
import torch

from aelib.data.dataset import Dataset, split_at_random
from aelib.progress import Progress

POINTS, HELD_OUT = 3000, 1000
#: scikit-learn's roll spans about ±14; a tenth of that suits networks and squared errors alike.
SCALE = 0.1
MOONS, CIRCLES = ("upper", "lower"), ("outer", "inner")


def load_swiss_roll(progress: Progress) -> Dataset:
    """2,000 training and 1,000 held-out points in space; ``y`` is the position along the roll, in radians.

    A rolled-up plane (Tenenbaum et al. 2000).
    """
    from sklearn.datasets import make_swiss_roll

    points, position = make_swiss_roll(POINTS, noise=0.2, random_state=0)
    return _centred("swiss_roll", points * SCALE, position)


def load_s_curve(progress: Progress) -> Dataset:
    """2,000 training and 1,000 held-out points in space, on a plane bent to an S; ``y`` is the position along it."""
    from sklearn.datasets import make_s_curve

    points, position = make_s_curve(POINTS, noise=0.05, random_state=0)
    return _centred("s_curve", points, position)


def load_moons(progress: Progress) -> Dataset:
    """2,000 training and 1,000 held-out points in the plane, on two interleaving half circles, the classes."""
    from sklearn.datasets import make_moons

    points, moon = make_moons(POINTS, noise=0.06, random_state=0)
    return _centred("moons", points, moon, MOONS)


def load_circles(progress: Progress) -> Dataset:
    """2,000 training and 1,000 held-out points in the plane, on a circle and one of half its radius, the classes."""
    from sklearn.datasets import make_circles

    points, circle = make_circles(POINTS, noise=0.04, factor=0.5, random_state=0)
    return _centred("circles", points, circle, CIRCLES)


def _centred(name: str, points: np.ndarray, y: np.ndarray, classes: tuple[str, ...] = ()) -> Dataset:
    """Points around 0, split at random; labels are classes, or positions where there are none."""
    x = torch.from_numpy(points).float()
    known = torch.from_numpy(y)
    train, test = split_at_random(x - x.mean(0), known.long() if classes else known.float(), HELD_OUT)
    return Dataset(name, train, test, classes=classes)
