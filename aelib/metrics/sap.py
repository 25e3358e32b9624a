"""The separated attribute predictability score (SAP; Kumar et al. 2018)."""

import torch
from torch import Tensor

from aelib.metrics.factors import codes_and_labels


def predictability(codes: Tensor, factors: Tensor) -> Tensor:
    """S_jk: how well factor k is predicted from unit j alone, from 0 to 1: float64 (units, factors).

    A real-valued factor is predicted by linear regression, and S is the share of its variance that
    this explains, the squared correlation. An integer factor is a category and predicted by thresholds
    on the unit, one fewer than it has values, fitted greedily (a decision tree); S is the balanced
    accuracy, the mean over values of the share predicted right, on the same examples. Its chance level is
    1 over the number of values; with this few thresholds there is little to overfit.

    ``codes``: (n, units). ``factors``: (n, factors).
    Raises `DataError` when lengths differ, a value is not finite, or a factor has one value only.
    """
    values, labels = codes_and_labels(codes, factors)
    if factors.is_floating_point():
        return _squared_correlation(values, factors.detach().cpu().double().flatten(1))
    columns = [[_balanced_accuracy(unit, factor) for factor in labels.unbind(1)] for unit in values.unbind(1)]
    return torch.tensor(columns, dtype=torch.float64)


def sap(codes: Tensor, factors: Tensor) -> float:
    """SAP = 1/K Σ_k (S_(1)k − S_(2)k): the gap between the two units that predict factor k best (Kumar et al. 2018).

    From 0 to 1 for real-valued factors; for an integer factor of m values to 1 − 1/m, as the second
    unit is right by chance. A code of one unit has no second, which counts as 0. Arguments and errors
    as for `predictability`.
    """
    score = predictability(codes, factors)
    best = torch.cat([score, torch.zeros_like(score[:1])]).topk(2, dim=0).values
    return float((best[0] - best[1]).mean())


def _squared_correlation(codes: Tensor, factors: Tensor) -> Tensor:
    """0 for a unit that is constant, which predicts nothing."""
    moves = codes.amax(0) > codes.amin(0)
    units, causes = codes - codes.mean(0), factors - factors.mean(0)
    covariance = units.T @ causes
    scale = torch.outer(torch.where(moves, units.square().sum(0), 1), causes.square().sum(0))
    return torch.where(moves.unsqueeze(1), covariance.square() / scale, 0).clamp(max=1)


def _balanced_accuracy(unit: Tensor, labels: Tensor) -> float:
    from sklearn.tree import DecisionTreeClassifier

    values = int(labels.max()) + 1
    # Balanced weights make every value of the factor count the same, however rare. With one column the seed
    # decides nothing, but without it scikit-learn would ask the global generator.
    tree = DecisionTreeClassifier(max_leaf_nodes=values, class_weight="balanced", random_state=0)
    x, y = unit.unsqueeze(1).numpy(), labels.numpy()
    right = torch.from_numpy(tree.fit(x, y).predict(x) == y).double()
    counts = labels.bincount(minlength=values)
    return float((labels.bincount(right, minlength=values) / counts).mean())
