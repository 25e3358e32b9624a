"""The linear map of a layer, of one network or of a stack of them."""

import torch
import torch.nn.functional as F
from torch import Tensor


def linear(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """x Wᵀ + b: (n, inputs) ↦ (n, outputs) with weights (outputs, inputs) and biases (outputs,).

    Stacked weights (K, outputs, inputs) and biases (K, outputs) give (K, n, outputs), from ``x`` of shape
    (K, n, inputs) or (n, inputs), which all of them then see. One batched product is several times as fast as
    K small ones.
    """
    if weight.ndim == 2:
        return F.linear(x, weight, bias)
    return torch.baddbmm(bias.unsqueeze(1), x.expand(len(weight), -1, -1), weight.mT)
