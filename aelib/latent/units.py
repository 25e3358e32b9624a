"""The units of a code in the order of how much they carry."""

from typing import NamedTuple

import torch
from torch import Tensor

from aelib.latent.codes import Codes
from aelib.metrics.likelihood import COLLAPSED_BELOW, collapsed_units

#: Nats of mean KL below which a unit has collapsed: its posterior is the prior, whatever the example.
COLLAPSED = COLLAPSED_BELOW


class Units(NamedTuple):
    """Of a code of k units.

    ``kl``: mean over the examples of KL(q(z_j | x) ‖ N(0, 1)) in nats, (k,), or None where the code is a point.
    ``variance``: of the codes over the examples, divided by n, (k,). ``order``: int64 (k,), the units by
    ``kl``, or by ``variance`` without it, falling; equal ones in their own order. ``collapsed``: bool (k,),
    kl < `COLLAPSED`; nowhere without a KL.
    """

    kl: Tensor | None
    variance: Tensor
    order: Tensor
    collapsed: Tensor


def rank_units(codes: Codes) -> Units:
    """How much each unit of a code carries. Sums are made in float64, results are float32."""
    variance = codes.mean.double().var(0, correction=0).float()
    kl = None if codes.unit_kl is None else codes.unit_kl.mean(0, dtype=torch.float64).float()
    order = (variance if kl is None else kl).argsort(descending=True, stable=True)
    collapsed = torch.zeros_like(variance, dtype=torch.bool) if kl is None else collapsed_units(kl)
    return Units(kl, variance, order, collapsed)
