"""The networks on which JavaScript is held against PyTorch: every kind of layer and size, and every variant."""

from typing import get_args

import torch

from aelib import MLP, Conditional, Conv, Denoising, Experiment, Vanilla, Variational
from aelib.activations import ActivationName
from aelib.networks import Network
from aelib.registry import VARIANTS

#: Examples of more numbers each take PyTorch milliseconds.
LARGE = 4000
DIGIT = (1, 8, 8)
SQUARED = Vanilla(likelihood="squared_error")  # fits every output


def of_variant(name: str) -> tuple:
    """The network and objective that a variant starts with on digits."""
    experiment = Experiment.of("digits", name)
    return experiment.network, experiment.objective


PERCEPTRONS = {
    "linear": (MLP(DIGIT, hidden=(), output="identity"), SQUARED),
    "deep": (MLP(DIGIT, hidden=(128, 64, 32, 16)), Vanilla()),
    "tied": (MLP(DIGIT, hidden=(64, 16), activation="sigmoid", tied=True), Denoising()),
    "tied variational": (MLP(DIGIT, hidden=(64,), latent=3, tied=True), Variational()),
    "variational": (MLP(DIGIT, hidden=(64, 16), latent=10), Variational()),
    "vector": (MLP((3,), hidden=(32,), activation="tanh", output="identity"), SQUARED),
    "28×28": (MLP((1, 28, 28), hidden=(256, 64)), Variational()),
    "colour": (MLP((3, 6, 5), hidden=(32,)), Vanilla()),
    **{f"code of {n}": (MLP(DIGIT, hidden=(32,), latent=n), Vanilla()) for n in (1, 2, 10, 64)},
    **{f"{name}": (MLP(DIGIT, hidden=(48, 24), activation=name), Vanilla()) for name in get_args(ActivationName)},
}
PICTURES = {
    "one layer": {"shape": DIGIT, "channels": (8,)},
    "28×28": {"shape": (1, 28, 28)},
    "7×9 of 3 channels": {"shape": (3, 7, 9), "channels": (4, 6), "latent": 5},
    "three layers": {"shape": (2, 13, 10), "channels": (5, 4, 7), "activation": "elu"},
    "down to one pixel": {"shape": (1, 5, 3), "channels": (2, 3, 4), "activation": "tanh"},
    "32×32 in colour": {"shape": (3, 32, 32), "latent": 8},
    "64×64 in colour": {"shape": (3, 64, 64), "channels": (8, 16, 24, 32)},
    "65×49 in colour": {"shape": (3, 65, 49), "channels": (6, 9, 8), "activation": "leaky_relu"},
    "128×128 in colour": {"shape": (3, 128, 128), "channels": (4, 8, 16, 16, 24), "latent": 16},
    "any range": {"shape": (1, 9, 8), "channels": (4,), "activation": "silu", "output": "identity"},
}
CONVOLUTIONS = {
    f"{upsampling}, {name}": (Conv(upsampling=upsampling, **values), SQUARED)
    for upsampling in ("nearest", "transposed")
    for name, values in PICTURES.items()
}
CONDITIONALS = {
    "told, untied": (MLP(DIGIT, hidden=(32, 16), latent=3, classes=10), Conditional()),
    "told, tied": (MLP(DIGIT, hidden=(32, 16), latent=3, classes=10, tied=True), Conditional()),
    "told, tied and single": (MLP(DIGIT, hidden=(), latent=3, classes=4, tied=True), Conditional()),
    "told, one class": (MLP((3,), hidden=(8,), classes=1, output="identity"), Conditional(likelihood="squared_error")),
    "told, nearest": (Conv((1, 7, 9), channels=(4, 6), classes=10), Conditional()),
    "told, transposed": (Conv((1, 7, 9), channels=(4, 6), classes=3, upsampling="transposed"), Conditional()),
}
VARIANTS_ON_DIGITS = {f"variant {name}": of_variant(name) for name in VARIANTS}
NETWORKS = PERCEPTRONS | CONVOLUTIONS | CONDITIONALS | VARIANTS_ON_DIGITS


def trained_like(network: Network, random: torch.Generator) -> None:
    """Weights as large as training makes them: at their initial size every output is near its bias."""
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(2).add_(0.1 * torch.randn(parameter.shape, generator=random))
