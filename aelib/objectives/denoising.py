"""The denoising autoencoder: repair a corrupted input (Vincent et al. 2010)."""

from dataclasses import replace
from typing import Annotated, ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor

from aelib.activations import ACTIVATIONS
from aelib.corruption import CORRUPTIONS, Corrupted, CorruptionName
from aelib.networks import Network
from aelib.objectives.base import Batch, Objective, Terms
from aelib.objectives.declared import Trade
from aelib.objectives.variant import Variant
from aelib.spec import Knob


class Denoising(Objective):
    """L = E over x̃ ~ C(x̃ | x) of −log p(x | g(f(x̃))): the *clean* example is the target.

    The expectation is the mean over ``samples`` corruptions of each example. With emphasis α the error of
    corrupted entries counts 2α, that of the others 2(1 − α), so that α = ½ is the plain error (the α and β of
    Vincent et al. 2010, section 3.4). Gaussian noise corrupts every entry, so it knows no emphasis.
    """

    corrupts: ClassVar[bool] = True
    trade: ClassVar[Trade | None] = Trade(
        "gain", "Denoising gain", "gain", "squared error",
        "‖x̃ − x‖² − ‖g(f(x̃)) − x‖² of a held-out example: how much nearer to the clean one repairing brings it.",
    )  # fmt: skip
    kind: Literal["denoising"] = "denoising"
    corruption: CorruptionName = "masking"
    samples: int = Field(1, ge=1, le=64)
    level: Annotated[
        float,
        Knob("Noise level", "ν", 0, 1, "Share of pixels destroyed, or standard deviation of Gaussian noise."),
    ] = 0.3
    emphasis: Annotated[
        float,
        Knob(
            "Emphasis", "α", 0, 1, "½ weighs all pixels alike; 1 counts the corrupted ones alone.",
            when={"corruption": ("masking", "salt_and_pepper")},
        ),
    ] = 0.5  # fmt: skip

    @property
    def noise(self) -> str:
        return self.corruption if self.level else ""

    def terms(self, network: Network, batch: Batch) -> Terms:
        if self.samples > 1:
            batch = replace(batch, x=torch.cat([batch.x] * self.samples, dim=-2))
        return super().terms(network, batch)

    def corrupt(self, batch: Batch) -> Corrupted:
        level = batch.knobs["level"][..., None, None]
        return CORRUPTIONS[self.corruption](batch.x, level, batch.random, batch.extremes)

    def emphasise(self, error: Tensor, seen: Corrupted, batch: Batch) -> Tensor:
        if seen.hit is None:
            return error
        alpha = batch.knobs["emphasis"][..., None, None]
        return error * torch.where(seen.hit, 2 * alpha, 2 * (1 - alpha))

    def traded(self, network: Network, batch: Batch, statistics: Tensor) -> Tensor:
        """E_x (‖x̃ − x‖² − ‖g(f(x̃)) − x‖²), one x̃ ~ C(x̃ | x) for each example: above 0 where repairing helps."""

        def gain(part: Batch) -> Tensor:
            seen = self.corrupt(part).x
            repaired = ACTIVATIONS[network.spec.output].value(network.decode(self.code(network.encode(seen), {})))
            return ((seen - part.x).square() - (repaired - part.x).square()).sum(-1)

        return batch.mean(network, gain)


denoising = Variant(
    name="denoising",
    title="Denoising",
    formula=(
        r"\begin{aligned} \mathcal{L} &= \mathbb{E}_{\tilde x} \lVert x - g(f(\tilde x)) \rVert^2 \\"
        r"\tilde x &\sim C_\nu(\tilde x \mid x) \end{aligned}"
    ),
    sentence="Sees a corrupted example and must rebuild the clean one, so copying is no longer enough.",
    objective=Denoising(),
)
