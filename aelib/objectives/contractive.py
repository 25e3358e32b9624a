"""The contractive autoencoder: a code that hardly moves when the input does (Rifai et al. 2011)."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from torch import Tensor

from aelib.networks import Network
from aelib.objectives.base import Batch, Objective, Terms
from aelib.objectives.declared import Trade
from aelib.objectives.variant import Variant
from aelib.spec import Knob


class Contractive(Objective):
    """L = −log p(x | g(f(x))) + λ ‖∂f(x)/∂x‖²_F.

    The norm is exact for a multilayer perceptron of any depth and Hutchinson's unbiased estimate for a
    convolutional network.
    """

    labels: ClassVar[Mapping[str, str]] = {"reconstruction": "reconstruction", "contraction": "λ·‖J‖²"}
    trade: ClassVar[Trade | None] = Trade(
        "contraction", "Squared norm of the Jacobian", "‖J‖²", "",
        "‖∂f/∂x‖² at a held-out example: how far its code moves when the example does.",
    )  # fmt: skip
    kind: Literal["contractive"] = "contractive"
    weight: Annotated[
        float, Knob("Contraction weight", "λ", 0, 10, "Shrinks the encoder's derivatives.", scale="log", floor=1e-3)
    ] = 0.1

    def encode(self, network: Network, seen: Tensor, batch: Batch) -> tuple[Tensor, Terms]:
        statistics, norm = network.encode_with_jacobian_norm(seen, batch.random)
        return statistics, {"contraction": batch.knobs["weight"] * norm.mean(-1)}

    def traded(self, network: Network, batch: Batch, statistics: Tensor) -> Tensor:
        """E_x ‖∂f(x)/∂x‖²_F."""
        return batch.mean(network, lambda part: network.encode_with_jacobian_norm(part.x, part.random)[1])


contractive = Variant(
    name="contractive",
    title="Contractive",
    formula=(
        r"\begin{aligned} \mathcal{L} &= \lVert x - g(f(x)) \rVert^2 \\"
        r"&+ \lambda \left\lVert \frac{\partial f(x)}{\partial x} \right\rVert_F^2 \end{aligned}"
    ),
    sentence="Penalises the encoder's derivatives, so neighbourhoods of the data shrink in the code.",
    objective=Contractive(),
    # Tied weights keep the encoder from shrinking while the decoder grows to undo it.
    network={"tied": True, "activation": "sigmoid", "hidden": (128,)},
    train={"learning_rate": 1e-2},
)
