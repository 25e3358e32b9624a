"""How few units of a code are active.

A unit is active on an example when |h| > threshold. ReLU and k-sparse codes have exact zeros, for
which any threshold would do; an L1 penalty with a smooth or no activation leaves small numbers
instead. The scale of a code is arbitrary, as the decoder can undo it, so the default threshold is a
share of the code's own scale (`activity_threshold`). A fixed threshold can be given in its place, to
compare codes on one scale or to see that a whole code has shrunk.

(The "active units" of a variational autoencoder, those whose posterior mean varies with the example,
are another count: Burda et al. 2016.)
"""

import math

from torch import Tensor

from aelib.errors import ConfigError, DataError
from aelib.metrics.arrays import rows

#: Of the code's root mean square. What lies below has less than a hundredth of the mean square, the energy
#: that a unit has on average.
ACTIVE_SHARE = 0.1


def activity_threshold(codes: Tensor) -> float:
    """0.1 · √(1/(n·m) Σ_ij h_ij²) of codes (n, m), in units of the code: the default threshold of this module.

    Scaling all codes by one factor scales it too, and so changes no count. One scale serves all
    units: measured against itself alone, a unit of nothing but rounding noise would look active.
    """
    return ACTIVE_SHARE * float(rows(codes, "codes").square().mean().sqrt())


def active(codes: Tensor, threshold: float | None = None) -> Tensor:
    """|h_ij| > threshold for codes (n, units): bool, same shape. Without a threshold, `activity_threshold`.

    Raises `ConfigError` on a threshold below 0, `DataError` on codes that are empty or not finite.
    """
    values = rows(codes, "codes")
    if threshold is None:
        threshold = activity_threshold(codes)
    if not threshold >= 0:
        raise ConfigError(f"The activity threshold must be 0 or more (got {threshold}).")
    return values.abs() > threshold


def l0(codes: Tensor, threshold: float | None = None) -> float:
    """Mean number of active units per example, from 0 to the number of units. Raises as `active` does."""
    return float(active(codes, threshold).sum()) / len(codes)


def activity_rate(codes: Tensor, threshold: float | None = None) -> Tensor:
    """Share of the examples on which each unit is active: float64 (units,). Raises as `active` does."""
    return active(codes, threshold).double().mean(0)


def dead_units(codes: Tensor, threshold: float | None = None) -> Tensor:
    """Whether each unit is active on none of the examples: bool (units,). Raises as `active` does."""
    return ~active(codes, threshold).any(0)


def dead_share(codes: Tensor, threshold: float | None = None) -> float:
    """Dead units over all units, from 0 to 1. Raises as `active` does."""
    return float(dead_units(codes, threshold).double().mean())


def hoyer(codes: Tensor) -> float:
    """Mean over examples of (√m − ‖h‖₁ / ‖h‖₂) / (√m − 1) for codes of m units (Hoyer 2004).

    0 when all units have the same magnitude, 1 when only one is not zero; needs no threshold. It is
    undefined for a code of zeros only; such examples are left out of the mean.

    Raises `DataError` for a single unit, and when every code is zero.
    """
    values = rows(codes, "codes")
    units = values.shape[1]
    if units < 2:
        raise DataError("Hoyer's sparsity compares the units of a code: it needs at least 2 (got 1).")
    largest = values.abs().amax(1, keepdim=True)
    some = largest.squeeze(1) > 0
    if not some.any():
        raise DataError(f"All {len(values)} codes are zero, where Hoyer's sparsity is undefined: see `dead_share`.")
    h = (values[some] / largest[some]).abs()  # scaled first, so that no square underflows
    ratio = h.sum(1) / h.square().sum(1).sqrt()
    return float((math.sqrt(units) - ratio).mean()) / (math.sqrt(units) - 1)
