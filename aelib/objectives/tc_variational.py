"""The β-TC-VAE: a variational autoencoder that pays for dependence between its units (Chen et al. 2018)."""

import math
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, NamedTuple

import torch
from torch import Tensor

from aelib.networks import Network
from aelib.objectives.base import Batch, Terms
from aelib.objectives.declared import CodeReadout, Trade
from aelib.objectives.variant import Variant
from aelib.objectives.variational import GaussianCode
from aelib.randomness import generator
from aelib.spec import Knob

#: Examples whose clouds make up q(z) at a time: bounds the memory, examples² · latent numbers.
GROUP = 256


class Decomposition(NamedTuple):
    """The parts of E_x KL(q(z|x) ‖ N(0, I)) in nats, 0-d or (K,) for a stack; they sum to it exactly.

    ``information``: I(x; z) between an example's index and its code. ``total_correlation``: KL(q(z) ‖ Π_j q(z_j)),
    0 where the units are independent. ``dimension_wise``: Σ_j KL(q(z_j) ‖ N(0, 1)).
    """

    information: Tensor
    total_correlation: Tensor
    dimension_wise: Tensor


def decompose(statistics: Tensor, z: Tensor) -> Decomposition:
    """The decomposition of Chen et al. (2018), given statistics (…, n, 2 · latent) and z ~ q(z|x), (…, n, latent).

    q(z) is estimated as (1/n) Σ_m q(z|x_m) and likewise each q(z_j). The minibatch-weighted estimate of the paper
    is that over N, the number of training examples. Constants have no gradient, so training is the same; but
    its values would be off by log N here and by (latent − 1) log N there. As it is, I(x; z) lies below log n.
    The expectations of log q(z|x) and log p(z) are exact, that of log q(z) is of the one sample.

    Of more than ``GROUP`` examples groups of so many are decomposed, and the parts averaged.
    """
    n = z.shape[-2]
    groups = zip(statistics.split(GROUP, -2), z.split(GROUP, -2), strict=True)
    parts = [torch.stack(_decompose(*group)) * (group[1].shape[-2] / n) for group in groups]
    return Decomposition(*torch.stack(parts).sum(0))


def _decompose(statistics: Tensor, z: Tensor) -> Decomposition:
    mean, log_variance = statistics.chunk(2, dim=-1)
    # log q(z_j of example i | x_m), (…, i, m, j)
    squares = (z.unsqueeze(-2) - mean.unsqueeze(-3)).square() * (-log_variance).exp().unsqueeze(-3)
    pairs = -0.5 * (squares + log_variance.unsqueeze(-3) + math.log(2 * math.pi))
    log_n = math.log(z.shape[-2])
    joint = (pairs.sum(-1).logsumexp(-1) - log_n).mean(-1)
    alone = (pairs.logsumexp(-2) - log_n).sum(-1).mean(-1)
    own = -0.5 * (1 + math.log(2 * math.pi) + log_variance).sum(-1).mean(-1)  # E log q(z|x)
    prior = -0.5 * (math.log(2 * math.pi) + mean.square() + log_variance.exp()).sum(-1).mean(-1)  # E log p(z)
    return Decomposition(own - joint, joint - alone, alone - prior)


def _total_correlation(statistics: Tensor, codes: Tensor) -> float:
    mean, log_variance = statistics.chunk(2, dim=-1)
    noise = torch.randn(mean.shape, generator=generator(0, "total correlation", mean.device), device=mean.device)
    return float(decompose(statistics, mean + (0.5 * log_variance).exp() * noise).total_correlation)


class TCVariational(GaussianCode):
    """L = −E over q(z|x) of log p(x|z) + I(x; z) + β KL(q(z) ‖ Π_j q(z_j)) + Σ_j KL(q(z_j) ‖ N(0, 1)).

    The three penalties are the parts of the KL divergence (see `decompose`): with β = 1 the sum is that of the
    variational autoencoder. Where β-VAE makes the code pay for all it says, this one makes it pay for saying one
    thing with several units.
    """

    labels: ClassVar[Mapping[str, str]] = {
        "reconstruction": "reconstruction", "information": "I(x; z)", "total_correlation": "β·TC",
        "dimension_wise": "Σ KL of units",
    }  # fmt: skip
    readouts: ClassVar[tuple[CodeReadout, ...]] = (
        *GaussianCode.readouts,
        CodeReadout("total_correlation", "total correlation",
                    "KL(q(z) ‖ Π q(z_j)) in nats: what the units say about each other; 0 where they are independent.",
                    "number", _total_correlation),
    )  # fmt: skip
    trade: ClassVar[Trade | None] = Trade(
        "total_correlation", "Total correlation", "TC", "nats",
        "KL(q(z) ‖ Π q(z_j)) over held-out examples, without its weight: what the units say about each other.",
    )  # fmt: skip
    kind: Literal["tc_variational"] = "tc_variational"
    beta: Annotated[
        float,
        Knob("Total correlation weight", "β", 0, 100, "1 is the evidence lower bound; more makes units independent.",
             scale="log", floor=1e-2),
    ] = 2.0  # fmt: skip

    def penalties(self, batch: Batch, statistics: Tensor) -> Terms:
        found = decompose(statistics, self.draw(statistics, batch))
        return {**found._asdict(), "total_correlation": batch.knobs["beta"] * found.total_correlation}

    def traded(self, network: Network, batch: Batch, statistics: Tensor) -> Tensor:
        """KL(q(z) ‖ Π_j q(z_j)) in nats, one z for each example."""
        return decompose(statistics, self.draw(statistics, batch)).total_correlation


tc_variational = Variant(
    name="tc_variational",
    title="β-TC variational",
    formula=(
        r"\begin{aligned} \mathcal{L} &= -\mathbb{E}_{q(z \mid x)} \log p(x \mid z) + I(x; z) \\"
        r"&+ \beta \, \mathrm{KL}(q(z) \Vert {\textstyle\prod_j} q(z_j)) \\"
        r"&+ {\textstyle\sum_j} \mathrm{KL}(q(z_j) \Vert \mathcal{N}(0, 1)) \end{aligned}"
    ),
    sentence="Pays for what its units say about each other, so each comes to stand for something of its own.",
    objective=TCVariational(),
    latent=lambda features: min(5, features),
)
