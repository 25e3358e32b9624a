"""The multilayer perceptron: linear, under- or overcomplete, shallow, deep and tied are all shapes of it."""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Any, Literal, cast

import torch
import torch.nn.functional as F
from pydantic import Field, model_validator
from torch import Tensor, nn

from aelib.activations import ACTIVATIONS, ActivationName
from aelib.errors import ConfigError
from aelib.spec import Spec

Width = Annotated[int, Field(ge=1, le=4096)]


class MLP(Spec):
    """A fully connected encoder and its mirror image as decoder.

    ``shape``: of one example, e.g. (1, 8, 8). ``hidden``: widths of the encoder's hidden layers; the
    decoder has the same in reverse. ``latent``: units of the code. ``activation``: of hidden layers.
    ``code_activation``: of the code. ``output``: of the reconstruction. ``tied``: the decoder uses the
    encoder's weights transposed (biases are its own). No hidden layer and identities make it linear.
    """

    kind: Literal["mlp"] = "mlp"
    shape: tuple[Width, ...] = Field(min_length=1, max_length=3)
    hidden: tuple[Width, ...] = Field((256, 64), max_length=8)
    latent: Width = 2
    activation: ActivationName = "relu"
    code_activation: ActivationName = "identity"
    output: Literal["sigmoid", "identity"] = "sigmoid"
    tied: bool = False

    def __init__(self, shape: Any = None, /, **values: Any) -> None:
        super().__init__(**(values if shape is None else {"shape": shape, **values}))

    @property
    def features(self) -> int:
        """Numbers in one example."""
        return math.prod(self.shape)

    @model_validator(mode="after")
    def _fits_in_memory(self) -> "MLP":
        widths = (self.features, *self.hidden, self.latent)
        weights = sum(a * b for a, b in pairwise(widths))
        if weights > 50_000_000:
            raise ConfigError(
                f"This network has {weights:,} weights a side; the limit is 50 million: use narrower layers."
            )
        return self

    def build(self, statistics: int, random: torch.Generator) -> "MLPNetwork":
        """The module, initialised from ``random``; ``statistics`` = 2 adds a log-variance to each code unit."""
        return MLPNetwork(self, statistics, random)


def _linear(inputs: int, outputs: int, random: torch.Generator) -> nn.Linear:
    """PyTorch's default initialisation U(−1/√n, 1/√n), drawn from the given generator."""
    layer: nn.Linear = nn.utils.skip_init(nn.Linear, inputs, outputs)
    bound = 1 / math.sqrt(inputs)
    for parameter in (layer.weight, layer.bias):
        nn.init.uniform_(parameter, -bound, bound, generator=random)
    return layer


class LinearList(nn.ModuleList):
    """A list of linear layers, for the type checker too."""

    def __iter__(self) -> Iterator[nn.Linear]:
        return cast(Iterator[nn.Linear], super().__iter__())


class MLPNetwork(nn.Module):
    """Encoder x ↦ statistics of the code, decoder z ↦ logits; both on flat vectors."""

    def __init__(self, spec: MLP, statistics: int, random: torch.Generator) -> None:
        super().__init__()
        self.spec, self.statistics = spec, statistics
        widths = (spec.features, *spec.hidden)
        pairs = list(pairwise(widths))
        self.encoder = LinearList([_linear(a, b, random) for a, b in pairs])
        self.encoder.append(_linear(widths[-1], statistics * spec.latent, random))
        mirror = [(spec.latent, widths[-1]), *((b, a) for a, b in reversed(pairs))]
        self.decoder = LinearList([_linear(a, b, random) for a, b in mirror])
        if spec.tied:
            for layer in self.decoder:
                layer.weight = None  # type: ignore[assignment]  # read from the encoder instead
        self._act = ACTIVATIONS[spec.activation]
        self._code_act = ACTIVATIONS[spec.code_activation]

    def encode(self, x: Tensor) -> Tensor:
        """(n, features) ↦ (n, statistics · latent): the code, or its mean followed by its log-variance."""
        *hidden, last = self.encoder
        for layer in hidden:
            x = self._act.value(layer(x))
        a: Tensor = last(x)
        if self.statistics == 1 or self.spec.code_activation == "identity":
            return self._code_act.value(a)
        mean, rest = a.split(self.spec.latent, dim=-1)
        return torch.cat([self._code_act.value(mean), rest], dim=-1)

    def decode(self, z: Tensor) -> Tensor:
        """(n, latent) ↦ (n, features): pre-activations of the reconstruction."""
        layers = self.decoder_weights()
        for weight, bias in layers[:-1]:
            z = self._act.value(F.linear(z, weight, bias))
        return F.linear(z, *layers[-1])

    def decoder_weights(self) -> list[tuple[Tensor, Tensor]]:
        """(weight, bias) of each decoder layer, tied weights resolved."""
        if not self.spec.tied:
            return [(layer.weight, layer.bias) for layer in self.decoder]
        *hidden, last = self.encoder
        code = last.weight[: self.spec.latent]  # of a log-variance there is no decoder
        weights = [code, *(layer.weight for layer in reversed(hidden))]
        return [(w.T, layer.bias) for w, layer in zip(weights, self.decoder, strict=True)]

    def decoder_layers(self) -> list[tuple[ActivationName, Tensor, Tensor]]:
        """The decoder as data for an interpreter: (activation, weight, bias), the output's included."""
        names = [self.spec.activation] * (len(self.decoder) - 1) + [self.spec.output]
        return [(name, w, b) for name, (w, b) in zip(names, self.decoder_weights(), strict=True)]

    def squared_jacobian_norm(self, x: Tensor) -> Tensor:
        """‖∂code/∂x‖²_F per example, exact, shape (n,); differentiable.

        With a_l = W_l h_(l−1) + b_l and D_l = diag f′(a_l), J = D_L W_L ⋯ D_1 W_1. The product is
        accumulated from the code side, so that it never has more than latent × width entries per
        example, and closed with the Gram matrix of the first layer: ‖A W_1‖² = tr(A W_1 W_1ᵀ Aᵀ).
        For one layer this is Σ_j f′(a_j)² ‖W_j‖² (Rifai et al. 2011, eq. 6).
        """
        *hidden, last = self.encoder
        slopes = []
        for layer in hidden:
            a = layer(x)
            slopes.append(self._act.slope(a))
            x = self._act.value(a)
        weight, bias = last.weight[: self.spec.latent], last.bias[: self.spec.latent]
        code_slope = self._code_act.slope(F.linear(x, weight, bias))  # (n, latent)
        if not hidden:
            return (code_slope.square() * weight.square().sum(1)).sum(1)
        accumulated = code_slope.unsqueeze(2) * (weight * slopes[-1].unsqueeze(1))  # (n, latent, width)
        for layer, slope in zip(reversed(hidden[1:]), reversed(slopes[:-1]), strict=True):
            accumulated = (accumulated @ layer.weight) * slope.unsqueeze(1)
        first = hidden[0].weight
        gram = first @ first.T
        return ((accumulated @ gram) * accumulated).sum((1, 2))
