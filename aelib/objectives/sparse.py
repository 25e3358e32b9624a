"""The sparse autoencoder: MAP inference under a prior on the code (documents 003 and 004)."""

from collections.abc import Callable
from typing import Annotated, Literal

import torch
from pydantic import Field
from torch import Tensor

from aelib.objectives.base import Batch, Objective, Terms
from aelib.spec import Knob
from aelib.variant import Variant

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
    (see `aelib.renewal`).
    """

    resample_every: int = Field(0, ge=0, le=1_000_000)


class Sparse(SparseCode):
    """L = −log p(x | g(h)) + λ Σ_j ψ(h_j) with h = f(x).

    The second term is −log p(h) up to a constant: ψ(h) is |h| for a Laplace, log(1 + h²) for a Student-t,
    h² for a Gaussian prior.
    """

    kind: Literal["sparse"] = "sparse"
    prior: PriorName = "laplace"
    weight: Annotated[
        float,
        Knob("Sparsity weight", "λ", 0, 10, "Pulls every unit of the code towards zero.", scale="log", floor=1e-3),
    ] = 0.1

    def penalties(self, batch: Batch, statistics: Tensor) -> Terms:
        total = PRIORS[self.prior](statistics).sum((-2, -1))
        return {"sparsity": batch.knobs["weight"] * total / statistics.shape[-2]}


sparse = Variant(
    name="sparse",
    title="Sparse (prior)",
    formula=(
        r"\begin{aligned} \mathcal{L} &= \lVert x - g(h) \rVert^2 + \lambda {\textstyle\sum_j} \psi(h_j) \\"
        r"h &= f(x) \end{aligned}"
    ),
    sentence="Pays for every active unit, so each example is described by few of them.",
    erratum="Document 003 calls the Gaussian prior L1; a Laplace prior gives L1, a Gaussian one L2.",
    objective=Sparse(),
    # ReLU, so that a unit can be exactly silent.
    network={"hidden": (), "code_activation": "relu"},
    latent=lambda features: 64,
    train={"learning_rate": 3e-3},
)
