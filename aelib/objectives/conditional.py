"""The conditional variational autoencoder: a generator p(x | y) with an optional label y (Sohn et al. 2015)."""

from typing import Annotated, ClassVar, Literal

import torch
from torch import Tensor

from aelib.errors import DataError
from aelib.objectives.base import Batch
from aelib.objectives.variant import Variant
from aelib.objectives.variational import Variational
from aelib.randomness import uniform_like
from aelib.spec import Knob


class Conditional(Variational):
    """L = −E over q(z|x) of log p(x | z, y) + β KL(q(z|x) ‖ N(0, I)).

    The decoder is told the class of a share of the examples and nothing of the others, so that it can
    generate with a label and without. The encoder sees x alone: the code needs no label.
    """

    kind: Literal["conditional"] = "conditional"  # type: ignore[assignment]
    conditional: ClassVar[bool] = True
    label_rate: Annotated[
        float, Knob("Labels told", "r", 0, 1, "Share of examples whose class the decoder is told.")
    ] = 0.9

    def told(self, batch: Batch) -> Tensor:
        if batch.y is None:
            raise DataError("This model learns p(x | y) and needs the labels y of the examples: pass them with x.")
        chance = uniform_like(batch.x[..., :1], batch.random).squeeze(-1)
        return torch.where(chance < batch.knobs["label_rate"][..., None], batch.y, -1)


conditional = Variant(
    name="conditional",
    title="Conditional variational",
    formula=(
        r"\begin{aligned} \mathcal{L} &= -\mathbb{E}_{q(z \mid x)} \log p(x \mid z, y) \\"
        r"&+ \beta \, \mathrm{KL}(q(z \mid x) \Vert \mathcal{N}(0, I)) \end{aligned}"
    ),
    sentence="Tells the decoder the class, so the code is left to describe the style: p(x | y) on demand.",
    objective=Conditional(),
)
