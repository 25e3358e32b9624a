"""Planted outliers in tables of scikit-learn: whether a model ranks them first, and blames the right column."""

from collections import defaultdict
from statistics import mean

import torch

from aelib import Dataset, Denoising, Vanilla
from aelib.anomalies import WorstRow
from aelib.data import TableOptions
from aelib.metrics.anomaly import roc_auc
from benchmarks.figure import Figure
from benchmarks.row_anomalies.detectors import RIVALS, rank, score
from benchmarks.row_anomalies.planted import KINDS, TABLES, Planted, plant

#: Where pyod is no better, on three tables, when it is installed.
TARGETED = ("wine", "breast cancer", "iris")
RIVAL = "pyod's AutoEncoder"
MODELS = {"vanilla": Vanilla(), "denoising": Denoising(corruption="masking", level=0.3)}


def run(quick: bool) -> list[Figure]:
    """Mean areas under the ROC curve over seeds, of all rows of a table that is learned with its outliers in it."""
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
            areas[model].append(roc_auc(torch.tensor([row.error for row in rows]), flags))
            named[model].append(_named_first(rows, planted))
        flags = torch.tensor([row - 1 in planted.outliers for row in data.table.rows])
        for rival in RIVALS:
            areas[rival].append(roc_auc(score(rival, data, seed), flags))
    note = f"{len(planted.frame)} rows, {len(planted.outliers)} planted, {len(seeds)} seeds"
    target = ("≥", mean(areas[RIVAL])) if RIVAL in areas and table in TARGETED else None
    return [
        *(
            Figure(
                f"{table}, {kind}: AUC of {name}", mean(found), "", target if name in MODELS else None,
                f"{min(found):.3f} to {max(found):.3f}; {note}",
            )
            for name, found in areas.items()
        ),
        *(
            Figure(f"{table}, {kind}: {model} blames a planted column first", mean(found), "", None, note)
            for model, found in named.items()
        ),
    ]  # fmt: skip


def _named_first(rows: list[WorstRow], planted: Planted) -> float:
    """The share of planted rows whose first column to blame is one that was changed."""
    strange = [row for row in rows if row.row - 1 in planted.outliers]
    return mean(row.to_blame[0].column in planted.outliers[row.row - 1] for row in strange)
