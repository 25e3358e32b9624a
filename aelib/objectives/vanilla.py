"""The plain autoencoder, and what its network makes of it: linear, a single layer, overcomplete, convolutional."""

from typing import Literal

from aelib.objectives.base import Objective
from aelib.objectives.variant import Variant


class Vanilla(Objective):
    """L = −log p(x | g(f(x)))."""

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
    network={
        "kind": "mlp",
        "hidden": (),
        "activation": "identity",
        "code_activation": "identity",
        "output": "identity",
    },
    fixed=("kind", "activation", "code_activation", "output"),
    train={"learning_rate": 5e-3},
)

single_layer = Variant(
    name="single_layer",
    title="Single layer",
    formula=(
        r"\begin{aligned} h &= \sigma(W x + b) \\ \hat x &= \sigma(W' h + b') \\"
        r"\mathcal{L} &= -{\textstyle\sum_i} [x_i \log \hat x_i \\"
        r"&\phantom{{}={}} + (1 - x_i) \log (1 - \hat x_i)] \end{aligned}"
    ),
    sentence="One fully connected layer each side with the sigmoid: the autoencoder of the textbooks.",
    objective=Vanilla(likelihood="cross_entropy"),
    network={"kind": "mlp", "hidden": (), "code_activation": "sigmoid"},
    latent=lambda features: 16,
    fixed=("kind", "hidden", "code_activation"),
    train={"learning_rate": 1e-2},
)

overcomplete = Variant(
    name="overcomplete",
    title="Overcomplete",
    formula=r"\mathcal{L} = \lVert x - g(f(x)) \rVert^2, \quad \dim h \ge \dim x",
    sentence="With a code as wide as the input and identity weights it copies everything and learns nothing.",
    objective=Vanilla(),
    network={
        "kind": "mlp",
        "hidden": (),
        "initialisation": "identity",
        "activation": "identity",
        "output": "identity",
    },
    latent=lambda features: features,
    fixed=("kind",),
)

convolutional = Variant(
    name="convolutional",
    title="Convolutional",
    formula=(
        r"\begin{aligned} \mathcal{L} &= -{\textstyle\sum_i} [x_i \log \hat x_i \\"
        r"&\phantom{{}={}} + (1 - x_i) \log (1 - \hat x_i)] \\"
        r"\hat x &= g(f(x)), \quad f, g \text{ convolutions} \end{aligned}"
    ),
    sentence="Looks at small patches with the same weights everywhere; the decoder grows the picture back.",
    # With squared error a shared output bias drives all pixels of MNIST to black in twenty steps, where the
    # sigmoid has no slope; cross-entropy keeps its gradient.
    objective=Vanilla(likelihood="cross_entropy"),
    network={"kind": "conv"},
    fixed=("kind",),
    train={"learning_rate": 3e-3},
)
