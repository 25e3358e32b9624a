"""The written-out slopes are the derivatives of the functions beside them."""

import pytest
import torch

from aelib.activations import ACTIVATIONS


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slope_is_the_derivative(name):
    a = torch.cat(
        [torch.linspace(-6, 6, 200, dtype=torch.float64), torch.zeros(1, dtype=torch.float64)]
    ).requires_grad_()
    activation = ACTIVATIONS[name]
    (expected,) = torch.autograd.grad(activation.value(a).sum(), a)
    torch.testing.assert_close(activation.slope(a), expected, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("name", ["elu", "silu", "softplus", "tanh", "sigmoid"])
def test_slope_can_itself_be_differentiated(name):
    a = torch.linspace(-3, 3, 50, dtype=torch.float64).requires_grad_()
    assert torch.autograd.gradcheck(ACTIVATIONS[name].slope, a)
