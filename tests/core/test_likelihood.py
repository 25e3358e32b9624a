"""Reconstruction errors against numpy and torch.distributions: summed over features, averaged over the batch."""

import numpy as np
import pytest
import torch
from torch.distributions import Bernoulli

from aelib import ConfigError
from aelib.activations import ACTIVATIONS
from aelib.likelihood import cross_entropy, squared_error


@pytest.fixture
def batch(random):
    logits = 3 * torch.randn(7, 5, generator=random, dtype=torch.float64)
    return logits, torch.rand(7, 5, generator=random, dtype=torch.float64)


@pytest.mark.parametrize("output", ["identity", "sigmoid"])
def test_squared_error_is_the_squared_distance_per_example(batch, output):
    logits, x = batch
    distance = np.linalg.norm(ACTIVATIONS[output].value(logits).numpy() - x.numpy(), axis=1)
    assert float(squared_error(logits, x, output)) == pytest.approx((distance**2).mean(), rel=1e-12)


def test_cross_entropy_is_the_bernoulli_log_likelihood(batch):
    logits, x = batch
    for target in (x, x.round()):  # grey and binary
        expected = -Bernoulli(logits=logits, validate_args=False).log_prob(target).sum(1).mean()
        torch.testing.assert_close(cross_entropy(logits, target, "sigmoid"), expected, rtol=1e-12, atol=0)


def test_cross_entropy_of_a_grey_picture_is_least_at_the_picture_itself_where_it_is_the_entropy(batch):
    _, x = batch
    least = cross_entropy(torch.logit(x), x, "sigmoid")
    torch.testing.assert_close(least, Bernoulli(x).entropy().sum(1).mean())
    assert least < cross_entropy(torch.logit(x) + 0.01, x, "sigmoid")


def test_a_saturated_wrong_pixel_costs_a_finite_number():
    assert cross_entropy(torch.tensor([[1000.0, -1000.0]]), torch.tensor([[0.0, 0.0]]), "sigmoid") == 1000


def test_cross_entropy_needs_a_sigmoid(batch, complains):
    with complains(ConfigError, "sigmoid", "squared error"):
        cross_entropy(*batch, "identity")
