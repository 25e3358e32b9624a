"""Tables of scikit-learn with outliers put into them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn import datasets

SHARE = 0.05
#: How far off, in deviations of the column.
FAR = 4.0
TABLES = {
    "wine": datasets.load_wine, "breast cancer": datasets.load_breast_cancer, "iris": datasets.load_iris,
    "diabetes": datasets.load_diabetes,
}  # fmt: skip
KINDS = ("far off", "swapped")


@dataclass(frozen=True)
class Planted:
    """``outliers``: of each planted row (by its place) the columns that were changed."""

    frame: pd.DataFrame
    outliers: dict[int, tuple[str, ...]]


def plant(table: str, kind: str, seed: int) -> Planted:
    """5 % of the rows with one column moved by 4 deviations, or with the standard scores of two columns exchanged."""
    frame = TABLES[table](as_frame=True).data.astype(float)
    random = np.random.default_rng(seed)
    centre, deviation = frame.mean(), frame.std(ddof=0)
    scores = ((frame - centre) / deviation).to_numpy(copy=True)
    outliers = {}
    for row in random.choice(len(frame), max(2, round(SHARE * len(frame))), replace=False).tolist():
        if kind == "far off":
            column = int(random.integers(scores.shape[1]))
            scores[row, column] += FAR * random.choice([-1, 1])
            changed = (column,)
        else:  # the two that differ most of some, so that there is something to find
            pairs = [random.choice(scores.shape[1], 2, replace=False) for _ in range(5)]
            changed = tuple(max(pairs, key=lambda pair: abs(scores[row, pair[0]] - scores[row, pair[1]])).tolist())
            scores[row, changed] = scores[row, changed[::-1]]
        outliers[row] = tuple(frame.columns[list(changed)])
    return Planted(pd.DataFrame(scores, columns=frame.columns) * deviation + centre, outliers)
