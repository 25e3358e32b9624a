"""The sparse autoencoder: MAP inference under a Laplace prior on the code (documents 003 and 004)."""

from typing import Annotated, Literal

from torch import Tensor

from aelib.networks import MLPNetwork
from aelib.objectives.base import Knobs, Objective, Terms
from aelib.spec import Knob
from aelib.variant import Variant


class Sparse(Objective):
    """L = −log p(x | g(h)) + λ Σ_j |h_j| with h = f(x)."""

    kind: Literal["sparse"] = "sparse"
    weight: Annotated[
        float,
        Knob("Sparsity weight", "λ", 0, 10, "Pulls every unit of the code towards zero.", scale="log", floor=1e-3),
    ] = 0.1

    def penalties(self, network: MLPNetwork, x: Tensor, code: Tensor, knobs: Knobs) -> Terms:
        return {"sparsity": knobs["weight"] * code.abs().sum() / x.shape[0]}


sparse = Variant(
    name="sparse",
    title="Sparse",
    formula=(
        r"\begin{aligned} \mathcal{L} &= \lVert x - g(h) \rVert^2 + \lambda {\textstyle\sum_j} \lvert h_j \rvert \\"
        r"h &= f(x) \end{aligned}"
    ),
    sentence="Pays for every active unit, so each example is described by few of them.",
    erratum="Document 003 calls the Gaussian prior L1; a Laplace prior gives L1, a Gaussian one L2.",
    objective=Sparse(),
)
