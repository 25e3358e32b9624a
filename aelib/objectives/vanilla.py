"""The plain autoencoder, and with it the linear one: an objective of reconstruction alone."""

from typing import Literal

from aelib.objectives.base import Objective
from aelib.variant import Variant


class Vanilla(Objective):
    """L = −log p(x | g(f(x))) (documents 000 and 002)."""

    kind: Literal["vanilla"] = "vanilla"


vanilla = Variant(
    name="vanilla",
    title="Vanilla",
    formula=r"\mathcal{L} = \lVert x - g(f(x)) \rVert^2",
    sentence="Squeezes each example through a narrow code and learns to rebuild it.",
    objective=Vanilla(),
)

linear = Variant(
    name="linear",
    title="Linear",
    formula=r"\mathcal{L} = \lVert x - W_2 (W_1 x + b_1) - b_2 \rVert^2",
    sentence="Without activations and with squared error, the best code spans the same subspace as PCA.",
    objective=Vanilla(),
    network={"hidden": (), "activation": "identity", "code_activation": "identity", "output": "identity"},
    fixed=("activation", "code_activation", "output"),
    train={"learning_rate": 5e-3},
)
