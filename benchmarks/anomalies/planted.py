"""Tables of scikit-learn with outliers put into them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn import datasets

SHARE = 0.05
#: How far off, in deviations of the column.
FAR = 4.0
#: Rows that a value is copied from: the share of them that are farthest in that column.
FARTHEST = 0.1
TABLES = {"iris": datasets.load_iris, "wine": datasets.load_wine, "breast cancer": datasets.load_breast_cancer}
KINDS = ("far off", "swapped")


@dataclass(frozen=True)
class Planted:
    """``outliers``: of each planted row (by its place) the column that was changed."""

    frame: pd.DataFrame
    outliers: dict[int, str]


def plant(table: str, kind: str, seed: int) -> Planted:
    """A table in which one column of 5 % of the rows was changed, both chosen at random.

    "far off": moved outwards by 4 deviations, so that it leaves the column's range. "swapped": the value of another
    row, one of the tenth that are farthest in that column; it stays in the range, and only the other columns tell.
    """
    frame = TABLES[table](as_frame=True).data.astype(float)
    random = np.random.default_rng(seed)
    centre, deviation = frame.mean(), frame.std(ddof=0)
    usual = ((frame - centre) / deviation).to_numpy()
    scores, outliers = usual.copy(), {}
    for row in random.choice(len(frame), max(2, round(SHARE * len(frame))), replace=False).tolist():
        column = int(random.integers(usual.shape[1]))
        if kind == "far off":
            scores[row, column] += FAR * (1 if usual[row, column] > 0 else -1)
        else:
            farthest = np.argsort(-np.abs(usual[:, column] - usual[row, column]))
            scores[row, column] = usual[random.choice(farthest[: max(1, round(FARTHEST * len(frame)))]), column]
        outliers[row] = str(frame.columns[column])
    return Planted(pd.DataFrame(scores, columns=frame.columns) * deviation + centre, outliers)
