"""Bounds on the evidence log p(x) of a variational model, and which units of its code carry information.

A log-weight is log p(x, z) − log q(z | x) of one z drawn from q(z | x), in nats: k draws for each of n
examples are log-weights of shape (k, n). Gradients flow through all three functions of them.
"""

import math

import torch
from torch import Tensor

from aelib.errors import DataError

#: Nats. A convention of this project: Burda et al. (2016) have the same number, but of the variance of
#: the posterior mean over the data.
COLLAPSED_BELOW = 0.01


def evidence_lower_bound(log_weights: Tensor) -> Tensor:
    """Mean over the draws: E_q[log p(x, z) − log q(z | x)] ≤ log p(x) (Kingma & Welling 2014).

    (k, n) ↦ (n,), nats. Raises `DataError` on another shape or values that are not finite.
    """
    return _checked(log_weights).mean(0)


def importance_weighted_bound(log_weights: Tensor) -> Tensor:
    """log (1/k) Σ_i w_i: rises in expectation with k, from the evidence lower bound to log p(x) (Burda et al. 2016).

    (k, n) ↦ (n,), nats. Raises `DataError` on another shape or values that are not finite.
    """
    return _checked(log_weights).logsumexp(0) - math.log(len(log_weights))


def effective_sample_size(log_weights: Tensor) -> Tensor:
    """(Σ_i w_i)² / Σ_i w_i², from 1 (one draw has all the weight) to k (q is the posterior) (Kong 1992).

    (k, n) ↦ (n,), draws. Raises `DataError` on another shape or values that are not finite.
    """
    weights = _checked(log_weights)
    return torch.exp(2 * weights.logsumexp(0) - (2 * weights).logsumexp(0))


def active_units(unit_kl: Tensor, threshold: float = COLLAPSED_BELOW) -> Tensor:
    """Which units of the code carry information: mean KL(q(z_j | x) ‖ p(z_j)) ≥ ``threshold`` nats.

    ``unit_kl``: (n, units), or (units,) where it is a mean already. Returns bool (units,). Raises
    `DataError` when there are no values or some are not finite.
    """
    if not unit_kl.numel() or unit_kl.ndim not in (1, 2) or not torch.isfinite(unit_kl).all():
        raise DataError(
            f"KL must be finite numbers of shape (n, units) or (units,) (got {_described(unit_kl)}): "
            "pass the KL of each unit to the prior."
        )
    return unit_kl.reshape(-1, unit_kl.shape[-1]).mean(0) >= threshold


def collapsed_units(unit_kl: Tensor, threshold: float = COLLAPSED_BELOW) -> Tensor:
    """The units that are not active: their posterior is the prior whatever x is. As `active_units`."""
    return ~active_units(unit_kl, threshold)


def _checked(log_weights: Tensor) -> Tensor:
    if log_weights.ndim != 2 or not len(log_weights) or not torch.isfinite(log_weights).all():
        raise DataError(
            f"Log-weights must be finite numbers of shape (draws, examples) (got {_described(log_weights)}): "
            "pass one row for each draw."
        )
    return log_weights


def _described(x: Tensor) -> str:
    bad = int((~torch.isfinite(x)).sum())
    return f"shape {tuple(x.shape)}" + (f" with {bad} values that are not finite" if bad else "")
