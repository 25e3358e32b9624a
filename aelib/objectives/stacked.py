"""Stacked denoising autoencoders: one layer after the other, then all together (Vincent et al. 2010, section 3.5)."""

from dataclasses import replace
from typing import Literal

import torch
from pydantic import Field

from aelib.activations import ACTIVATIONS
from aelib.corruption import UNIT
from aelib.errors import ConfigError
from aelib.networks import MLP, MLPNetwork, Network, NetworkSpec
from aelib.objectives.base import Batch, Terms
from aelib.objectives.denoising import Denoising
from aelib.objectives.variant import Variant


class StackedDenoising(Denoising):
    """Greedy layer-wise pretraining, then fine-tuning.

    In stage l the layers below are done: L_l = E ‖h − g_l(f_l(h̃))‖² with h = f_(l−1)(⋯ f_1(x)) and its
    corruption h̃; only layer l of the encoder and its mirror in the decoder learn. The first stage rebuilds
    the examples, under the likelihood. Salt and pepper are −1 and 1 in a hidden layer of hyperbolic tangents, 0 and 1
    in all others. After ``epochs_per_layer`` epochs for each layer follows the
    denoising objective of the whole network.
    """

    kind: Literal["stacked_denoising"] = "stacked_denoising"  # type: ignore[assignment]
    epochs_per_layer: int = Field(20, ge=1, le=100_000)

    def check(self, network: NetworkSpec) -> None:
        super().check(network)
        if not isinstance(network, MLP):
            raise ConfigError("Training layer by layer needs a multilayer perceptron: choose that network.")

    def stage(self, network: NetworkSpec, epoch: float) -> int | None:
        """The layer (0 is the lowest) that learns at this epoch; None when all do."""
        assert isinstance(network, MLP)
        level = min(epoch, 1e9) // self.epochs_per_layer
        return int(level) if level <= len(network.hidden) else None

    def stage_name(self, network: NetworkSpec, epoch: float) -> str:
        assert isinstance(network, MLP)
        level = self.stage(network, epoch)
        if level is None:
            return "fine-tuning all layers"
        widths = (network.features, *network.hidden, network.latent)
        return f"layer {level + 1} of {len(widths) - 1} ({widths[level]} – {widths[level + 1]})"

    def terms(self, network: Network, batch: Batch) -> Terms:
        level = self.stage(network.spec, batch.epoch)
        if level is None:
            return super().terms(network, batch)
        assert isinstance(network, MLPNetwork)
        with torch.no_grad():
            h = torch.cat([batch.x] * self.samples, dim=-2)
            for below in range(level):
                h = network.layer_up(below, h)
        batch = replace(batch, x=h)
        if level > 0:
            batch = replace(batch, extremes=(-1.0, 1.0) if network.spec.activation == "tanh" else UNIT)
        seen = self.corrupt(batch)
        a = network.layer_down(level, network.layer_up(level, seen.x))
        if level == 0:
            return self.weigh(network, batch, seen, a, a)
        error = (ACTIVATIONS[network.spec.activation].value(a) - h).square()
        return {"reconstruction": self.emphasise(error, seen, batch).sum((-2, -1)) / h.shape[-2]}


stacked_denoising = Variant(
    name="stacked_denoising",
    title="Stacked denoising",
    formula=(
        r"\begin{aligned} \mathcal{L}_l &= \mathbb{E} \lVert h_{l-1} - g_l(f_l(\tilde h_{l-1})) \rVert^2 \\"
        r"h_l &= f_l(h_{l-1}), \quad h_0 = x \end{aligned}"
    ),
    sentence="Learns one layer after the other, each by repairing the layer below; then all of them together.",
    objective=StackedDenoising(),
    network={"kind": "mlp", "hidden": (128, 32), "activation": "sigmoid"},
    fixed=("kind",),
    train={"learning_rate": 5e-3},
)
