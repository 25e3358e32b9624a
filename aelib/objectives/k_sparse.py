"""The k-sparse autoencoder: only the k largest units of the code survive (Makhzani & Frey 2014)."""

from dataclasses import replace
from typing import Annotated, ClassVar, Literal

from torch import Tensor

from aelib.errors import ConfigError
from aelib.networks import Network, NetworkSpec
from aelib.objectives.base import Batch, Knobs
from aelib.objectives.declared import Trade
from aelib.objectives.sparse import SparseCode
from aelib.objectives.variant import Variant
from aelib.spec import Knob


class KSparse(SparseCode):
    """L = −log p(x | g(top_k(f(x)))): all but the k largest units are set to 0, in training and ever after.

    Of equal units the first ones stay.
    """

    trade: ClassVar[Trade | None] = Trade(
        "active", "Active units", "active", "units", "Units that are not 0 in the code of a held-out example (L0)."
    )
    kind: Literal["k_sparse"] = "k_sparse"
    k: Annotated[float, Knob("Active units", "k", 1, 4096, "Units that an example may use.", integer=True)] = 5

    def check(self, network: NetworkSpec) -> None:
        super().check(network)
        if self.k > network.latent:
            raise ConfigError(
                f"k = {self.k:g} active units are more than the {network.latent} of the code: "
                "choose a smaller k or a larger code."
            )

    def knobs(self, network: NetworkSpec) -> dict[str, Knob]:
        found = super().knobs(network)
        return found | {"k": replace(found["k"], high=network.latent)}

    def code(self, statistics: Tensor, knobs: Knobs) -> Tensor:
        # A unit's rank is its place in the descending order; comparing ranks lets k change between two steps.
        order = statistics.argsort(dim=-1, descending=True, stable=True)
        return statistics * (order.argsort(dim=-1) < knobs["k"][..., None, None])

    def traded(self, network: Network, batch: Batch, statistics: Tensor) -> Tensor:
        """E_x #{j: h_j ≠ 0} of the code that the decoder gets: L0."""
        return (self.code(statistics, batch.knobs) != 0).sum(-1).float().mean(-1)


k_sparse = Variant(
    name="k_sparse",
    title="k-sparse",
    formula=r"\mathcal{L} = \lVert x - g(\mathrm{top}_k(f(x))) \rVert^2",
    sentence="Keeps only the k strongest units of each code, so sparsity is exact and needs no penalty.",
    # Without it nine units of ten are never chosen and never learn.
    objective=KSparse(resample_every=10),
    network={"hidden": (), "code_activation": "relu"},
    latent=lambda features: 64,
    train={"learning_rate": 3e-3},
)
