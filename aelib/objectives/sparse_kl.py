"""Sparsity by a target activity: each unit is to be on for a small share ρ of the examples (Ng 2011)."""

from typing import Annotated, ClassVar, Literal

import torch
from torch import Tensor

from aelib.errors import ConfigError
from aelib.networks import Network, NetworkSpec
from aelib.objectives.base import Batch, Terms
from aelib.objectives.declared import Trade
from aelib.objectives.sparse import SparseCode
from aelib.objectives.variant import Variant
from aelib.spec import Knob


def bernoulli_kl(rho: Tensor, activity: Tensor) -> Tensor:
    """KL(Bernoulli(ρ) ‖ Bernoulli(ρ̂)) in nats, elementwise: ρ log ρ/ρ̂ + (1 − ρ) log (1 − ρ)/(1 − ρ̂)."""
    tiny = torch.finfo(activity.dtype).eps
    activity = activity.clamp(tiny, 1 - tiny)
    return rho * (rho / activity).log() + (1 - rho) * ((1 - rho) / (1 - activity)).log()


class SparseKL(SparseCode):
    """L = −log p(x | g(h)) + λ Σ_j KL(ρ ‖ ρ̂_j); ρ̂_j is the mean of h_j = sigmoid(…) over the batch."""

    trade: ClassVar[Trade | None] = Trade(
        "distance", "Distance to the target activity", "KL", "nats",
        "Σ KL(ρ ‖ ρ̂) over the units of the code, without its weight, on held-out examples.",
    )  # fmt: skip
    kind: Literal["sparse_kl"] = "sparse_kl"
    weight: Annotated[
        float,
        Knob("Sparsity weight", "λ", 0, 100, "Holds every unit to its target.", scale="log", floor=1e-2),
    ] = 1.0
    rho: Annotated[
        float,
        Knob("Target activity", "ρ", 0.001, 0.5, "Share of examples that a unit answers to.", scale="log", floor=0.001),
    ] = 0.05

    def check(self, network: NetworkSpec) -> None:
        super().check(network)
        if network.code_activation != "sigmoid":
            raise ConfigError(
                f"A target activity needs units between 0 and 1, and the code's activation is "
                f"{network.code_activation}: choose the sigmoid."
            )

    def penalties(self, batch: Batch, statistics: Tensor) -> Terms:
        by_unit = bernoulli_kl(batch.knobs["rho"][..., None], statistics.mean(-2))
        return {"sparsity": batch.knobs["weight"] * by_unit.sum(-1)}

    def traded(self, network: Network, batch: Batch, statistics: Tensor) -> Tensor:
        """Σ_j KL(ρ ‖ ρ̂_j) in nats, ρ̂_j the mean of h_j over all the examples."""
        return bernoulli_kl(batch.knobs["rho"][..., None], statistics.mean(-2)).sum(-1)


sparse_kl = Variant(
    name="sparse_kl",
    title="Sparse (target ρ)",
    formula=(
        r"\begin{aligned} \mathcal{L} &= \lVert x - g(h) \rVert^2 \\"
        r"&+ \lambda {\textstyle\sum_j} \mathrm{KL}(\rho \Vert \hat\rho_j) \end{aligned}"
    ),
    sentence="Asks every unit to be on for the same small share of the examples, so each becomes a specialist.",
    objective=SparseKL(),
    network={"hidden": (), "code_activation": "sigmoid"},
    latent=lambda features: 64,
    fixed=("code_activation",),
    train={"learning_rate": 1e-2},
)
