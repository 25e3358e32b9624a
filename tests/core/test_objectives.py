"""Objectives against autograd, torch.distributions and a model whose evidence is known."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.distributions import MultivariateNormal, Normal, kl_divergence
from torch.func import jacrev, vmap

from aelib import MLP, Autoencoder, Conditional, Contractive, Denoising, Experiment, Sparse, Vanilla, Variational
from aelib.activations import ACTIVATIONS
from aelib.objectives.variational import unit_kl

FEATURES = 9


def batch(n=6, seed=0):
    return torch.rand(n, FEATURES, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def network(statistics=1, **settings):
    return MLP((FEATURES,), **settings).build(statistics, torch.Generator().manual_seed(1)).double()


def jacobian_norm_by_autograd(net, x):
    """‖∂code/∂x‖²_F per example, one output at a time, knowing nothing of the network."""

    def code(row):
        return net.encode(row)[: net.spec.latent]

    return vmap(jacrev(code))(x).square().sum((1, 2))


def test_contractive_closed_form_for_one_sigmoid_layer():
    """Σ_j (h_j (1 − h_j))² ‖W_j‖² (Rifai et al. 2011)."""
    net, x = network(hidden=(), latent=4, code_activation="sigmoid"), batch()
    h = net.encode(x)
    closed_form = ((h * (1 - h)).square() * net.encoder[0].weight.square().sum(1)).sum(1)
    found = net.squared_jacobian_norm(x)
    torch.testing.assert_close(found, closed_form, rtol=1e-12, atol=0)
    torch.testing.assert_close(found, jacobian_norm_by_autograd(net, x), rtol=1e-12, atol=0)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("hidden", [(7,), (8, 5), (7, 8, 5, 4)])
@pytest.mark.parametrize(("statistics", "tied"), [(1, False), (1, True), (2, False), (2, True)])
def test_jacobian_norm_and_its_gradient_are_exact_for_any_network(activation, hidden, statistics, tied):
    """Of a variational network only the mean counts."""
    net = network(statistics, hidden=hidden, latent=3, activation=activation, code_activation="tanh", tied=tied)
    x = batch()
    found, expected = net.squared_jacobian_norm(x), jacobian_norm_by_autograd(net, x)
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=0)
    weights = [layer.weight for layer in net.encoder]
    for ours, theirs in zip(
        torch.autograd.grad(found.sum(), weights), torch.autograd.grad(expected.sum(), weights), strict=True
    ):
        torch.testing.assert_close(ours, theirs, rtol=1e-9, atol=1e-13)


@settings(deadline=None)
@given(mean=st.floats(-20, 20), log_variance=st.floats(-20, 5))
def test_unit_kl_is_that_of_torch_distributions(mean, log_variance):
    mean, log_variance = torch.tensor([mean, log_variance], dtype=torch.float64)
    expected = kl_divergence(Normal(mean, torch.exp(log_variance / 2)), Normal(torch.zeros_like(mean), 1.0))
    assert float(unit_kl(mean, log_variance)) == pytest.approx(float(expected), abs=1e-6, rel=1e-9)


def test_unit_kl_is_zero_only_at_the_prior():
    zero = torch.zeros((), dtype=torch.float64)
    assert unit_kl(zero, zero) == 0
    assert all(unit_kl(zero + a, zero + b) > 0 for a, b in [(0.1, 0), (-0.1, 0), (0, 0.1), (0, -0.1)])


def model_of(objective, statistics=1, **settings):
    return Autoencoder(MLP((FEATURES,), hidden=(6,), latent=3, **settings), objective).double()


@torch.no_grad()
def test_penalties_are_summed_over_units_averaged_over_examples_and_weighted(random):
    x = batch(5)
    sparse = model_of(Sparse(weight=0.7))
    code = sparse.encode(x)
    expected = 0.7 * sum(abs(float(unit)) for example in code for unit in example) / 5
    assert float(sparse.terms(x, random)["sparsity"]) == pytest.approx(expected, rel=1e-6)  # λ is a float32

    contractive = model_of(Contractive(weight=0.7))
    expected = 0.7 * jacobian_norm_by_autograd(contractive.network, x).mean()
    assert float(contractive.terms(x, random)["contraction"]) == pytest.approx(float(expected), rel=1e-6)

    variational = model_of(Variational(beta=0.7))
    prior = Normal(torch.zeros(3, dtype=torch.float64), 1.0)
    expected = 0.7 * kl_divergence(variational.posterior(x), prior).sum(1).mean()
    assert float(variational.terms(x, random)["kl"]) == pytest.approx(float(expected), rel=1e-6)


@settings(deadline=None, max_examples=20)
@given(free=st.floats(0, 2, width=32))
def test_free_bits_are_paid_for_whether_used_or_not(free):
    """β Σ_j max(λ, KL_j), the KL of each unit being averaged over the examples first."""
    model, x = model_of(Variational(beta=0.7, free_bits=free)), batch(5)
    with torch.no_grad():
        model.network.encoder[-1].bias += torch.tensor([2.0, 0.5, 0.0, 0.0, 0.0, 0.0])  # of units and log-variances
        by_unit = [float(kl) for kl in kl_divergence(model.posterior(x), Normal(0.0, 1.0)).mean(0)]
        expected = 0.7 * sum(max(free, kl) for kl in by_unit)
        found = float(model.terms(x, torch.Generator())["kl"])
    assert max(by_unit) > 1 > 0.1 > min(by_unit)  # the units differ, so that some pay and some do not
    assert found == pytest.approx(expected, rel=1e-6)


def test_a_unit_within_its_free_bits_is_not_pulled_to_the_prior(random):
    model, x = model_of(Variational(free_bits=10)), batch(5)
    model.terms(x, random)["kl"].backward()
    assert not any(parameter.grad.any() for parameter in model.parameters() if parameter.grad is not None)


@torch.no_grad()
@pytest.mark.parametrize("objective", [Variational(warm_up=8), Conditional(warm_up=8)])
@pytest.mark.parametrize(("epoch", "share"), [(0, 0), (2, 0.25), (5.5, 0.6875), (8, 1), (9, 1), (math.inf, 1)])
def test_beta_warms_up_linearly(objective, epoch, share):
    settings = {"classes": 4} if objective.conditional else {}
    model, x, y = model_of(objective, **settings), batch(4), torch.arange(4)

    def at(epoch):
        random = torch.Generator().manual_seed(0)
        return objective.terms(model.network, model.batch(x, y, random, epoch))

    assert float(at(epoch)["kl"]) == pytest.approx(share * float(at(math.inf)["kl"]))
    assert at(epoch)["reconstruction"] == at(0)["reconstruction"]
    assert objective.stage_name(model.spec, epoch) == (f"β warms up ({share:.0%})" if share < 1 else "")


def test_without_warm_up_beta_counts_from_the_start():
    assert Variational().annealing(0) == 1


def test_training_warms_up_by_its_epochs(tiny):
    """One step an epoch, at rate 0, so that only the share of β changes."""
    config = {"epochs": 4, "batch_size": 192, "learning_rate": 0}
    records = Experiment.of(variant="variational", objective={"warm_up": 2}, train=config).build(tiny)
    costs = [record.terms["kl"] for record in records]
    assert costs == pytest.approx([0, costs[-1] / 2, costs[-1], costs[-1]])
    assert costs[-1] > 0


@torch.no_grad()
def test_reconstruction_has_no_hidden_weight(random):
    model, x = model_of(Vanilla()), batch(5)
    expected = sum(float((a - b) ** 2) for a, b in zip(model(x).flatten(), x.flatten(), strict=True)) / 5
    assert float(model.terms(x, random)["reconstruction"]) == pytest.approx(expected, rel=1e-12)


def test_denoising_sees_the_corrupted_and_rebuilds_the_clean_example(random):
    model, x = model_of(Denoising(corruption="masking", level=1)), batch(5)
    from_nothing = model(torch.zeros_like(x))
    expected = (from_nothing - x).square().sum(1).mean()
    torch.testing.assert_close(model.terms(x, random)["reconstruction"], expected)
    assert not model.corrupt(x, random).any()


def test_beta_1_with_squared_error_is_the_evidence_lower_bound(random):
    """p(x | z) = N(Wz + b, ½ I) with orthogonal columns in W: the true posterior is a diagonal Gaussian that
    a linear encoder can hold. There the bound touches log p(x); anywhere else it lies below it."""
    model = Autoencoder(
        MLP((FEATURES,), hidden=(), latent=2, output="identity"), Variational(likelihood="squared_error", beta=1)
    ).double()
    encoder, decoder = model.network.encoder[0], model.network.decoder[0]
    columns, _ = torch.linalg.qr(torch.randn(FEATURES, 2, generator=random, dtype=torch.float64))
    w = columns * torch.tensor([2.0, 0.5], dtype=torch.float64)
    precision = 1 + 2 * w.square().sum(0)
    with torch.no_grad():
        decoder.weight.copy_(w)
        encoder.weight.zero_()[:2].copy_(2 * w.T / precision[:, None])
        encoder.bias.copy_(torch.cat([-2 * w.T @ decoder.bias / precision, -precision.log()]))
    x = batch(1)
    identity = torch.eye(FEATURES, dtype=torch.float64)
    evidence = float(MultivariateNormal(decoder.bias.detach(), w @ w.T + identity / 2).log_prob(x))

    def bound():
        """The mean over 100,000 draws; its standard error here is below 0.005."""
        with torch.no_grad():
            loss = sum(model.terms(x.expand(100_000, -1), random).values())
        return -float(loss) - FEATURES / 2 * math.log(math.pi)

    assert bound() == pytest.approx(evidence, abs=0.02)
    with torch.no_grad():
        encoder.bias += 0.5
    assert bound() < evidence - 0.1
