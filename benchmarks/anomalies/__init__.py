"""Planted outliers in tables of scikit-learn: whether a model ranks them first, and blames the right column."""

from collections import defaultdict
from statistics import mean

import torch

from aelib import Dataset, Denoising, Vanilla
from aelib.anomalies import WorstRow
from aelib.data import TableOptions
from aelib.metrics.anomaly import roc_auc
from benchmarks.anomalies.detectors import NO_PYOD, PYOD, RIVALS, rank, score
from benchmarks.anomalies.planted import KINDS, TABLES, Planted, plant
from benchmarks.figure import Figure

#: A model that sees noisy rows cannot copy strange values; "vanilla" is told for comparison, and so is its plain error.
TARGETED = "denoising"
MODELS = {TARGETED: Denoising(corruption="gaussian", level=0.5), "vanilla": Vanilla()}


def run(quick: bool) -> list[Figure]:
    """Mean areas under the ROC curve over seeds, of all rows of a table that is learned with its outliers in it."""
    if PYOD not in RIVALS:
        print(NO_PYOD)
    seeds = range(1 if quick else 5)
    return [figure for table in TABLES for kind in KINDS for figure in _compare(table, kind, seeds)]


def _compare(table: str, kind: str, seeds: range) -> list[Figure]:
    areas, named = defaultdict(list), defaultdict(list)
    for seed in seeds:
        planted = plant(table, kind, seed)
        data = Dataset.from_table(planted.frame, TableOptions(features=tuple(planted.frame.columns), labels=()))
        for model, objective in MODELS.items():
            rows = rank(data, objective, seed)
            flags = torch.tensor([row.row - 1 in planted.outliers for row in rows])
            areas[model].append(roc_auc(torch.tensor([row.score for row in rows]), flags))
            areas[f"{model}'s squared error"].append(roc_auc(torch.tensor([row.error for row in rows]), flags))
            named[model].append(_named_first(rows, planted))
        flags = torch.tensor([row - 1 in planted.outliers for row in data.table.rows])
        for rival in RIVALS:
            areas[rival].append(roc_auc(score(rival, data, seed), flags))
    note = f"{len(planted.frame)} rows, {len(planted.outliers)} planted, {len(seeds)} seeds"
    target = ("≥", mean(areas[PYOD])) if PYOD in areas else None
    return [
        *(
            Figure(
                f"{table}, {kind}: AUC of {name}", mean(found), "", target if name == TARGETED else None,
                f"{min(found):.3f} to {max(found):.3f}; {note}",
            )
            for name, found in areas.items()
        ),
        *(
            Figure(f"{table}, {kind}: {model} names the column first", mean(found), "", None, note)
            for model, found in named.items()
        ),
    ]  # fmt: skip


def _named_first(rows: list[WorstRow], planted: Planted) -> float:
    """The share of planted rows whose first column to blame is the one that was changed."""
    strange = [row for row in rows if row.row - 1 in planted.outliers]
    return mean(row.to_blame[0].column == planted.outliers[row.row - 1] for row in strange)
