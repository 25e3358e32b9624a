"""Reconstruction errors: −log p(x | z) up to a constant, summed over features, averaged over the batch."""

from collections.abc import Callable
from typing import Literal

import torch.nn.functional as F
from torch import Tensor

from aelib.activations import ACTIVATIONS, ActivationName
from aelib.errors import ConfigError

LikelihoodName = Literal["squared_error", "cross_entropy"]


def squared_error(logits: Tensor, x: Tensor, output: ActivationName) -> Tensor:
    """‖x − x̂‖² per example, batch mean; x̂ = output(logits).

    It is −log N(x; x̂, ½ I) without its constant, so that β = 1 of a variational model is its ELBO.
    """
    return (ACTIVATIONS[output].value(logits) - x).square().sum() / x.shape[0]


def cross_entropy(logits: Tensor, x: Tensor, output: ActivationName) -> Tensor:
    """−Σ x log x̂ + (1 − x) log(1 − x̂) per example in nats, batch mean; x̂ = sigmoid(logits).

    Computed from the logits, so that a saturated pixel costs a finite number. For grey values
    strictly between 0 and 1 the least possible value is their entropy, not 0.
    """
    if output != "sigmoid":
        raise ConfigError("Cross-entropy needs outputs between 0 and 1: choose the sigmoid output or squared error.")
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / x.shape[0]


LIKELIHOODS: dict[LikelihoodName, Callable[[Tensor, Tensor, ActivationName], Tensor]] = {
    "squared_error": squared_error,
    "cross_entropy": cross_entropy,
}
