"""Bounds against a linear-Gaussian model whose evidence and posterior are known."""

import math
from itertools import combinations, pairwise

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.distributions import Independent, MultivariateNormal, Normal, kl_divergence

from aelib.errors import DataError
from aelib.metrics.likelihood import (
    active_units,
    collapsed_units,
    effective_sample_size,
    evidence_lower_bound,
    importance_weighted_bound,
)

WEIGHTS = st.lists(st.floats(-50, 50), min_size=2, max_size=6)


class LinearGaussian:
    """z ~ N(0, I₂), x | z ~ N(Wz + b, σ² I₅) with σ = 0.7, and four examples x drawn from it; float64."""

    def __init__(self, random):
        self.random = random
        self.w = torch.randn(5, 2, generator=random, dtype=torch.float64)
        self.b = torch.randn(5, generator=random, dtype=torch.float64)
        self.noise = torch.tensor(0.7, dtype=torch.float64)
        z = self.normal(4, 2)
        self.x = z @ self.w.T + self.b + self.noise * self.normal(4, 5)
        identity = torch.eye(2, dtype=torch.float64)
        precision = identity + self.w.T @ self.w / self.noise**2
        mean = torch.linalg.solve(precision, self.w.T @ (self.x - self.b).T / self.noise**2).T
        self.posterior = MultivariateNormal(mean, precision_matrix=precision)
        spread = self.w @ self.w.T + self.noise**2 * torch.eye(5, dtype=torch.float64)
        self.evidence = MultivariateNormal(self.b, spread).log_prob(self.x)
        self.prior = MultivariateNormal(torch.zeros(2, dtype=torch.float64), identity)

    def normal(self, *shape):
        return torch.randn(*shape, generator=self.random, dtype=torch.float64)

    def log_weights(self, q, k):
        """log p(x, z) − log q(z | x) of k draws, (k, 4)."""
        z = q.mean + (q.scale_tril @ self.normal(k, 4, 2, 1)).squeeze(-1)
        given_z = Independent(Normal(z @ self.w.T + self.b, self.noise), 1).log_prob(self.x)
        return self.prior.log_prob(z) + given_z - q.log_prob(z)


@pytest.fixture
def model(random):
    return LinearGaussian(random)


@pytest.fixture
def blurred(model):
    """A posterior that is off in mean and width, as a trained encoder's is."""
    return MultivariateNormal(model.posterior.mean + 0.2, scale_tril=1.5 * model.posterior.scale_tril)


def test_with_the_true_posterior_every_bound_is_the_evidence(model):
    log_weights = model.log_weights(model.posterior, 7)
    for bound in (evidence_lower_bound, importance_weighted_bound):
        torch.testing.assert_close(bound(log_weights), model.evidence, rtol=0, atol=1e-11)
    torch.testing.assert_close(effective_sample_size(log_weights), torch.full((4,), 7.0, dtype=torch.float64))


def test_evidence_lower_bound_falls_short_by_the_divergence_from_the_posterior(model, blurred):
    log_weights = model.log_weights(blurred, 200_000)
    gap = kl_divergence(blurred, model.posterior)
    assert gap.min() > 0.2
    standard_error = float(log_weights.std(0).max()) / 200_000**0.5
    torch.testing.assert_close(evidence_lower_bound(log_weights), model.evidence - gap, rtol=0, atol=5 * standard_error)


def test_importance_weighted_bound_rises_to_the_evidence(model, blurred):
    """Means over 100,000 / k repeats: short of the evidence by about 1, 0.12, 0.02 and 0.0005, with standard errors
    below 0.007, 0.004, 0.004 and 0.004."""
    means = []
    for k in (1, 5, 25, 1000, 100_000):
        draws = model.log_weights(blurred, 100_000).view(k, -1)  # a column for each repeat and example
        means.append(importance_weighted_bound(draws).view(-1, 4).mean(0))
    assert all((low < high).all() for low, high in pairwise(means[:4]))
    assert (means[2] < model.evidence).all()
    torch.testing.assert_close(means[-1], model.evidence, rtol=0, atol=0.02)


@settings(deadline=None)
@given(WEIGHTS)
def test_bounds_are_ordered_whatever_the_weights(values):
    """Jensen: mean ≤ log mean exp ≤ max; and the mean over all subsets of k − 1 draws is no higher than of k
    (Burda et al. 2016, theorem 1)."""
    weights = torch.tensor(values, dtype=torch.float64).unsqueeze(1)
    lower, upper = float(evidence_lower_bound(weights)), float(importance_weighted_bound(weights))
    assert lower - 1e-9 <= upper <= max(values) + 1e-9
    fewer = [
        float(importance_weighted_bound(weights[list(c)])) for c in combinations(range(len(values)), len(values) - 1)
    ]
    assert lower - 1e-9 <= sum(fewer) / len(fewer) <= upper + 1e-9


@settings(deadline=None)
@given(WEIGHTS, st.floats(-1000, 1000))
def test_a_constant_moves_the_bounds_and_leaves_the_sample_size(values, constant):
    weights = torch.tensor(values, dtype=torch.float64).unsqueeze(1)
    for bound in (evidence_lower_bound, importance_weighted_bound):
        torch.testing.assert_close(bound(weights + constant), bound(weights) + constant, rtol=0, atol=1e-9)
    size = effective_sample_size(weights)
    torch.testing.assert_close(effective_sample_size(weights + constant), size, rtol=1e-9, atol=0)
    assert 1 - 1e-9 <= float(size) <= len(values) + 1e-9


def test_by_hand():
    """Weights 1 and 3 of one example, 2 and 2 of another."""
    weights = torch.tensor([[1.0, 2.0], [3.0, 2.0]], dtype=torch.float64).log()
    assert evidence_lower_bound(weights).tolist() == pytest.approx([math.log(3) / 2, math.log(2)])
    assert importance_weighted_bound(weights).tolist() == pytest.approx([math.log(2), math.log(2)])
    assert effective_sample_size(weights).tolist() == pytest.approx([16 / 10, 2])


def test_one_draw_has_one_bound():
    weights = torch.tensor([[-3.0, 5.0]])
    assert importance_weighted_bound(weights).tolist() == evidence_lower_bound(weights).tolist() == [-3, 5]
    assert effective_sample_size(weights).tolist() == [1, 1]


def test_gradient_of_the_importance_weighted_bound_is_the_normalised_weights():
    weights = torch.tensor([[1.0], [3.0]], dtype=torch.float64).log().requires_grad_()
    importance_weighted_bound(weights).sum().backward()
    assert weights.grad.flatten().tolist() == pytest.approx([1 / 4, 3 / 4])


@settings(deadline=None)
@given(st.lists(st.floats(0, 0.03), min_size=1, max_size=8))
def test_units_are_active_from_a_hundredth_of_a_nat(means):
    kl = torch.tensor(means, dtype=torch.float64)
    expected = [value >= 0.01 for value in means]
    assert active_units(kl).tolist() == expected
    assert collapsed_units(kl).tolist() == [not active for active in expected]


def test_units_are_judged_by_their_mean_over_examples():
    kl = torch.tensor([[0.0, 0.0, 0.5], [0.04, 0.008, 0.5]])
    assert active_units(kl).tolist() == [True, False, True]
    assert collapsed_units(kl, threshold=0.1).tolist() == [True, True, False]


def test_misuse(complains):
    for function in (evidence_lower_bound, importance_weighted_bound, effective_sample_size):
        with complains(DataError, "(draws, examples)", "(3,)"):
            function(torch.zeros(3))
        with complains(DataError, "(draws, examples)", "(0, 3)"):
            function(torch.zeros(0, 3))
        with complains(DataError, "(2, 3)", "6 values that are not finite"):
            function(torch.full((2, 3), -torch.inf))
    for bad in (torch.zeros(0, 2), torch.zeros(2, 2, 2), torch.tensor(1.0)):
        with complains(DataError, "(n, units)", str(tuple(bad.shape))):
            active_units(bad)
    with complains(DataError, "1 values that are not finite"):
        collapsed_units(torch.tensor([torch.nan, 1.0]))
