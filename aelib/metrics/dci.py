"""Disentanglement, completeness and informativeness (DCI; Eastwood & Williams 2018)."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from aelib.errors import DataError
from aelib.metrics.arrays import rows
from aelib.metrics.factors import BINS, at_least_two, codes_and_labels

TREES = 50
#: Share of the examples that a leaf must hold. Smaller leaves fit noise, and so give importance to units that
#: tell nothing; a fifth of a bin of real values is fine enough.
LEAF = 0.01


@dataclass(frozen=True)
class DCI:
    """``disentanglement``, ``completeness``, ``informativeness``: each from 0 to 1, more is better.
    ``importance``: (units, factors), how much each unit helps to predict each factor; columns sum to 1, or
    to 0 where no unit helps."""

    disentanglement: float
    completeness: float
    informativeness: float
    importance: Tensor


def dci(codes: Tensor, factors: Tensor, seed: int, bins: int = BINS) -> DCI:
    """The three scores of codes (n, units) and factors (n, factors), the latter as integers or real values.

    Importance R_jk is the mean decrease of Gini impurity by unit j in a random forest that predicts
    factor k from the code (real-valued factors are sorted into equal-width bins). From it follow
    D = Σ_j ρ_j D_j with ρ_j = Σ_k R_jk / Σ_jk R_jk (`disentanglement`), and C, the mean over factors of
    `completeness`. Informativeness is the accuracy of the forests on examples out of their bags,
    averaged over factors. ``seed`` drives the forests, whose time grows with the number of units: 5 factors of
    5,000 examples take 3 seconds on one core for 5 units.

    Raises `DataError` for fewer than 2 units or 2 factors, when lengths differ, a value is not finite,
    or a factor has one value only.
    """
    values, labels = codes_and_labels(codes, factors, bins)
    at_least_two("units", values.shape[1])
    at_least_two("factors", labels.shape[1])
    columns, accuracies = [], []
    for factor in labels.unbind(1):
        column, accuracy = _forest(values, factor, seed)
        columns.append(column)
        accuracies.append(accuracy)
    importance = torch.stack(columns, dim=1)
    # Columns sum to 1, so the row sums are ρ up to a factor; all are 0 when no unit helps.
    weight = importance.sum(1)
    total = float(weight.sum())
    weighted = float((weight * disentanglement(importance)).sum())
    return DCI(
        disentanglement=weighted / total if total else 0.0,
        completeness=float(completeness(importance).mean()),
        informativeness=sum(accuracies) / len(accuracies),
        importance=importance,
    )


def disentanglement(importance: Tensor) -> Tensor:
    """D_j = 1 − H_K(P_j) of each unit, with P_jk = R_jk / Σ_k R_jk and entropy to base K, the number of factors.

    ``importance`` R: (units, factors), not negative. float64 (units,): 1 for a unit that serves one
    factor, 0 for one that serves all alike or none.

    Raises `DataError` for fewer than 2 factors and for importances that are negative or not finite.
    """
    return _concentration(importance, "factors")


def completeness(importance: Tensor) -> Tensor:
    """C_k = 1 − H_M(P_k) of each factor, with P_jk = R_jk / Σ_j R_jk and entropy to base M, the number of units.

    ``importance`` R: (units, factors), not negative. float64 (factors,): 1 for a factor that one unit
    tells, 0 for one that all tell alike or none does.

    Raises `DataError` for fewer than 2 units and for importances that are negative or not finite.
    """
    return _concentration(importance.T, "units")


def _concentration(importance: Tensor, across: str) -> Tensor:
    """1 − entropy of each row as shares, to the base of its length; 0 for a row of zeros."""
    r = rows(importance, "importances")
    at_least_two(across, r.shape[1])
    if (r < 0).any():
        raise DataError(f"Importances must not be negative (got {float(r.min()):g}): use magnitudes.")
    total = r.sum(1)
    share = r / torch.where(total > 0, total, 1).unsqueeze(1)
    entropy = -torch.xlogy(share, share).sum(1)
    return torch.where(total > 0, 1 - entropy / math.log(r.shape[1]), 0)


def _forest(codes: Tensor, labels: Tensor, seed: int) -> tuple[Tensor, float]:
    """The importance of each unit for a factor, and the accuracy out of bag."""
    from sklearn.ensemble import RandomForestClassifier

    # Every split may use any unit: a choice among few would force the useless ones into the trees.
    forest = RandomForestClassifier(
        TREES, min_samples_leaf=LEAF, max_features=None, oob_score=True, random_state=seed
    ).fit(codes.numpy(), labels.numpy())
    return torch.from_numpy(forest.feature_importances_), float(forest.oob_score_)
