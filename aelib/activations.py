"""Activation functions with their derivatives, by the name that configurations and the browser use."""

from collections.abc import Callable
from typing import Literal, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

ActivationName = Literal["identity", "relu", "leaky_relu", "elu", "silu", "softplus", "tanh", "sigmoid"]


class Activation(NamedTuple):
    """f and f′ as functions of the pre-activation a; both differentiable by autograd."""

    value: Callable[[Tensor], Tensor]
    slope: Callable[[Tensor], Tensor]


def _silu_slope(a: Tensor) -> Tensor:
    s = torch.sigmoid(a)
    return s * (1 + a * (1 - s))


# The slopes at 0 are those that autograd uses: 0 for ReLU, 0.01 for leaky ReLU, 1 for ELU.
ACTIVATIONS: dict[ActivationName, Activation] = {
    "identity": Activation(lambda a: a, torch.ones_like),
    "relu": Activation(F.relu, lambda a: (a > 0).to(a.dtype)),
    "leaky_relu": Activation(lambda a: F.leaky_relu(a, 0.01), lambda a: torch.where(a > 0, torch.ones_like(a), 0.01)),
    "elu": Activation(F.elu, lambda a: torch.where(a > 0, 1.0, torch.exp(a.clamp(max=0.0)))),
    "silu": Activation(F.silu, _silu_slope),
    "softplus": Activation(F.softplus, torch.sigmoid),
    "tanh": Activation(torch.tanh, lambda a: 1 - torch.tanh(a) ** 2),
    "sigmoid": Activation(torch.sigmoid, lambda a: torch.sigmoid(a) * (1 - torch.sigmoid(a))),
}
