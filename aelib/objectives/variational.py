"""The variational autoencoder and its β (Kingma & Welling 2014; Higgins et al. 2017; document 003)."""

from typing import Annotated, ClassVar, Literal

import torch
from torch import Tensor

from aelib.likelihood import LikelihoodName
from aelib.networks import MLPNetwork
from aelib.objectives.base import Knobs, Objective, Terms
from aelib.randomness import normal_like
from aelib.spec import Knob
from aelib.variant import Variant


def unit_kl(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL(N(μ, σ²) ‖ N(0, 1)) in nats, elementwise: −½ (1 + log σ² − μ² − σ²)."""
    return -0.5 * (1 + log_variance - mean.square() - log_variance.exp())


class Variational(Objective):
    """L = −E over q(z|x) of log p(x|z) + β KL(q(z|x) ‖ N(0, I)), one sample of z per example.

    β = 1 is the negative evidence lower bound (with squared error up to a constant).
    """

    kind: Literal["variational"] = "variational"
    statistics: ClassVar[int] = 2
    likelihood: LikelihoodName = "cross_entropy"
    beta: Annotated[
        float,
        Knob("KL weight", "β", 0, 100, "1 is the evidence lower bound; more orders the code.", scale="log", floor=1e-2),
    ] = 1.0

    def draw(self, statistics: Tensor, random: torch.Generator) -> Tensor:
        mean, log_variance = statistics.chunk(2, dim=-1)
        return mean + torch.exp(0.5 * log_variance) * normal_like(mean, random)

    def penalties(self, network: MLPNetwork, x: Tensor, code: Tensor, knobs: Knobs) -> Terms:
        return {"kl": knobs["beta"] * unit_kl(*code.chunk(2, dim=-1)).sum() / x.shape[0]}


variational = Variant(
    name="variational",
    title="Variational (β)",
    formula=(
        r"\begin{aligned} \mathcal{L} &= -\mathbb{E}_{q(z \mid x)} \log p(x \mid z) \\"
        r"&+ \beta \, \mathrm{KL}(q(z \mid x) \Vert \mathcal{N}(0, I)) \end{aligned}"
    ),
    sentence="Encodes each example as a small cloud and fills a Gaussian with them, so any point can be decoded.",
    erratum="Document 003 reverses the sign of eq. 25 and lacks a minus in eq. 41: KL = −½ Σ (1 + log σ² − μ² − σ²).",
    objective=Variational(),
)
