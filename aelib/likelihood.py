"""Reconstruction errors: −log p(x | z) for every entry of every example, (n, features); their sum is the example's.

Objectives sum them over features and average them over the batch.
"""

import math
from collections.abc import Callable
from typing import Any, Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from aelib.activations import ACTIVATIONS, ActivationName

LikelihoodName = Literal["squared_error", "cross_entropy", "kl_divergence", "gaussian"]

#: Likelihoods of values between 0 and 1, by the sigmoid of the logits.
NEEDS_UNIT_RANGE: tuple[LikelihoodName, ...] = ("cross_entropy", "kl_divergence")


def spoken(name: LikelihoodName) -> str:
    """The name of a likelihood within a sentence."""
    return name.replace("_", "-").replace("kl", "KL")


#: A learned σ stays above this: one pixel known to this precision is worth no more.
MIN_LOG_DEVIATION = math.log(1e-3)


def squared_error(logits: Tensor, x: Tensor, output: ActivationName, log_deviation: Tensor | None) -> Tensor:
    """(x − x̂)²; x̂ = output(logits).

    It is −log N(x; x̂, ½) without its constant, so that β = 1 of a variational model is its ELBO.
    """
    return (ACTIVATIONS[output].value(logits) - x).square()


def cross_entropy(logits: Tensor, x: Tensor, output: ActivationName, log_deviation: Tensor | None) -> Tensor:
    """−x log x̂ − (1 − x) log(1 − x̂) in nats; x̂ = sigmoid(logits).

    Computed from the logits, so that a saturated pixel costs a finite number. For grey values
    strictly between 0 and 1 the least possible value is their entropy, not 0.
    """
    loss: Tensor = _CrossEntropy.apply(logits, x)
    return loss


class _CrossEntropy(torch.autograd.Function):
    """max(l, 0) − log sigmoid(|l|) − x l, with the gradient sigmoid(l) − x.

    The same numbers as `F.binary_cross_entropy_with_logits`, whose log-sigmoid took a fifth of a
    training step on a CPU; this takes a quarter of that.
    """

    generate_vmap_rule = True

    @staticmethod
    def forward(logits: Tensor, x: Tensor) -> Tensor:
        return torch.sigmoid(logits.abs()).log_().neg_().add_(logits.clamp_min(0)).sub_(x * logits)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, Tensor], output: Tensor) -> None:
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        logits, x = ctx.saved_tensors
        return gradient * (torch.sigmoid(logits) - x), None


def kl_divergence(logits: Tensor, x: Tensor, output: ActivationName, log_deviation: Tensor | None) -> Tensor:
    """The terms p log(p / q) of KL(p ‖ q) in nats, of pictures taken as distributions: p = x / Σ x, q = x̂ / Σ x̂.

    The brightness of the reconstruction does not matter to it, only where the light falls. A black picture
    is no distribution and costs nothing.
    """
    log_q = F.logsigmoid(logits)
    log_q = log_q - log_q.logsumexp(-1, keepdim=True)
    p = x / x.sum(-1, keepdim=True).clamp_min(torch.finfo(x.dtype).tiny)
    return torch.xlogy(p, p) - p * log_q


def gaussian(logits: Tensor, x: Tensor, output: ActivationName, log_deviation: Tensor | None) -> Tensor:
    """−log N(x; x̂, σ²) = (x − x̂)² / 2σ² + log σ + ½ log 2π in nats; x̂ = output(logits).

    One σ for all entries, given or learned (Rybkin et al. 2021); a learned one does not fall below 0.001.
    """
    assert log_deviation is not None
    # The gradient passes the floor: a σ that fell too far finds its way back.
    log_deviation = log_deviation + (log_deviation.clamp_min(MIN_LOG_DEVIATION) - log_deviation).detach()
    error = squared_error(logits, x, output, None)
    return 0.5 * error * torch.exp(-2 * log_deviation) + log_deviation + 0.5 * math.log(2 * math.pi)


LIKELIHOODS: dict[LikelihoodName, Callable[[Tensor, Tensor, ActivationName, Tensor | None], Tensor]] = {
    "squared_error": squared_error,
    "cross_entropy": cross_entropy,
    "kl_divergence": kl_divergence,
    "gaussian": gaussian,
}
