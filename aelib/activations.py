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


# Functions with names, for `torch.save(model)` and `pickle`, which keep a function by its name.


def _identity(a: Tensor) -> Tensor:
    return a


# The slopes at 0 are those that autograd uses: 0 for ReLU, 0.01 for leaky ReLU, 1 for ELU.


def _relu_slope(a: Tensor) -> Tensor:
    return (a > 0).to(a.dtype)


def _leaky_relu_slope(a: Tensor) -> Tensor:
    return torch.where(a > 0, torch.ones_like(a), 0.01)


def _elu_slope(a: Tensor) -> Tensor:
    return torch.where(a > 0, 1.0, torch.exp(a.clamp(max=0.0)))


def _silu_slope(a: Tensor) -> Tensor:
    s = torch.sigmoid(a)
    return s * (1 + a * (1 - s))


def _tanh_slope(a: Tensor) -> Tensor:
    return 1 - torch.tanh(a) ** 2


def _sigmoid_slope(a: Tensor) -> Tensor:
    return torch.sigmoid(a) * (1 - torch.sigmoid(a))


ACTIVATIONS: dict[ActivationName, Activation] = {
    "identity": Activation(_identity, torch.ones_like),
    "relu": Activation(F.relu, _relu_slope),
    "leaky_relu": Activation(F.leaky_relu, _leaky_relu_slope),
    "elu": Activation(F.elu, _elu_slope),
    "silu": Activation(F.silu, _silu_slope),
    "softplus": Activation(F.softplus, torch.sigmoid),
    "tanh": Activation(torch.tanh, _tanh_slope),
    "sigmoid": Activation(torch.sigmoid, _sigmoid_slope),
}
