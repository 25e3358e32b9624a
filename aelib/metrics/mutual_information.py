"""The mutual information gap: whether each factor is known from one unit of the code, and from no other."""

import torch
from torch import Tensor

from aelib.metrics.factors import BINS, codes_and_labels, discretise


def mutual_information(codes: Tensor, factors: Tensor, bins: int = BINS) -> Tensor:
    """I(h_j; v_k) = H(h_j) + H(v_k) − H(h_j, v_k) in nats: float64 (units, factors).

    ``codes``: (n, units). ``factors``: (n, factors), integers or real values; all that is real is
    sorted into equal-width bins (`discretise`). Frequencies stand for probabilities, which
    overestimates by about (a − 1)(b − 1) / 2n for a and b values (Miller 1955): 0.02 nats for 20 bins, 10
    values and 5,000 examples.

    Raises `DataError` when lengths differ, a value is not finite, or a factor has one value only;
    `ConfigError` for fewer than 2 bins.
    """
    values, labels = codes_and_labels(codes, factors, bins)
    units = discretise(values, bins).unbind(1)
    return torch.stack([_information(unit, labels) for unit in units])


def mutual_information_gap(codes: Tensor, factors: Tensor, bins: int = BINS) -> float:
    """MIG = 1/K Σ_k (I(h_(1); v_k) − I(h_(2); v_k)) / H(v_k), with the two units that tell most of factor k.

    From 0 to 1; 1 when one unit determines each factor and the others tell nothing of it (Chen et al.
    2018). A code of one unit has no second, which counts as 0. Arguments and errors as for `mutual_information`.
    """
    _, labels = codes_and_labels(codes, factors, bins)
    information = mutual_information(codes, factors, bins)
    best = torch.cat([information, torch.zeros_like(information[:1])]).topk(2, dim=0).values
    entropy = torch.stack([_entropy(factor) for factor in labels.unbind(1)])
    return float(((best[0] - best[1]) / entropy).mean())


def _information(unit: Tensor, labels: Tensor) -> Tensor:
    """I(unit; factor) for each column of ``labels``; never below 0 for rounding."""
    alone = _entropy(unit)
    found = [alone + _entropy(v) - _entropy(unit * (v.max() + 1) + v) for v in labels.unbind(1)]
    return torch.stack(found).clamp(min=0)


def _entropy(labels: Tensor) -> Tensor:
    """−Σ p log p in nats, with frequencies for probabilities."""
    share = labels.bincount().double() / len(labels)
    return -torch.xlogy(share, share).sum()
