"""The convolutional network: its decoder grows the picture by upsampling or by transposed stride."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Literal, cast

import torch
import torch.nn.functional as F
from pydantic import Field, model_validator
from torch import Tensor, nn

from aelib.activations import ACTIVATIONS
from aelib.errors import ConfigError
from aelib.geometry import hutchinson_norm
from aelib.networks.base import Network, NetworkSpec, Operation, Width
from aelib.networks.mlp import MAX_WEIGHTS, linear_layer
from aelib.randomness import Random

KERNEL = 3
#: Layers of the encoder, at most.
MAX_CHANNELS = 6
#: Of the first two layers: enough for grey pictures up to `SMALL` pixels a side.
FEW_CHANNELS = (16, 32)
SMALL = 32
#: Larger ones, and colour, are halved until they are about so many pixels a side, by so many channels at most.
GRID_SIDE = 4
WIDEST = 128


def default_channels(shape: Sequence[int]) -> tuple[int, ...]:
    """Channels of the encoder's layers by the pictures' shape (channels, height, width).

    Grey pictures up to 32 × 32 have 16 and 32. Larger ones and those in colour are halved to about 4 × 4, and twice as
    many channels, up to 128, make up for each halving: 16, 32, 64 for 32 × 32; 16, 32, 64, 128 for 64 × 64; and
    16, 32, 64, 128, 128 for 128 × 128.
    """
    channels, *sides = shape
    if channels == 1 and max(sides) <= SMALL:
        return FEW_CHANNELS
    layers = round(math.log2(max(sides) / GRID_SIDE))
    return tuple(min(FEW_CHANNELS[0] * 2**i, WIDEST) for i in range(min(max(layers, len(FEW_CHANNELS)), MAX_CHANNELS)))


class Conv(NetworkSpec):
    """Convolutions that halve the picture, a linear layer to the code, and the way back.

    ``channels``: of the encoder's layers, each a 3 × 3 convolution with stride 2; the decoder has the same in
    reverse. ``upsampling``: how the decoder doubles a picture: ``nearest`` repeats each pixel and convolves;
    ``transposed`` is a convolution with stride ½, whose windows of 3 overlap unevenly at stride 2, which shows
    as a checkerboard (Odena et al. 2016).
    """

    kind: Literal["conv"] = "conv"
    channels: tuple[Width, ...] = Field(FEW_CHANNELS, min_length=1, max_length=MAX_CHANNELS)
    upsampling: Literal["nearest", "transposed"] = "nearest"

    def __init__(self, shape: Any = None, /, **values: Any) -> None:
        super().__init__(**(values if shape is None else {"shape": shape, **values}))

    @model_validator(mode="after")
    def _fits(self) -> "Conv":
        if len(self.shape) != 3:
            raise ConfigError(
                f"A convolutional network takes pictures of shape (channels, height, width), not {self.shape}: "
                "choose a multilayer perceptron."
            )
        weights = math.prod(self.grid) * (2 * self.latent + self.classes) + sum(
            a * b * KERNEL**2 for a, b in self.steps
        )
        if weights > MAX_WEIGHTS or max(self.channels[0] * math.prod(self.sizes[1]), self.features) > MAX_WEIGHTS // 50:
            raise ConfigError(f"This network has {weights:,} weights a side and is too large: use fewer channels.")
        return self

    @property
    def steps(self) -> list[tuple[int, int]]:
        """(channels before, channels after) of each convolution of the encoder."""
        return list(pairwise((self.shape[0], *self.channels)))

    @property
    def sizes(self) -> list[tuple[int, int]]:
        """(height, width) of the picture and of what each convolution of the encoder makes of it."""
        found = [(self.shape[1], self.shape[2])]
        for _ in self.channels:
            found.append((-(-found[-1][0] // 2), -(-found[-1][1] // 2)))
        return found

    @property
    def grid(self) -> tuple[int, int, int]:
        """(channels, height, width) next to the code."""
        return (self.channels[-1], *self.sizes[-1])

    @property
    def sketch(self) -> str:
        pictures = zip((self.shape[0], *self.channels), self.sizes, strict=True)
        layers = [f"{channels}×{height}×{width}" for channels, (height, width) in pictures]
        return "–".join([*layers, str(self.latent)]) + f", {self.upsampling} decoder"

    def build(self, statistics: int, random: torch.Generator, learned_deviation: bool = False) -> "ConvNetwork":
        return ConvNetwork(self, statistics, random, learned_deviation)


class Kernels(nn.Module):
    """The weights of a convolution, U(−1/√n, 1/√n), n being the numbers that each output sums over.

    ``weight``: (outputs, inputs, 3, 3), or (inputs, outputs, 3, 3) if ``transposed``, as PyTorch has them.
    """

    def __init__(self, inputs: int, outputs: int, random: torch.Generator, transposed: bool = False) -> None:
        super().__init__()
        first, second = (inputs, outputs) if transposed else (outputs, inputs)
        self.weight = nn.Parameter(torch.empty(first, second, KERNEL, KERNEL))
        self.bias = nn.Parameter(torch.empty(outputs))
        seen = inputs * KERNEL**2 / (4 if transposed else 1)  # at stride ½ a quarter of each window meets a pixel
        for parameter in (self.weight, self.bias):
            nn.init.uniform_(parameter, -1 / math.sqrt(seen), 1 / math.sqrt(seen), generator=random)


class KernelsList(nn.ModuleList):
    """A list of convolutions, for the type checker too."""

    def __iter__(self) -> Iterator[Kernels]:
        return cast(Iterator[Kernels], super().__iter__())


class ConvNetwork(Network):
    """The module of a `Conv`."""

    spec: Conv

    def __init__(self, spec: Conv, statistics: int, random: torch.Generator, learned_deviation: bool) -> None:
        super().__init__(spec, statistics, learned_deviation)
        transposed = spec.upsampling == "transposed"
        self.encoder = KernelsList([Kernels(a, b, random) for a, b in spec.steps])
        self.to_code = linear_layer(math.prod(spec.grid), statistics * spec.latent, random)
        self.from_code = linear_layer(spec.decoder_inputs, math.prod(spec.grid), random)
        self.decoder = KernelsList([Kernels(b, a, random, transposed) for a, b in reversed(spec.steps)])
        self._act = ACTIVATIONS[spec.activation]
        self._code_act = ACTIVATIONS[spec.code_activation]

    def encode(self, x: Tensor) -> Tensor:
        a = self.to_code(self.before_code(x))
        mean, rest = a[:, : self.spec.latent], a[:, self.spec.latent :]
        return torch.cat([self._code_act.value(mean), rest], dim=1)

    def decode_inputs(self, inputs: Tensor) -> Tensor:
        h = self._act.value(self.from_code(inputs)).reshape(-1, *self.spec.grid)
        *hidden, last = zip(self.decoder, self.spec.sizes[-2::-1], strict=True)
        for layer, size in hidden:
            h = self._act.value(self._grow(layer, h, size))
        layer, size = last
        return self._grow(layer, h, size).flatten(1)

    def _grow(self, layer: Kernels, h: Tensor, size: tuple[int, int]) -> Tensor:
        """To twice the height and width, or one less where the encoder halved an odd number."""
        height, width = size
        if self.spec.upsampling == "nearest":
            h = F.interpolate(h, scale_factor=2)[:, :, :height, :width]
            return F.conv2d(h, layer.weight, layer.bias, padding=1)
        odd = (height - 2 * h.shape[2] + 1, width - 2 * h.shape[3] + 1)
        return F.conv_transpose2d(h, layer.weight, layer.bias, stride=2, padding=1, output_padding=odd)

    def decoder_operations(self) -> list[Operation]:
        spec = self.spec
        linear = {"weight": self.from_code.weight, "bias": self.from_code.bias}
        found = [Operation("linear", linear), Operation(spec.activation)]
        shape = spec.grid
        for i, (layer, size) in enumerate(zip(self.decoder, spec.sizes[-2::-1], strict=True)):
            arrays = {"weight": layer.weight, "bias": layer.bias}
            channels = len(layer.bias)
            if spec.upsampling == "nearest":
                larger = (shape[0], *size)
                found.append(Operation("upsample", sizes={"input": shape, "output": larger}))
                found.append(Operation("convolution", arrays, {"input": larger, "output": (channels, *size)}))
            else:
                found.append(Operation("transposed", arrays, {"input": shape, "output": (channels, *size)}))
            found.append(Operation(spec.output if i == len(self.decoder) - 1 else spec.activation))
            shape = (channels, *size)
        return found

    def encoder_operations(self) -> list[Operation]:
        found = []
        pictures = zip((self.spec.shape[0], *self.spec.channels), self.spec.sizes, strict=True)
        for layer, (before, after) in zip(self.encoder, pairwise(pictures), strict=True):
            sizes = {"input": (before[0], *before[1]), "output": (after[0], *after[1])}
            found.append(Operation("strided", {"weight": layer.weight, "bias": layer.bias}, sizes))
            found.append(Operation(self.spec.activation))
        return [*found, *self._code_operations(self.to_code)]

    def before_code(self, x: Tensor) -> Tensor:
        h = x.reshape(-1, *self.spec.shape)
        for layer in self.encoder:
            h = self._act.value(F.conv2d(h, layer.weight, layer.bias, stride=2, padding=1))
        return h.flatten(1)

    def code_layers(self) -> tuple[nn.Linear, nn.Linear | None]:
        return self.to_code, self.from_code

    def receptive_fields(self) -> Tensor:
        return next(iter(self.encoder)).weight

    def squared_jacobian_norm(self, x: Tensor, random: Random) -> Tensor:
        """Hutchinson's unbiased estimate, at the cost of one backward pass (see `aelib.geometry.hutchinson_norm`)."""
        assert isinstance(random, torch.Generator)  # convolutions are never stacked
        return hutchinson_norm(lambda x: self.encode(x)[:, : self.spec.latent], x, random)
