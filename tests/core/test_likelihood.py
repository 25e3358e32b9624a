"""Reconstruction errors against numpy, PyTorch and torch.distributions, entry by entry, with their gradients."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import distributions

from aelib import MLP, Autoencoder, ConfigError, DataError, Dataset, Experiment, Split, Vanilla, train
from aelib.activations import ACTIVATIONS
from aelib.likelihood import (
    LIKELIHOODS,
    MIN_LOG_DEVIATION,
    NEEDS_UNIT_RANGE,
    cross_entropy,
    gaussian,
    kl_divergence,
    squared_error,
)


@pytest.fixture
def batch(random):
    logits = 3 * torch.randn(7, 5, generator=random, dtype=torch.float64)
    return logits, torch.rand(7, 5, generator=random, dtype=torch.float64)


def exactly(found, expected):
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-14)


@torch.no_grad()
@pytest.mark.parametrize("name", LIKELIHOODS)
def test_the_loss_is_the_sum_over_features_and_the_mean_over_examples(name, random):
    model = Autoencoder(MLP((5,), hidden=(4,)), Vanilla(likelihood=name)).double()
    x = torch.rand(7, 5, generator=random, dtype=torch.float64)
    logits = model.network.decode(model.encode(x))
    entries = LIKELIHOODS[name](logits, x, "sigmoid", torch.zeros(()))  # log σ starts at 0
    assert entries.shape == x.shape
    expected = sum(float(entry) for entry in entries.flatten()) / 7
    assert float(model.terms(x, random)["reconstruction"]) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("output", ["identity", "sigmoid"])
def test_squared_error_is_the_squared_distance_of_each_entry(batch, output):
    logits, x = batch
    distance = np.linalg.norm(ACTIVATIONS[output].value(logits).numpy() - x.numpy(), axis=1)
    exactly(squared_error(logits, x, output, None).sum(1), torch.from_numpy(distance**2))


def test_a_likelihood_has_one_gradient_of_the_logits_whether_by_hand_or_by_autograd(batch):
    """First and second derivatives against finite differences."""
    logits, x = batch[0][:2, :3].requires_grad_(), batch[1][:2, :3]
    deviation = torch.tensor(-0.7, dtype=torch.float64, requires_grad=True)
    for name, likelihood in LIKELIHOODS.items():
        inputs = (logits, deviation) if name == "gaussian" else (logits,)

        def error(logits, deviation=None, likelihood=likelihood):
            return likelihood(logits, x, "sigmoid", deviation)

        assert torch.autograd.gradcheck(error, inputs), name
        assert torch.autograd.gradgradcheck(error, inputs), name


# --- cross-entropy ---------------------------------------------------------------------------------


def test_cross_entropy_is_the_bernoulli_log_likelihood(batch):
    logits, x = batch
    for target in (x, x.round()):  # grey and binary
        expected = -distributions.Bernoulli(logits=logits, validate_args=False).log_prob(target)
        exactly(cross_entropy(logits, target, "sigmoid", None), expected)


@settings(deadline=None)
@given(logit=st.floats(-800, 800), x=st.floats(0, 1))
def test_cross_entropy_and_its_gradient_are_those_of_pytorch_however_saturated(logit, x):
    ours, theirs = (torch.tensor([logit], dtype=torch.float64, requires_grad=True) for _ in range(2))
    target = torch.tensor([x], dtype=torch.float64)
    found = cross_entropy(ours, target, "sigmoid", None)
    expected = F.binary_cross_entropy_with_logits(theirs, target, reduction="none")
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-12)  # rounded like the logit, here up to 800
    exactly(*(torch.autograd.grad(value.sum(), logits)[0] for value, logits in ((found, ours), (expected, theirs))))


def test_cross_entropy_of_a_grey_picture_is_least_at_the_picture_itself_where_it_is_the_entropy(batch):
    _, x = batch
    least = cross_entropy(torch.logit(x), x, "sigmoid", None)
    exactly(least, distributions.Bernoulli(x).entropy())
    for step in (-0.01, 0.01):
        assert (least < cross_entropy(torch.logit(x) + step, x, "sigmoid", None)).all()


def test_a_saturated_wrong_pixel_costs_a_finite_number():
    logits = torch.tensor([[1000.0, -1000.0]])
    assert cross_entropy(logits, torch.tensor([[0.0, 0.0]]), "sigmoid", None).tolist() == [[1000, 0]]


# --- KL divergence of pictures ---------------------------------------------------------------------


def test_kl_divergence_is_that_of_two_distributions_of_light(batch):
    logits, x = batch
    p, q = (distributions.Categorical(probs=light) for light in (x, torch.sigmoid(logits)))
    exactly(kl_divergence(logits, x, "sigmoid", None).sum(1), distributions.kl_divergence(p, q))


def test_kl_divergence_knows_no_brightness(batch):
    logits, x = batch
    expected = kl_divergence(logits, x, "sigmoid", None)
    exactly(kl_divergence(torch.logit(0.3 * torch.sigmoid(logits)), x, "sigmoid", None), expected)
    exactly(kl_divergence(logits, 0.3 * x, "sigmoid", None), expected)


def test_kl_divergence_is_zero_at_the_picture_itself_and_positive_elsewhere(batch):
    logits, x = batch
    exactly(kl_divergence(torch.logit(x), x, "sigmoid", None).sum(1), torch.zeros(7, dtype=torch.float64))
    assert (kl_divergence(logits, x, "sigmoid", None).sum(1) > 0).all()


def test_a_black_picture_costs_nothing_and_a_black_reconstruction_a_finite_number():
    x = torch.tensor([[0.0, 0.0, 0.0], [0.0, 0.5, 1.0]])
    for logit in (0.0, -1000.0):
        logits = torch.full((2, 3), logit, requires_grad=True)
        cost = kl_divergence(logits, x, "sigmoid", None)
        assert cost[0].tolist() == [0, 0, 0]
        assert torch.isfinite(cost).all()
        (gradient,) = torch.autograd.grad(cost.sum(), logits)
        assert gradient[0].tolist() == [0, 0, 0]
        assert torch.isfinite(gradient).all()


# --- Gaussian with its deviation -------------------------------------------------------------------


@pytest.mark.parametrize("output", ["identity", "sigmoid"])
@pytest.mark.parametrize("sigma", [0.01, 0.5, 3.0])
def test_gaussian_is_the_log_density_of_torch_distributions(batch, output, sigma):
    logits, x = batch
    log_deviation = torch.tensor(sigma, dtype=torch.float64).log()
    expected = -distributions.Normal(ACTIVATIONS[output].value(logits), sigma).log_prob(x)
    exactly(gaussian(logits, x, output, log_deviation), expected)


def test_sigma_of_root_one_half_is_the_squared_error_up_to_a_constant(batch):
    log_deviation = torch.tensor(0.5, dtype=torch.float64).sqrt().log()
    difference = gaussian(*batch, "identity", log_deviation) - squared_error(*batch, "identity", None)
    torch.testing.assert_close(difference, torch.full_like(difference, 0.5 * math.log(math.pi)))


def test_the_best_deviation_is_the_root_of_the_mean_squared_error(batch):
    """d/dσ Σ −log N(x; x̂, σ²) = 0 at σ² = the mean of (x − x̂)²."""
    logits, x = batch
    rmse = squared_error(logits, x, "sigmoid", None).mean().sqrt()

    def cost_and_slope(log_deviation):
        log_deviation = log_deviation.clone().requires_grad_()
        cost = gaussian(logits, x, "sigmoid", log_deviation).sum()
        return float(cost.detach()), float(torch.autograd.grad(cost, log_deviation)[0])

    best, slope = cost_and_slope(rmse.log())
    assert slope == pytest.approx(0, abs=1e-12)
    assert all(cost_and_slope(rmse.log() + step)[0] > best for step in (-0.01, 0.01))


def test_a_learned_deviation_does_not_fall_below_a_thousandth(batch):
    """A pixel that is known exactly would be worth infinitely much."""
    _, x = batch
    perfect = gaussian(x, x, "identity", torch.tensor(-1000.0, dtype=torch.float64))
    assert perfect.unique().item() == pytest.approx(math.log(1e-3) + 0.5 * math.log(2 * math.pi))
    assert math.exp(MIN_LOG_DEVIATION) == pytest.approx(1e-3)


def test_a_learned_deviation_comes_back_from_its_floor(batch):
    _, x = batch
    log_deviation = torch.tensor(-10.0, dtype=torch.float64, requires_grad=True)
    gaussian(x + 0.1, x, "identity", log_deviation).sum().backward()
    assert log_deviation.grad < 0  # so that a step along −gradient widens it


def test_training_learns_the_deviation_that_its_errors_have(digits):
    settings = {"epochs": 60, "learning_rate": 0.01, "evaluate_every": 0}
    network = {"hidden": (32,), "latent": 8}
    training = Experiment.of(objective={"likelihood": "gaussian"}, network=network, train=settings).build(digits)
    for record in training:
        if record.step == training.steps // 2:
            training.set_knob("learning_rate", 0.002)
    sigma = training.model.network.log_deviation.detach().exp()
    x = digits.train.x
    rmse = (training.model(x).detach() - x).square().mean().sqrt()
    assert float(sigma) == pytest.approx(float(rmse), rel=0.05)
    assert float(sigma) < 0.2  # it started at 1


def test_a_fixed_deviation_is_a_knob_and_no_parameter(batch, random):
    model = Autoencoder(MLP((5,)), Vanilla(likelihood="gaussian", deviation="fixed", sigma=0.5)).double()
    assert model.network.log_deviation is None
    _, x = batch
    for sigma in (0.5, 2.0):
        model.set_knob("sigma", sigma)
        expected = -distributions.Normal(model(x), sigma).log_prob(x).sum(1).mean()
        torch.testing.assert_close(model.terms(x, random)["reconstruction"], expected)


# --- what they can be used on ----------------------------------------------------------------------


def spoilt(value):
    """Pictures of which one pixel has this value."""
    x = torch.full((4, 1, 2, 2), 0.5)
    x[2, 0, 1, 1] = value
    half = Split(x, torch.zeros(4, dtype=torch.int64))
    return Dataset("mine", half, half)


@pytest.mark.parametrize("name", NEEDS_UNIT_RANGE)
def test_a_likelihood_of_the_unit_range_refuses_other_outputs_and_other_data(name, complains):
    with complains(ConfigError, "sigmoid", "squared error"):
        Autoencoder(MLP((5,), output="identity"), Vanilla(likelihood=name))
    for value, words in ((1.5, "0.5 to 1.5"), (-0.25, "-0.25 to 0.5")):
        model = Autoencoder(MLP((1, 2, 2)), Vanilla(likelihood=name))
        with complains(DataError, "[0, 1]", "mine", words):
            train(model, spoilt(value))


@pytest.mark.parametrize("name", [name for name in LIKELIHOODS if name not in NEEDS_UNIT_RANGE])
def test_the_others_take_any_real_numbers(name):
    model = Autoencoder(MLP((1, 2, 2), output="identity"), Vanilla(likelihood=name))
    assert math.isfinite(next(train(model, spoilt(-7.5))).loss)
