"""The denoising autoencoder: repair a corrupted input (Vincent et al. 2010; documents 000, 001 and 004)."""

from dataclasses import replace
from typing import Annotated, ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor

from aelib.corruption import CORRUPTIONS, Corrupted, CorruptionName
from aelib.networks import Network
from aelib.objectives.base import Batch, Objective, Terms
from aelib.spec import Knob
from aelib.variant import Variant


class Denoising(Objective):
    """L = E over x̃ ~ C(x̃ | x) of −log p(x | g(f(x̃))): the *clean* example is the target.

    The expectation is the mean over ``samples`` corruptions of each example (document 000's L). With
    emphasis α the error of corrupted entries counts 2α, that of the others 2(1 − α): α = ½ is the plain
    error (document 004 has α and 1 − α). Gaussian noise corrupts every entry, so it knows no emphasis.
    """

    corrupts: ClassVar[bool] = True
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

    def terms(self, network: Network, batch: Batch) -> Terms:
        if self.samples > 1:
            batch = replace(batch, x=torch.cat([batch.x] * self.samples, dim=-2))
        return super().terms(network, batch)

    def corrupt(self, batch: Batch) -> Corrupted:
        return CORRUPTIONS[self.corruption](batch.x, batch.knobs["level"][..., None, None], batch.random)

    def emphasise(self, error: Tensor, seen: Corrupted, batch: Batch) -> Tensor:
        if seen.hit is None:
            return error
        alpha = batch.knobs["emphasis"][..., None, None]
        return error * torch.where(seen.hit, 2 * alpha, 2 * (1 - alpha))


denoising = Variant(
    name="denoising",
    title="Denoising",
    formula=(
        r"\begin{aligned} \mathcal{L} &= \mathbb{E}_{\tilde x} \lVert x - g(f(\tilde x)) \rVert^2 \\"
        r"\tilde x &\sim C_\nu(\tilde x \mid x) \end{aligned}"
    ),
    sentence="Sees a corrupted example and must rebuild the clean one, so copying is no longer enough.",
    erratum=(
        "Document 004 writes p for the chance to keep a pixel; the noise level here is 1 − p. "
        "Its loss with α lacks the index m inside L."
    ),
    objective=Denoising(),
)
