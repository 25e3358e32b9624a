"""The multilayer perceptron: linear, under- or overcomplete, shallow, deep and tied are all shapes of it."""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Literal, cast

import torch
from pydantic import Field, model_validator
from torch import Tensor, nn

from aelib.activations import ACTIVATIONS
from aelib.errors import ConfigError
from aelib.networks.base import Network, NetworkSpec, Operation, Width
from aelib.networks.linear import linear
from aelib.randomness import Random

#: Weights of the encoder, at most.
MAX_WEIGHTS = 50_000_000
#: Hidden layers of the encoder, at most.
MAX_HIDDEN = 8


class MLP(NetworkSpec):
    """A fully connected encoder and its mirror image as decoder.

    ``hidden``: widths of the encoder's hidden layers; the decoder has the same in reverse. ``tied``: the
    decoder uses the encoder's weights transposed (biases are its own). ``initialisation``: random, or
    identity matrices without biases, which copy every input through layers that are wide enough. No hidden
    layer and identities as activations make it linear.
    """

    kind: Literal["mlp"] = "mlp"
    hidden: tuple[Width, ...] = Field((256, 64), max_length=MAX_HIDDEN)
    tied: bool = False
    initialisation: Literal["uniform", "identity"] = "uniform"

    def __init__(self, shape: Any = None, /, **values: Any) -> None:
        super().__init__(**(values if shape is None else {"shape": shape, **values}))

    @model_validator(mode="after")
    def _fits_in_memory(self) -> "MLP":
        if self.weights > MAX_WEIGHTS:
            raise ConfigError(
                f"This network has {self.weights:,} weights a side; the limit is 50 million: use narrower layers."
            )
        return self

    @property
    def weights(self) -> int:
        """Weights of the encoder, or of the decoder, at most."""
        widths = (self.features, *self.hidden, self.latent)
        return sum(a * b for a, b in pairwise(widths)) + widths[-2] * (self.latent + self.classes)

    @property
    def sketch(self) -> str:
        return "–".join(map(str, (self.features, *self.hidden, self.latent))) + (" tied" if self.tied else "")

    def build(self, statistics: int, random: torch.Generator, learned_deviation: bool = False) -> "MLPNetwork":
        return MLPNetwork(self, statistics, random, learned_deviation)


def linear_layer(inputs: int, outputs: int, random: torch.Generator) -> nn.Linear:
    """PyTorch's default initialisation U(−1/√n, 1/√n), drawn from the given generator."""
    layer: nn.Linear = nn.utils.skip_init(nn.Linear, inputs, outputs)
    bound = 1 / math.sqrt(inputs)
    for parameter in (layer.weight, layer.bias):
        nn.init.uniform_(parameter, -bound, bound, generator=random)
    return layer


def _gram(weight: Tensor) -> Tensor:
    """W Wᵀ for use in tr(A W Wᵀ Aᵀ), whose derivative by W Wᵀ is symmetric: S = AᵀA.

    Then the derivative by W is S W + Sᵀ W = 2 S W, one product instead of the two that autograd would make.
    """
    product = weight @ weight.detach().mT
    return 2 * product - product.detach()


def _apply(layer: nn.Linear, x: Tensor) -> Tensor:
    return linear(x, layer.weight, layer.bias)


def _times(rows: Tensor, weight: Tensor) -> Tensor:
    """(n, latent, a) @ (a, b), with a leading axis on both or on neither, as one product for all n."""
    product: Tensor = (rows.flatten(-3, -2) @ weight).unflatten(-2, rows.shape[-3:-1])
    return product


class LinearList(nn.ModuleList):
    """A list of linear layers, for the type checker too."""

    def __iter__(self) -> Iterator[nn.Linear]:
        return cast(Iterator[nn.Linear], super().__iter__())

    def __getitem__(self, index: int) -> nn.Linear:  # type: ignore[override]
        return cast(nn.Linear, super().__getitem__(index))


class MLPNetwork(Network):
    """The module of an `MLP`.

    Its maps work on the last two axes: with a leading axis on every parameter it is a stack of networks.
    """

    spec: MLP

    def __init__(self, spec: MLP, statistics: int, random: torch.Generator, learned_deviation: bool) -> None:
        super().__init__(spec, statistics, learned_deviation)
        widths = (spec.features, *spec.hidden)
        pairs = list(pairwise(widths))
        self.encoder = LinearList([linear_layer(a, b, random) for a, b in pairs])
        self.encoder.append(linear_layer(widths[-1], statistics * spec.latent, random))
        mirror = [(spec.decoder_inputs, widths[-1]), *((b, a) for a, b in reversed(pairs))]
        self.decoder = LinearList([linear_layer(a, b, random) for a, b in mirror])
        if spec.tied:
            for layer in self.decoder:
                layer.weight = None  # type: ignore[assignment]  # read from the encoder instead
            if spec.classes:  # no encoder weight to read for these
                self.class_weight = linear_layer(spec.classes, widths[-1], random).weight
        if spec.initialisation == "identity":
            self._make_identity()
        self._act = ACTIVATIONS[spec.activation]
        self._code_act = ACTIVATIONS[spec.code_activation]

    @torch.no_grad()
    def _make_identity(self) -> None:
        for layer in (*self.encoder, *self.decoder):
            layer.bias.zero_()
            if layer.weight is not None:
                nn.init.eye_(layer.weight)
        log_variances = self.encoder[-1].weight[self.spec.latent :]
        log_variances.zero_()

    # --- the maps ----------------------------------------------------------------------------------

    def encode(self, x: Tensor) -> Tensor:
        return self._statistics(_apply(self.encoder[-1], self.before_code(x)))

    def _statistics(self, a: Tensor) -> Tensor:
        if self.statistics == 1 or self.spec.code_activation == "identity":
            return self._code_act.value(a)
        mean, rest = a.split(self.spec.latent, dim=-1)
        return torch.cat([self._code_act.value(mean), rest], dim=-1)

    def decode_inputs(self, inputs: Tensor) -> Tensor:
        layers = self.decoder_weights()
        for weight, bias in layers[:-1]:
            inputs = self._act.value(linear(inputs, weight, bias))
        return linear(inputs, *layers[-1])

    def decoder_weights(self) -> list[tuple[Tensor, Tensor]]:
        """(weight, bias) of each decoder layer, tied weights resolved."""
        if not self.spec.tied:
            return [(layer.weight, layer.bias) for layer in self.decoder]
        *hidden, last = self.encoder
        code = last.weight[..., : self.spec.latent, :].mT  # of a log-variance there is no decoder
        if self.spec.classes:
            code = torch.cat([code, self.class_weight], dim=-1)
        weights = [code, *(layer.weight.mT for layer in reversed(hidden))]
        return [(weight, layer.bias) for weight, layer in zip(weights, self.decoder, strict=True)]

    def decoder_operations(self) -> list[Operation]:
        names = [self.spec.activation] * (len(self.decoder) - 1) + [self.spec.output]
        found = []
        for name, (weight, bias) in zip(names, self.decoder_weights(), strict=True):
            found += [Operation("linear", {"weight": weight, "bias": bias}), Operation(name)]
        return found

    def encoder_operations(self) -> list[Operation]:
        *hidden, last = self.encoder
        found = []
        for layer in hidden:
            arrays = {"weight": layer.weight, "bias": layer.bias}
            found += [Operation("linear", arrays), Operation(self.spec.activation)]
        return [*found, *self._code_operations(last)]

    def before_code(self, x: Tensor) -> Tensor:
        for level in range(self.depth - 1):
            x = self._act.value(_apply(self.encoder[level], x))
        return x

    def code_layers(self) -> tuple[nn.Linear, nn.Linear | None]:
        return self.encoder[-1], None if self.spec.tied else self.decoder[0]

    # --- one layer at a time -----------------------------------------------------------------------

    @property
    def depth(self) -> int:
        """Layers of the encoder."""
        return len(self.encoder)

    def layer_up(self, level: int, h: Tensor) -> Tensor:
        """From the representation below encoder layer ``level`` (0 is the input) to the one above it."""
        if level == self.depth - 1:
            layer, latent = self.encoder[level], self.spec.latent
            return self._code_act.value(linear(h, layer.weight[..., :latent, :], layer.bias[..., :latent]))
        return self._act.value(_apply(self.encoder[level], h))

    def layer_down(self, level: int, h: Tensor) -> Tensor:
        """From above layer ``level`` back below it, through the decoder's layer; pre-activations."""
        weight, bias = self.decoder_weights()[self.depth - 1 - level]
        return linear(h, weight[..., : h.shape[-1]], bias)

    # --- what is looked at -------------------------------------------------------------------------

    def receptive_fields(self) -> Tensor:
        weight = self.encoder[0].weight
        if self.depth == 1:
            weight = weight[: self.spec.latent]
        return weight.reshape(-1, *self.spec.shape)

    def squared_jacobian_norm(self, x: Tensor, random: Random | None = None) -> Tensor:
        """‖∂code/∂x‖²_F per example, exact, shape (n,); differentiable (see `encode_with_jacobian_norm`)."""
        return self.encode_with_jacobian_norm(x)[1]

    def encode_with_jacobian_norm(self, x: Tensor, random: Random | None = None) -> tuple[Tensor, Tensor]:
        """What `encode` gives, and ‖∂code/∂x‖²_F.

        With a_l = W_l h_(l−1) + b_l and D_l = diag f′(a_l), J = D_L W_L ⋯ D_1 W_1. The product is
        accumulated from the code side, so that it never has more than latent × width entries per
        example, and closed with the Gram matrix of the first layer: ‖A W_1‖² = tr(A W_1 W_1ᵀ Aᵀ).
        For one layer this is Σ_j f′(a_j)² ‖W_j‖² (Rifai et al. 2011, eq. 6).
        """
        *hidden, last = self.encoder
        slopes = []
        for layer in hidden:
            a = _apply(layer, x)
            slopes.append(self._act.slope(a))
            x = self._act.value(a)
        a = _apply(last, x)
        statistics, weight = self._statistics(a), last.weight[..., : self.spec.latent, :]
        code_slope = self._code_act.slope(a[..., : self.spec.latent])
        if not hidden:
            return statistics, (code_slope.square() * weight.square().sum(-1).unsqueeze(-2)).sum(-1)
        accumulated = code_slope.unsqueeze(-1) * (weight.unsqueeze(-3) * slopes[-1].unsqueeze(-2))  # (n, latent, width)
        for layer, slope in zip(reversed(hidden[1:]), reversed(slopes[:-1]), strict=True):
            accumulated = _times(accumulated, layer.weight) * slope.unsqueeze(-2)
        return statistics, (_times(accumulated, _gram(hidden[0].weight)) * accumulated).sum((-2, -1))
