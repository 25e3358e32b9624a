"""Tables of measurements embedded in scikit-learn, each row of a known class.

Iris (Fisher 1936), wine (Aeberhard & Forina 1991, UCI) and breast cancer (Wolberg et al. 1993, UCI).
"""

from collections.abc import Callable

import torch

from aelib.data.dataset import Dataset, Split, split_at_random
from aelib.data.table.schema import Numeric, TableSchema
from aelib.progress import Progress

#: Classes by data set, in the order of scikit-learn's labels.
CLASSES: dict[str, tuple[str, ...]] = {
    "iris": ("setosa", "versicolor", "virginica"),
    "wine": ("cultivar 1", "cultivar 2", "cultivar 3"),
    "breast_cancer": ("malignant", "benign"),
}
#: What the classes are of.
LABELS = {"iris": "species", "wine": "cultivar", "breast_cancer": "diagnosis"}
#: The share of held-out rows.
HELD_OUT = 0.25


def loader(name: str) -> Callable[[Progress], Dataset]:
    """A function that loads one of `CLASSES`."""
    return lambda progress: _load(name)


def _load(name: str) -> Dataset:
    """Rows with columns of mean 0 and deviation 1 over the training rows; a quarter of the rows is held out.

    ``table`` has scikit-learn's names of the columns, their units, and the numbers of the rows.
    """
    from sklearn import datasets

    bunch = getattr(datasets, f"load_{name}")()
    numbers, target = torch.arange(len(bunch.data)), torch.from_numpy(bunch.target).long()
    train, test = split_at_random(numbers[:, None], target, round(HELD_OUT * len(numbers)))
    of_train, of_test = (split.x.flatten().long() for split in (train, test))
    values = bunch.data[of_train.numpy()]
    features = [Numeric.of(str(column), part) for column, part in zip(bunch.feature_names, values.T, strict=True)]
    table = TableSchema(
        scaling="standardise",
        features=tuple(features),
        label=LABELS[name],
        rows=tuple((torch.cat([of_train, of_test]) + 1).tolist()),
    )
    columns = dict(zip(table.places, bunch.data.T, strict=True))
    train, test = (
        Split(table.encode({column: part[which.numpy()] for column, part in columns.items()}), split.y)
        for which, split in ((of_train, train), (of_test, test))
    )
    return Dataset(name, train, test, classes=CLASSES[name], table=table)
