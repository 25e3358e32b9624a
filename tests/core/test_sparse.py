"""Sparse codes: priors and target activities against torch.distributions, and exactly k units."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.distributions import Bernoulli, Laplace, Normal, StudentT, kl_divergence

from aelib import MLP, Autoencoder, ConfigError, KSparse, Sparse, SparseKL, Vanilla
from aelib.objectives.sparse import PRIORS
from aelib.objectives.sparse_kl import bernoulli_kl

FEATURES = 9


@pytest.fixture
def x(random):
    return torch.rand(6, FEATURES, generator=random, dtype=torch.float64)


def model_of(objective, latent=5, **settings):
    return Autoencoder(MLP((FEATURES,), hidden=(), latent=latent, **settings), objective).double()


# --- priors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prior", "density", "weight"),
    [
        ("laplace", Laplace(0.0, 0.5), 2.0),  # λ = 1 / b
        ("laplace", Laplace(0.0, 4.0), 0.25),
        ("student_t", StudentT(1.0), 1.0),  # λ = (ν + 1) / 2 with ν = 1: Cauchy
        ("gaussian", Normal(0.0, 0.5), 2.0),  # λ = 1 / 2σ²
        ("gaussian", Normal(0.0, 2.0), 0.125),
    ],
)
def test_the_penalty_is_the_negative_log_prior_up_to_a_constant(prior, density, weight, x, random):
    """Training is MAP inference: λ ψ(h) + log p(h) is the same number for every h."""
    h = torch.linspace(-5, 5, 101)
    constant = weight * PRIORS[prior](h) + density.log_prob(h)
    torch.testing.assert_close(constant, constant[50].expand_as(h))

    model = model_of(Sparse(prior=prior, weight=weight))
    code = model.encode(x).float()
    expected = (density.log_prob(torch.zeros(5)) - density.log_prob(code)).sum(1).mean()
    torch.testing.assert_close(model.terms(x, random)["sparsity"].float(), expected)


@pytest.mark.parametrize(("prior", "near", "far"), [("laplace", 1, 1), ("student_t", 0, 0.02), ("gaussian", 0, 200)])
def test_only_the_laplace_prior_pulls_at_the_origin(prior, near, far):
    """So it alone makes exact zeros; far out the Student-t lets go, and the Gaussian pulls ever harder."""
    h = torch.tensor([1e-6, 100.0], dtype=torch.float64, requires_grad=True)
    (pull,) = torch.autograd.grad(PRIORS[prior](h).sum(), h)
    assert pull.tolist() == pytest.approx([near, far], abs=1e-5, rel=1e-3)


# --- target activity -------------------------------------------------------------------------------


@settings(deadline=None)
@given(rho=st.floats(0.001, 0.5), activity=st.floats(1e-6, 1 - 1e-6))
def test_bernoulli_kl_is_that_of_torch_distributions(rho, activity):
    rho, activity = torch.tensor([rho, activity], dtype=torch.float64)
    expected = kl_divergence(Bernoulli(rho), Bernoulli(activity))
    assert float(bernoulli_kl(rho, activity)) == pytest.approx(float(expected), abs=1e-12, rel=1e-6)


def test_bernoulli_kl_is_zero_at_the_target_and_finite_for_units_that_are_always_off_or_on():
    rho = torch.tensor(0.05, dtype=torch.float64)
    assert bernoulli_kl(rho, rho) == pytest.approx(0, abs=1e-15)
    assert bernoulli_kl(rho, rho + 0.01) > 0
    assert bernoulli_kl(rho, rho - 0.01) > 0
    for end in (0.0, 1.0):
        assert torch.isfinite(bernoulli_kl(rho, torch.tensor([end]))).all()


@torch.no_grad()
def test_the_target_activity_is_asked_of_each_unit_over_the_batch(x, random):
    model = model_of(SparseKL(weight=0.7, rho=0.1), code_activation="sigmoid")
    activity = model.encode(x).mean(0)  # over examples, not over units
    expected = 0.7 * sum(float(kl_divergence(Bernoulli(0.1), Bernoulli(float(a)))) for a in activity)
    assert float(model.terms(x, random)["sparsity"]) == pytest.approx(expected, rel=1e-5)


# --- exactly k -------------------------------------------------------------------------------------


@settings(deadline=None)
@given(
    k=st.integers(1, 8),
    values=st.lists(st.lists(st.floats(-3, 3, width=16), min_size=8, max_size=8), min_size=1, max_size=4),
)
def test_the_k_largest_units_survive_unchanged_and_no_other(k, values):
    statistics = torch.tensor(values)
    code = KSparse(k=k).code(statistics, {"k": torch.tensor(float(k))})
    for before, after in zip(values, code.tolist(), strict=True):
        # Of equal units the first ones stay: Python's sort keeps their order.
        kept = sorted(range(8), key=lambda unit: -before[unit])[:k]
        assert after == [value if unit in kept else 0 for unit, value in enumerate(before)]


def test_of_many_equal_units_the_first_ones_stay():
    code = KSparse(k=3).code(torch.ones(2, 4096), {"k": torch.tensor(3.0)})
    assert code.nonzero().tolist() == [[row, unit] for row in range(2) for unit in range(3)]


@torch.no_grad()
def test_codes_have_exactly_k_active_units_in_training_and_after(random, x):
    model = model_of(KSparse(k=3), latent=8)
    assert (model.encode(x) != 0).sum(1).tolist() == [3] * 6
    rebuilt = model.decode(model.encode(x))
    torch.testing.assert_close(model(x), rebuilt)
    expected = (rebuilt - x).square().sum(1).mean()
    torch.testing.assert_close(model.terms(x, random)["reconstruction"], expected)


def test_k_of_the_whole_code_is_the_plain_autoencoder(random, x):
    model, plain = model_of(KSparse(k=5)), model_of(Vanilla())
    assert torch.equal(model.encode(x), plain.encode(x))
    assert model.terms(x, random) == plain.terms(x, random)


def test_silent_units_get_no_gradient(x, random):
    model = model_of(KSparse(k=1), latent=8)
    winners = set(model.encode(x).argmax(1).tolist())
    model.terms(x, random)["reconstruction"].backward()
    moved = model.network.encoder[0].weight.grad.any(1)
    assert set(moved.nonzero().flatten().tolist()) <= winners


def test_k_is_turned_live_within_the_code(x, complains):
    model = model_of(KSparse(k=2))
    assert model.knobs["k"].high == 5
    for k in (1, 4, 5):
        model.set_knob("k", k)
        assert (model.encode(x) != 0).sum(1).tolist() == [k] * 6
    with complains(ConfigError, "k = 6", "5"):
        model.set_knob("k", 6)
    with complains(ConfigError, "whole number", "2.5"):
        model.set_knob("k", 2.5)
    assert model.objective.k == 5
    with complains(ConfigError, "k = 9", "8"):
        model_of(KSparse(k=9), latent=8)
