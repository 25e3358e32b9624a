"""What every network has in common: its description, its two maps, and both as data for the browser."""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import torch
import torch.nn.functional as F
from pydantic import Field
from torch import Tensor, nn

from aelib.activations import ActivationName
from aelib.randomness import Random
from aelib.spec import Spec

#: Units or channels of one layer, at most.
MAX_WIDTH = 4096

Width = Annotated[int, Field(ge=1, le=MAX_WIDTH)]


class NetworkSpec(Spec, ABC):
    """Describes an encoder and a decoder.

    ``shape``: of one example, e.g. (1, 8, 8). ``latent``: units of the code. ``activation``: of hidden
    layers. ``code_activation``: of the code. ``output``: of the reconstruction. ``classes``: labels that
    the decoder is told beside the code, 0 for none.
    """

    shape: tuple[Width, ...] = Field(min_length=1, max_length=3)
    latent: Width = 2
    activation: ActivationName = "relu"
    code_activation: ActivationName = "identity"
    output: Literal["sigmoid", "identity"] = "sigmoid"
    classes: int = Field(0, ge=0, le=1000)

    @property
    def features(self) -> int:
        """Numbers in one example."""
        return math.prod(self.shape)

    @property
    @abstractmethod
    def sketch(self) -> str:
        """Its layers in a line, for people, e.g. ``64–32–2``."""

    @property
    def decoder_inputs(self) -> int:
        """Numbers that the decoder takes: the code, then one for each class."""
        return self.latent + self.classes

    @abstractmethod
    def build(self, statistics: int, random: torch.Generator, learned_deviation: bool = False) -> "Network":
        """The module, initialised from ``random``; ``statistics`` = 2 adds a log-variance to each code unit,
        ``learned_deviation`` a parameter log σ for the likelihood."""


@dataclass(frozen=True)
class Operation:
    """One step of an encoder or a decoder, for an interpreter: its name, its arrays, and its sizes."""

    name: str
    arrays: Mapping[str, Tensor] = field(default_factory=dict)
    sizes: Mapping[str, Any] = field(default_factory=dict)


class Network(nn.Module, ABC):
    """Encoder x ↦ statistics of the code, decoder z ↦ logits; both on flat vectors.

    ``log_deviation``: log σ of the likelihood where it is learned, else None.
    """

    log_deviation: Tensor | None

    def __init__(self, spec: NetworkSpec, statistics: int, learned_deviation: bool) -> None:
        super().__init__()
        self.spec, self.statistics = spec, statistics
        self.log_deviation = nn.Parameter(torch.zeros(())) if learned_deviation else None

    @abstractmethod
    def encode(self, x: Tensor) -> Tensor:
        """(n, features) ↦ (n, statistics · latent): the code, or its mean followed by its log-variance."""

    @abstractmethod
    def decode_inputs(self, inputs: Tensor) -> Tensor:
        """(n, latent + classes) ↦ (n, features): pre-activations of the reconstruction."""

    @abstractmethod
    def decoder_operations(self) -> list[Operation]:
        """The decoder as data, the output's activation included; its input is a code followed by the classes."""

    @abstractmethod
    def encoder_operations(self) -> list[Operation]:
        """The encoder as data, from an example to the statistics of its code; the last one is the activation of the
        ``first`` of these, the code or its mean."""

    @abstractmethod
    def before_code(self, x: Tensor) -> Tensor:
        """(n, features) ↦ what the layer into the code takes, (n, its inputs)."""

    @abstractmethod
    def code_layers(self) -> tuple[nn.Linear, nn.Linear | None]:
        """The layer into the code and the one out of it; None where that has no weights of its own."""

    @abstractmethod
    def squared_jacobian_norm(self, x: Tensor, random: Random) -> Tensor:
        """‖∂code/∂x‖²_F per example, (n,), differentiable: exact, or an unbiased estimate drawn from ``random``."""

    def encode_with_jacobian_norm(self, x: Tensor, random: Random) -> tuple[Tensor, Tensor]:
        """What `encode` and `squared_jacobian_norm` give, in one pass where that is cheaper."""
        return self.encode(x), self.squared_jacobian_norm(x, random)

    @abstractmethod
    def receptive_fields(self) -> Tensor:
        """What each unit of the first layer weighs, as pictures or vectors: (units, *shape of one)."""

    def _code_operations(self, layer: nn.Linear) -> list[Operation]:
        """The last layer of an encoder as data."""
        arrays = {"weight": layer.weight, "bias": layer.bias}
        return [Operation("linear", arrays), Operation(self.spec.code_activation, sizes={"first": self.spec.latent})]

    def decode(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """(n, latent) and labels (n,) ↦ (n, features): pre-activations of the reconstruction.

        Without a label, or with the label −1, all classes are 0.
        """
        if self.spec.classes:
            z = torch.cat([z, self._one_hot(z, y)], dim=-1)
        return self.decode_inputs(z)

    def _one_hot(self, z: Tensor, y: Tensor | None) -> Tensor:
        if y is None:
            return z.new_zeros(*z.shape[:-1], self.spec.classes)
        return F.one_hot(y + 1, self.spec.classes + 1)[..., 1:].to(z.dtype).expand(*z.shape[:-1], -1)
