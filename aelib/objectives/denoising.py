"""The denoising autoencoder: repair a corrupted input (Vincent et al. 2010; documents 000 and 001)."""

from typing import Annotated, ClassVar, Literal

import torch
from torch import Tensor

from aelib.corruption import CORRUPTIONS, CorruptionName
from aelib.objectives.base import Knobs, Objective
from aelib.spec import Knob
from aelib.variant import Variant


class Denoising(Objective):
    """L = E over x̃ ~ C(x̃ | x) of −log p(x | g(f(x̃))): the *clean* example is the target."""

    corrupts: ClassVar[bool] = True
    kind: Literal["denoising"] = "denoising"
    corruption: CorruptionName = "masking"
    level: Annotated[
        float,
        Knob("Noise level", "ν", 0, 1, "Share of pixels destroyed, or standard deviation of Gaussian noise."),
    ] = 0.3

    def corrupt(self, x: Tensor, knobs: Knobs, random: torch.Generator) -> Tensor:
        return CORRUPTIONS[self.corruption](x, knobs["level"], random)


denoising = Variant(
    name="denoising",
    title="Denoising",
    formula=(
        r"\begin{aligned} \mathcal{L} &= \mathbb{E}_{\tilde x} \lVert x - g(f(\tilde x)) \rVert^2 \\"
        r"\tilde x &\sim C_\nu(\tilde x \mid x) \end{aligned}"
    ),
    sentence="Sees a corrupted example and must rebuild the clean one, so copying is no longer enough.",
    erratum="Document 004 writes p for the chance to keep a pixel; the noise level here is 1 − p.",
    objective=Denoising(),
)
