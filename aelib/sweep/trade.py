"""What the knob of each variant buys with reconstruction error: the other axis of a sweep's trade-off curve."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from aelib.activations import ACTIVATIONS
from aelib.autoencoder import Autoencoder
from aelib.evaluate import CHUNK
from aelib.networks import Network
from aelib.objectives import Batch, Objective
from aelib.objectives.contractive import Contractive
from aelib.objectives.denoising import Denoising
from aelib.objectives.k_sparse import KSparse
from aelib.objectives.sparse import PRIORS, Sparse
from aelib.objectives.sparse_kl import SparseKL, bernoulli_kl
from aelib.objectives.variational import Variational, unit_kl
from aelib.randomness import Streams, generator

Compute = Callable[[Network, Objective, Batch, Tensor], Tensor]


@dataclass(frozen=True)
class Trade:
    """``value``: of a network, its objective, held-out examples and the statistics of these, without any weight.
    ``short``: the label where there is little room."""

    name: str
    label: str
    short: str
    unit: str
    sentence: str
    value: Compute

    @property
    def described(self) -> dict[str, str]:
        """All that is text, as it travels."""
        return {name: getattr(self, name) for name in ("name", "label", "short", "unit", "sentence")}


def _kl(network: Network, objective: Objective, batch: Batch, statistics: Tensor) -> Tensor:
    """E_x Σ_j KL(q(z_j | x) ‖ N(0, 1)) in nats; free bits play no part."""
    return unit_kl(*statistics.chunk(2, dim=-1)).sum(-1).mean(-1)


def _activity(network: Network, objective: Objective, batch: Batch, statistics: Tensor) -> Tensor:
    """E_x Σ_j ψ(h_j): with a Laplace prior the L1 norm of the code."""
    assert isinstance(objective, Sparse)
    return PRIORS[objective.prior](statistics).sum(-1).mean(-1)


def _distance_to_target(network: Network, objective: Objective, batch: Batch, statistics: Tensor) -> Tensor:
    """Σ_j KL(ρ ‖ ρ̂_j) in nats, ρ̂_j the mean of h_j over all the examples."""
    return bernoulli_kl(batch.knobs["rho"][..., None], statistics.mean(-2)).sum(-1)


def _active_units(network: Network, objective: Objective, batch: Batch, statistics: Tensor) -> Tensor:
    """E_x #{j: h_j ≠ 0} of the code that the decoder gets: L0."""
    return (objective.code(statistics, batch.knobs) != 0).sum(-1).float().mean(-1)


def _contraction(network: Network, objective: Objective, batch: Batch, statistics: Tensor) -> Tensor:
    """E_x ‖∂f(x)/∂x‖²_F."""
    return _mean(batch, lambda part: network.encode_with_jacobian_norm(part.x, part.random)[1])


def _denoising_gain(network: Network, objective: Objective, batch: Batch, statistics: Tensor) -> Tensor:
    """E_x (‖x̃ − x‖² − ‖g(f(x̃)) − x‖²), one x̃ ~ C(x̃ | x) for each example: above 0 where repairing helps."""

    def gain(part: Batch) -> Tensor:
        seen = objective.corrupt(part).x
        repaired = ACTIVATIONS[network.spec.output].value(network.decode(objective.code(network.encode(seen), {})))
        return ((seen - part.x).square() - (repaired - part.x).square()).sum(-1)

    return _mean(batch, gain)


def _mean(batch: Batch, of: Callable[[Batch], Tensor]) -> Tensor:
    """The mean over the examples, computed on so many at a time that a stack fits into memory."""
    return torch.cat([of(replace(batch, x=rows)) for rows in batch.x.split(CHUNK)], dim=-1).mean(-1)


#: For an objective, and those made from it. What is not here has nothing to trade.
TRADES: dict[type[Objective], Trade] = {
    Variational: Trade(
        "kl", "KL to the prior", "KL", "nats",
        "KL(q(z | x) ‖ N(0, I)) of a held-out example: what its code says that the prior does not.", _kl,
    ),
    Sparse: Trade(
        "activity", "Activity of the code", "activity", "",
        "Σ ψ(h) of a held-out example, without its weight: with the Laplace prior the L1 norm of its code.", _activity,
    ),
    SparseKL: Trade(
        "distance", "Distance to the target activity", "KL", "nats",
        "Σ KL(ρ ‖ ρ̂) over the units of the code, without its weight, on held-out examples.", _distance_to_target,
    ),
    KSparse: Trade(
        "active", "Active units", "active", "units",
        "Units that are not 0 in the code of a held-out example (L0).", _active_units,
    ),
    Contractive: Trade(
        "contraction", "Squared norm of the Jacobian", "‖J‖²", "",
        "‖∂f/∂x‖² at a held-out example: how far its code moves when the example does.", _contraction,
    ),
    Denoising: Trade(
        "gain", "Denoising gain", "gain", "squared error",
        "‖x̃ − x‖² − ‖g(f(x̃)) − x‖² of a held-out example: how much nearer to the clean one repairing brings it.",
        _denoising_gain,
    ),
}  # fmt: skip


def trade_of(objective: Objective) -> Trade | None:
    """What an objective trades reconstruction for, if anything."""
    return next((trade for kind, trade in TRADES.items() if isinstance(objective, kind)), None)


@torch.no_grad()
def measure_trade(network: Network, objective: Objective, batch: Batch, statistics: Tensor) -> Tensor | None:
    """Its value on held-out examples, 0-d, or (K,) for a stack; None where there is nothing to trade.

    ``batch``: the examples, (n, features). ``statistics``: what the encoder gave for them. Chance is drawn
    anew from a fixed seed, so that two measurements of one model agree.
    """
    trade = trade_of(objective)
    if trade is None:
        return None
    random = generator(0, "trade", batch.x.device)
    of_stack = isinstance(batch.random, Streams)
    return trade.value(
        network, objective, replace(batch, random=Streams((random,)) if of_stack else random), statistics
    )


def trade_of_model(model: Autoencoder, x: Tensor, statistics: Tensor, epoch: float) -> float | None:
    """What one model trades, on examples (n, *shape); None where that is nothing, or no finite number."""
    batch = model.batch(model.flatten(x), None, generator(0, "trade", model.device), epoch)
    value = measure_trade(model.network, model.objective, batch, statistics)
    return None if value is None or not value.isfinite() else float(value)
