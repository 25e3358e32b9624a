"""Errors of reconstruction against scikit-learn, PCA and sums by hand."""

import math

import pytest
import torch
from sklearn.decomposition import PCA
from sklearn.metrics import mean_squared_error, r2_score

from aelib import DataError
from aelib.likelihood import squared_error as training_error
from aelib.metrics.reconstruction import rmse, squared_error, variance_explained

METRICS = (squared_error, rmse, variance_explained)


@pytest.fixture
def arrays(random):
    x, noise = torch.rand(2, 40, 1, 5, 3, generator=random, dtype=torch.float64)
    return x, x + 0.3 * noise


def test_all_are_those_of_scikit_learn(arrays):
    x, rebuilt = arrays
    truth, guess = x.flatten(1).numpy(), rebuilt.flatten(1).numpy()
    mean = mean_squared_error(truth, guess)
    assert squared_error(x, rebuilt) == pytest.approx(15 * mean, rel=1e-12)
    assert rmse(x, rebuilt) == pytest.approx(math.sqrt(mean), rel=1e-12)
    expected = r2_score(truth, guess, multioutput="variance_weighted")
    assert variance_explained(x, rebuilt) == pytest.approx(expected, rel=1e-12)


def test_squared_error_is_that_of_training(arrays):
    x, rebuilt = (a.flatten(1) for a in arrays)
    assert squared_error(x, rebuilt) == pytest.approx(
        float(training_error(rebuilt, x, "identity", None).sum(1).mean()), rel=1e-12
    )


def test_pca_reaches_its_published_error_and_explains_the_share_of_its_components(digits):
    x = torch.cat([digits.train.x, digits.test.x]).flatten(1).double()
    pca = PCA(8, svd_solver="full").fit(x.numpy())
    rebuilt = torch.from_numpy(pca.inverse_transform(pca.transform(x.numpy())))
    assert squared_error(x, rebuilt) == pytest.approx(1.5304, abs=6e-5)
    assert variance_explained(x, rebuilt) == pytest.approx(pca.explained_variance_ratio_.sum(), rel=1e-12)


def test_nothing_is_wrong_with_a_perfect_reconstruction_and_the_mean_explains_nothing(arrays):
    x, _ = arrays
    assert (squared_error(x, x), rmse(x, x), variance_explained(x, x)) == (0, 0, 1)
    assert variance_explained(x, x.mean(0).expand_as(x)) == pytest.approx(0, abs=1e-12)
    assert variance_explained(x, 2 - x) < 0


@pytest.mark.parametrize("metric", METRICS)
def test_single_precision_costs_nothing(metric, random):
    """Far from zero a mean in float32 would be off by as much as the examples differ."""
    x = 10_000 + 0.01 * torch.randn(2000, 5, generator=random)
    rebuilt = x + 0.005
    assert metric(x, rebuilt) == pytest.approx(metric(x.double(), rebuilt.double()), rel=1e-12)


@pytest.mark.parametrize("metric", METRICS)
def test_misuse_is_told(metric, complains):
    x = torch.rand(4, 6)
    with complains(DataError, "(4, 6)", "(4, 5)", "same shape"):
        metric(x, x[:, :5])
    with complains(DataError, "(4, 6)", "(3, 6)"):
        metric(x, x[:3])
    with complains(DataError, "reconstructions", "not finite"):
        metric(x, x / 0)
    with complains(DataError, "one row per example", "(0, 6)"):
        metric(x[:0], x[:0])
    with complains(DataError, "one row per example", "(6,)"):
        metric(x[0], x[0])


@pytest.mark.parametrize("value", [0.0, 0.1, 1e-8])
def test_there_is_no_variance_of_equal_examples(value, complains):
    x = torch.full((7, 3), value)
    with complains(DataError, "All 7 examples are the same"):
        variance_explained(x, x + 1)
