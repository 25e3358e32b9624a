"""The sparse autoencoder: MAP inference under a prior on the code."""

from collections.abc import Callable, Mapping
from typing import Annotated, ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor

from aelib.metrics.sparsity import dead_share, l0
from aelib.networks import Network
from aelib.objectives.base import Batch, Objective, Terms, Trained
from aelib.objectives.declared import CodeReadout, Trade
from aelib.objectives.renewal import renew_dead_units
from aelib.objectives.variant import Variant
from aelib.spec import Knob

PriorName = Literal["laplace", "student_t", "gaussian"]

#: ψ(h) of a prior p(h) ∝ exp(−λ ψ(h)), elementwise.
PRIORS: dict[PriorName, Callable[[Tensor], Tensor]] = {
    "laplace": torch.abs,  # L1
    "student_t": lambda h: torch.log1p(h.square()),  # heavy tails: at λ = 1 one degree of freedom, Cauchy
    "gaussian": torch.square,  # L2: shrinks, but never to zero
}


class SparseCode(Objective):
    """What objectives for sparse codes share.

    ``resample_every``: epochs after which units that were never active start afresh, 0 for never
    (see `aelib.objectives.renewal`).
    """

    labels: ClassVar[Mapping[str, str]] = {"reconstruction": "reconstruction", "sparsity": "λ·sparsity"}
    readouts: ClassVar[tuple[CodeReadout, ...]] = (
        CodeReadout("l0", "active per example", "Units of the code that an example uses, on average (L0).", "units",
                    lambda statistics, codes: l0(codes)),
        CodeReadout("dead", "dead units", "Share of units that no held-out example activates.", "share",
                    lambda statistics, codes: dead_share(codes)),
    )  # fmt: skip
    resample_every: int = Field(0, ge=0, le=1_000_000)

    def intervenes_after(self, epochs: int) -> bool:
        return self.resample_every > 0 and epochs % self.resample_every == 0

    def intervene(self, model: Trained, optimizer: torch.optim.Optimizer, x: Tensor, random: torch.Generator) -> None:
        renew_dead_units(model, optimizer, x, random)


class Sparse(SparseCode):
    """L = −log p(x | g(h)) + λ Σ_j ψ(h_j) with h = f(x).

    The second term is −log p(h) up to a constant: ψ(h) is |h| for a Laplace, log(1 + h²) for a Student-t,
    h² for a Gaussian prior.
    """

    trade: ClassVar[Trade | None] = Trade(
        "activity", "Activity of the code", "activity", "",
        "Σ ψ(h) of a held-out example, without its weight: with the Laplace prior the L1 norm of its code.",
    )  # fmt: skip
    kind: Literal["sparse"] = "sparse"
    prior: PriorName = "laplace"
    weight: Annotated[
        float,
        Knob("Sparsity weight", "λ", 0, 10, "Pulls every unit of the code towards zero.", scale="log", floor=1e-3),
    ] = 0.1

    def penalties(self, batch: Batch, statistics: Tensor) -> Terms:
        total = PRIORS[self.prior](statistics).sum((-2, -1))
        return {"sparsity": batch.knobs["weight"] * total / statistics.shape[-2]}

    def traded(self, network: Network, batch: Batch, statistics: Tensor) -> Tensor:
        """E_x Σ_j ψ(h_j): with a Laplace prior the L1 norm of the code."""
        return PRIORS[self.prior](statistics).sum(-1).mean(-1)


sparse = Variant(
    name="sparse",
    title="Sparse (prior)",
    formula=(
        r"\begin{aligned} \mathcal{L} &= \lVert x - g(h) \rVert^2 + \lambda {\textstyle\sum_j} \psi(h_j) \\"
        r"h &= f(x) \end{aligned}"
    ),
    sentence="Pays for every active unit, so each example is described by few of them.",
    objective=Sparse(),
    # ReLU, so that a unit can be exactly silent.
    network={"hidden": (), "code_activation": "relu"},
    latent=lambda features: 64,
    train={"learning_rate": 3e-3},
)
