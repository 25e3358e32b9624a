"""Jacobians and their norms against autograd one output at a time, and against closed forms."""

import pytest
import torch
import torch.nn.functional as F
from torch.func import jacrev, vmap
from torch.utils.flop_counter import FlopCounterMode

from aelib import MLP
from aelib.activations import ACTIVATIONS
from aelib.geometry import hutchinson_norm, jacobian, squared_jacobian_norm
from aelib.geometry.rows import CHUNK

FEATURES = 9


def batch(n=6, features=FEATURES):
    return torch.rand(n, features, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def network(**settings):
    return MLP((FEATURES,), **settings).build(1, torch.Generator().manual_seed(1)).double()


def by_autograd(f, x):
    """The Jacobians one example and one output at a time, differentiable."""
    return vmap(jacrev(lambda row: f(row.unsqueeze(0)).squeeze(0)))(x)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("latent", [1, 3, FEATURES, 12], ids="latent={}".format)
def test_jacobians_of_encoders_and_decoders_are_exact(activation, latent):
    """Under- and overcomplete: either mode serves each of the maps once."""
    net = network(hidden=(7,), latent=latent, activation=activation, code_activation="tanh")
    x = batch()
    z = net.encode(x).detach()
    for f, at, shape in [(net.encode, x, (6, latent, FEATURES)), (net.decode, z, (6, FEATURES, latent))]:
        found = jacobian(f, at)
        assert found.shape == shape
        torch.testing.assert_close(found, by_autograd(f, at), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("kernels", [1, 5])
def test_maps_need_not_be_perceptrons(kernels, random):
    """16 pixels to 4 numbers, and to 20, through a convolution and a softmax."""
    weight = torch.randn(kernels, 1, 3, 3, generator=random, dtype=torch.float64)

    def f(x):
        return F.conv2d(x.reshape(-1, 1, 4, 4), weight).flatten(1).softmax(dim=1)

    x = batch(features=16)
    torch.testing.assert_close(jacobian(f, x), by_autograd(f, x), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("n", [0, 1, CHUNK, 2 * CHUNK + 1])
@pytest.mark.parametrize("latent", [2, 12])
def test_any_number_of_rows(n, latent):
    net, x = network(hidden=(), latent=latent, code_activation="sigmoid"), batch(n)
    h = net.encode(x)
    closed_form = (h * (1 - h)).unsqueeze(2) * net.encoder[0].weight
    torch.testing.assert_close(jacobian(net.encode, x), closed_form, rtol=1e-12, atol=1e-15)
    norms = squared_jacobian_norm(net.encode, x)
    torch.testing.assert_close(norms, closed_form.square().sum((1, 2)), rtol=1e-12, atol=0)


@pytest.mark.parametrize("outputs", [2, 5])
def test_a_map_that_ignores_its_input_has_no_slope(outputs):
    assert torch.equal(jacobian(lambda x: torch.ones(len(x), outputs).double(), batch(4)), torch.zeros(4, outputs, 9))


@pytest.mark.parametrize(("inputs", "outputs"), [(2, 50), (50, 2)])
def test_jacobians_cost_as_many_passes_as_the_smaller_side_has_numbers(inputs, outputs, random):
    """Counted in floating-point operations of matrix products: 2 passes and no more than 2 to prepare them, not 50."""
    first = torch.randn(inputs, 20, generator=random)
    second = torch.randn(20, outputs, generator=random)
    x = torch.randn(4, inputs, generator=random)

    def f(x):
        return (x @ first).tanh() @ second

    with FlopCounterMode(display=False) as once:
        f(x)
    with FlopCounterMode(display=False) as all_of_it:
        jacobian(f, x)
    assert all_of_it.get_total_flops() <= (2 + 2) * once.get_total_flops()


def test_jacobians_are_there_without_autograd():
    net, x = network(latent=3), batch()
    expected = jacobian(net.encode, x)
    with torch.no_grad():
        found = jacobian(net.encode, x)
    assert torch.equal(found, expected)
    assert not found.requires_grad


def test_norm_is_the_closed_form_of_one_sigmoid_layer():
    """Σ_j (h_j (1 − h_j))² ‖W_j‖² (Rifai et al. 2011)."""
    net, x = network(hidden=(), latent=4, code_activation="sigmoid"), batch()
    h = net.encode(x)
    closed_form = ((h * (1 - h)).square() * net.encoder[0].weight.square().sum(1)).sum(1)
    torch.testing.assert_close(squared_jacobian_norm(net.encode, x), closed_form, rtol=1e-12, atol=0)


@pytest.mark.parametrize("latent", [3, 12])
@pytest.mark.parametrize("activation", ["tanh", "softplus", "relu"])
def test_norm_and_its_gradient_are_those_that_the_perceptron_writes_out(activation, latent):
    net = network(hidden=(8, 5), latent=latent, activation=activation, code_activation="sigmoid")
    x, weights = batch(), [layer.weight for layer in net.encoder]
    found, expected = squared_jacobian_norm(net.encode, x), net.squared_jacobian_norm(x)
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=0)
    for ours, theirs in zip(
        torch.autograd.grad(found.sum(), weights), torch.autograd.grad(expected.sum(), weights), strict=True
    ):
        torch.testing.assert_close(ours, theirs, rtol=1e-9, atol=1e-13)


def test_hutchinson_and_its_gradient_are_exact_for_a_code_of_one_unit(random):
    net, x = network(hidden=(7,), latent=1, activation="tanh", code_activation="tanh"), batch()
    found, expected = hutchinson_norm(net.encode, x, random), net.squared_jacobian_norm(x)
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=0)
    weights = [layer.weight for layer in net.encoder]
    for ours, theirs in zip(
        torch.autograd.grad(found.sum(), weights), torch.autograd.grad(expected.sum(), weights), strict=True
    ):
        torch.testing.assert_close(ours, theirs, rtol=1e-9, atol=1e-13)


def test_hutchinson_is_exact_when_the_outputs_have_orthogonal_gradients(random):
    rows, _ = torch.linalg.qr(torch.randn(FEATURES, 4, generator=random, dtype=torch.float64))
    scales = torch.tensor([3.0, 2.0, 1.0, 0.5], dtype=torch.float64)
    found = hutchinson_norm(lambda x: (x @ rows) * scales, batch(), random)
    torch.testing.assert_close(found, scales.square().sum().expand(6), rtol=1e-12, atol=0)


def test_hutchinson_has_the_mean_variance_and_gradient_of_its_theory(random):
    """Of a linear map W: mean ‖W‖², variance 2 Σ_{i≠j} (WWᵀ)²_ij, mean gradient 2W; each row draws its own signs."""
    weight = torch.randn(3, 4, generator=random, dtype=torch.float64).requires_grad_()
    n = 20_000
    found = hutchinson_norm(lambda x: x @ weight.T, batch(n, 4), random)
    (gradient,) = torch.autograd.grad(found.mean(), weight)
    found, weight = found.detach(), weight.detach()
    gram = weight @ weight.T
    variance = 2 * float(gram.square().sum() - gram.diag().square().sum())
    assert float(found.mean()) == pytest.approx(float(weight.square().sum()), abs=5 * (variance / n) ** 0.5)
    assert float(found.var()) == pytest.approx(variance, rel=0.05)
    # Var ∂/∂W_ik ‖vᵀW‖² = 4 Σ_{j≠i} W²_jk ≤ 4 ‖W‖²
    torch.testing.assert_close(gradient, 2 * weight, rtol=0, atol=5 * 2 * float(weight.norm()) / n**0.5)


def test_hutchinson_averages_its_draws():
    net, x = network(latent=5), batch()
    random, again = torch.Generator().manual_seed(3), torch.Generator().manual_seed(3)
    one_by_one = torch.stack([hutchinson_norm(net.encode, x, random) for _ in range(3)])
    assert not torch.allclose(one_by_one[0], one_by_one[1])
    torch.testing.assert_close(hutchinson_norm(net.encode, x, again, draws=3), one_by_one.mean(0))
