"""Tables of measurements embedded in scikit-learn, each row of a known class.

Iris (Fisher 1936), wine (Aeberhard & Forina 1991, UCI) and breast cancer (Wolberg et al. 1993, UCI).
"""

from collections.abc import Callable

import torch

from aelib.data.dataset import Dataset, Split, split_at_random
from aelib.progress import Progress

#: Classes by data set, in the order of scikit-learn's labels.
CLASSES: dict[str, tuple[str, ...]] = {
    "iris": ("setosa", "versicolor", "virginica"),
    "wine": ("cultivar 1", "cultivar 2", "cultivar 3"),
    "breast_cancer": ("malignant", "benign"),
}
#: The share of held-out rows.
HELD_OUT = 0.25


def loader(name: str) -> Callable[[Progress], Dataset]:
    """A function that loads one of `CLASSES`."""
    return lambda progress: _load(name)


def _load(name: str) -> Dataset:
    """Rows with columns of mean 0 and deviation 1 over the training rows; a quarter of the rows is held out."""
    from sklearn import datasets

    bunch = getattr(datasets, f"load_{name}")()
    x, y = torch.from_numpy(bunch.data), torch.from_numpy(bunch.target).long()
    train, test = split_at_random(x, y, round(HELD_OUT * len(x)))
    mean, deviation = train.x.mean(0), train.x.std(0, correction=0)
    train, test = (Split(((split.x - mean) / deviation).float(), split.y) for split in (train, test))
    return Dataset(name, train, test, classes=CLASSES[name])
