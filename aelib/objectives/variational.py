"""The variational autoencoder, its β, free bits and annealing (Kingma & Welling 2014)."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor

from aelib.likelihood import LikelihoodName
from aelib.metrics.likelihood import active_units
from aelib.networks import Network, NetworkSpec
from aelib.objectives.base import Batch, Objective, Terms
from aelib.objectives.declared import CodeReadout, Trade
from aelib.objectives.variant import Variant
from aelib.randomness import normal_like
from aelib.spec import Knob


def unit_kl(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL(N(μ, σ²) ‖ N(0, 1)) in nats, elementwise: −½ (1 + log σ² − μ² − σ²)."""
    return -0.5 * (1 + log_variance - mean.square() - log_variance.exp())


def _units_in_use(statistics: Tensor, codes: Tensor) -> float:
    return float(active_units(unit_kl(*statistics.chunk(2, dim=-1)).mean(0)).sum())


class GaussianCode(Objective):
    """What objectives share whose encoder gives q(z|x) = N(μ(x), diag σ²(x)) and whose prior is N(0, I).

    The decoder gets one sample z = μ + σ ε in training, and μ stands for the example ever after.
    """

    statistics: ClassVar[int] = 2
    generative: ClassVar[bool] = True
    labels: ClassVar[Mapping[str, str]] = {"reconstruction": "reconstruction", "kl": "β·KL"}
    readouts: ClassVar[tuple[CodeReadout, ...]] = (
        CodeReadout("in_use", "units in use",
                    "Units with a KL divergence of at least 0.01 nats; the others have collapsed.", "units",
                    _units_in_use),
    )  # fmt: skip
    trade: ClassVar[Trade | None] = Trade(
        "kl", "KL to the prior", "KL", "nats",
        "KL(q(z | x) ‖ N(0, I)) of a held-out example: what its code says that the prior does not.",
    )  # fmt: skip
    likelihood: LikelihoodName = "cross_entropy"

    def draw(self, statistics: Tensor, batch: Batch) -> Tensor:
        mean, log_variance = statistics.chunk(2, dim=-1)
        return mean + torch.exp(0.5 * log_variance) * normal_like(mean, batch.random)

    def traded(self, network: Network, batch: Batch, statistics: Tensor) -> Tensor:
        """E_x Σ_j KL(q(z_j | x) ‖ N(0, 1)) in nats, without any weight or free bits."""
        return unit_kl(*statistics.chunk(2, dim=-1)).sum(-1).mean(-1)


class Variational(GaussianCode):
    """L = −E over q(z|x) of log p(x|z) + β Σ_j max(λ, KL_j), one sample of z per example.

    KL_j is the mean over the batch of KL(q(z_j|x) ‖ N(0, 1)); λ are the free bits in nats per unit (Kingma
    et al. 2016). With λ = 0 and β = 1 it is the negative evidence lower bound (with squared error up to a
    constant); other β after Higgins et al. (2017). β grows linearly from 0 during the first
    ``warm_up`` epochs (Bowman et al. 2016).
    """

    kind: Literal["variational"] = "variational"
    warm_up: int = Field(0, ge=0, le=1_000_000)
    beta: Annotated[
        float,
        Knob("KL weight", "β", 0, 100, "1 is the evidence lower bound; more orders the code.", scale="log", floor=1e-2),
    ] = 1.0
    free_bits: Annotated[
        float,
        Knob("Free bits", "λ", 0, 10, "Nats that each unit may use at no cost.", scale="log", floor=1e-2),
    ] = 0.0

    def annealing(self, epoch: float) -> float:
        """The share of β that counts at this epoch."""
        return min(1.0, epoch / self.warm_up) if self.warm_up else 1.0

    def stage_name(self, network: NetworkSpec, epoch: float) -> str:
        share = self.annealing(epoch)
        return f"β warms up ({share:.0%})" if share < 1 else ""

    def penalties(self, batch: Batch, statistics: Tensor) -> Terms:
        by_unit = unit_kl(*statistics.chunk(2, dim=-1)).mean(-2)
        paid = torch.maximum(by_unit, batch.knobs["free_bits"][..., None]).sum(-1)
        return {"kl": self.annealing(batch.epoch) * batch.knobs["beta"] * paid}


variational = Variant(
    name="variational",
    title="Variational (β)",
    formula=(
        r"\begin{aligned} \mathcal{L} &= -\mathbb{E}_{q(z \mid x)} \log p(x \mid z) \\"
        r"&+ \beta \, \mathrm{KL}(q(z \mid x) \Vert \mathcal{N}(0, I)) \end{aligned}"
    ),
    sentence="Encodes each example as a small cloud and fills a Gaussian with them, so any point can be decoded.",
    objective=Variational(),
)
