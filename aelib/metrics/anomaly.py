"""Anomaly detection: how well a score, such as the reconstruction error, ranks anomalies first."""

from typing import NamedTuple

import torch
from torch import Tensor

from aelib.errors import DataError


class RocCurve(NamedTuple):
    """Points of a receiver operating characteristic, float64, from (0, 0) at threshold ∞ to (1, 1)."""

    false_positive_rate: Tensor
    true_positive_rate: Tensor
    thresholds: Tensor


def roc_curve(scores: Tensor, is_anomaly: Tensor) -> RocCurve:
    """Rates at which normal examples (false) and anomalies (true) reach each threshold (Fawcett 2006).

    ``scores``: (n,), higher is more anomalous. ``is_anomaly``: (n,), bool. An example is called an
    anomaly when its score ≥ threshold; there is one threshold for each distinct score, falling.
    Raises `DataError` when lengths differ, scores are not finite or only one class is present.
    """
    false, true, thresholds = _counts(scores, is_anomaly)
    return RocCurve(false / false[-1], true / true[-1], thresholds)


def roc_auc(scores: Tensor, is_anomaly: Tensor) -> float:
    """Area under the curve: P(s⁺ > s⁻) + ½ P(s⁺ = s⁻) of an anomaly s⁺ and a normal s⁻ (Hanley & McNeil 1982).

    1: every anomaly above every normal example; 0.5: no better than chance. Arguments and errors are
    those of `roc_curve`.
    """
    false, true, _ = _counts(scores, is_anomaly)
    return float(torch.trapezoid(true, false) / (true[-1] * false[-1]))


def _counts(scores: Tensor, is_anomaly: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """How many normal examples and anomalies reach each threshold, and the thresholds; whole numbers as float64."""
    if scores.ndim != 1 or scores.shape != is_anomaly.shape:
        raise DataError(
            f"Scores of shape {tuple(scores.shape)} and flags of shape {tuple(is_anomaly.shape)} do not match: "
            "pass one of each per example."
        )
    if is_anomaly.dtype != torch.bool:
        raise DataError(f"Flags of anomalies must be booleans (got {is_anomaly.dtype}): compare labels first.")
    if not torch.isfinite(scores).all():
        bad = int((~torch.isfinite(scores)).sum())
        raise DataError(f"Scores must be finite numbers (got {bad} of {len(scores)} that are not): leave those out.")
    anomalies = int(is_anomaly.sum())
    if not 0 < anomalies < len(scores):
        raise DataError(
            f"Both anomalies and normal examples are needed (got {anomalies} anomalies among {len(scores)} examples)."
        )
    falling, order = scores.detach().double().sort(descending=True)
    last = falling.diff(append=falling.new_tensor([-torch.inf])) != 0  # of each run of equal scores
    true = is_anomaly[order].double().cumsum(0)
    called = torch.arange(1, len(scores) + 1, dtype=torch.float64, device=scores.device)
    nothing, everything = falling.new_zeros(1), falling.new_tensor([torch.inf])
    return (
        torch.cat([nothing, (called - true)[last]]),
        torch.cat([nothing, true[last]]),
        torch.cat([everything, falling[last]]),
    )
