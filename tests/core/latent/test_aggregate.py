"""Aggregated posteriors whose divergence is known, and others against a sum over a fine grid."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.distributions import Normal

from aelib import Autoencoder
from aelib.home import pretrained_folder
from aelib.latent.aggregate import BINS, aggregate
from aelib.latent.codes import Codes, encode_all


def codes_of(mean, deviation=None):
    return Codes(mean, deviation, torch.zeros(len(mean)), None if deviation is None else torch.zeros_like(mean))


def gaussian_kl(mean, deviation):
    return 0.5 * (mean**2 + deviation**2 - 1) - math.log(deviation)


def mixture_kl(mean, deviation):
    """By a plain sum with 24 points for each of the smallest σ, one Gaussian after the other."""
    low, high = (mean - 9 * deviation).min(), (mean + 9 * deviation).max()
    z = torch.linspace(low, high, int((high - low) / deviation.min() * 24) + 1, dtype=torch.float64)
    q = sum(Normal(m, s).log_prob(z).exp() for m, s in zip(mean, deviation, strict=True)) / len(mean)
    return float((torch.xlogy(q, q) - q * Normal(0.0, 1.0).log_prob(z)).sum() * (z[1] - z[0]))


@pytest.mark.parametrize("deviation", [3.0, 1.0, 0.1, 1e-3, 1e-5])
@pytest.mark.parametrize("mean", [0.0, 0.3, -5.0])
def test_one_gaussian_has_its_closed_form(mean, deviation):
    """However many examples share it."""
    of = codes_of(*(torch.full((7, 1), value, dtype=torch.float64) for value in (mean, deviation)))
    assert float(aggregate(of).kl) == pytest.approx(gaussian_kl(mean, deviation), abs=1e-9)


def test_the_prior_is_at_no_distance_from_itself():
    """Split into narrower Gaussians: means of variance 1 − σ² make up the prior again."""
    quantiles = (torch.arange(4000, dtype=torch.float64) + 0.5) / 4000
    mean = Normal(0.0, 0.8).icdf(quantiles).unsqueeze(1)
    found = aggregate(codes_of(torch.cat([mean, 0 * mean], 1), torch.tensor([0.6, 1.0]).double().expand(4000, 2)))
    assert (found.kl.abs() < 1e-5).all()


def test_gaussians_far_apart_add_the_entropy_of_the_choice():
    """log n nats less than one of them alone."""
    mean = torch.tensor([-3.0, -1.0, 1.0, 3.0], dtype=torch.float64)
    found = aggregate(codes_of(mean.unsqueeze(1), torch.full((4, 1), 1e-3, dtype=torch.float64)))
    alone = sum(gaussian_kl(float(m), 1e-3) for m in mean) / 4
    assert float(found.kl) == pytest.approx(alone - math.log(4), abs=1e-9)


@settings(deadline=None, max_examples=25)
@given(n=st.integers(1, 40), width=st.floats(-5, 0.5), spread=st.floats(0, 1.2), seed=st.integers(0, 1000))
def test_mixtures_agree_with_a_sum_over_a_fine_grid(n, width, spread, seed):
    """σ around e^width, over orders of magnitude: many levels of the grid at once."""
    random = torch.Generator().manual_seed(seed)
    mean, noise = torch.randn(2, n, generator=random, dtype=torch.float64)
    deviation = torch.exp(width + spread * noise.clamp(-2, 2))
    found = aggregate(codes_of(mean.unsqueeze(1), deviation.unsqueeze(1)))
    assert float(found.kl) == pytest.approx(mixture_kl(mean, deviation), abs=1e-7, rel=1e-7)


def test_a_deviation_too_narrow_for_the_grid_is_widened_and_the_divergence_underrated():
    """1 of 1,000 spikes over a range of 20 units has the width of a step."""
    mean = torch.linspace(-10, 10, 1000, dtype=torch.float64).unsqueeze(1)
    exact = sum(gaussian_kl(float(m), 1e-4) for m in mean) / 1000 - math.log(1000)
    found = float(aggregate(codes_of(mean, torch.full_like(mean, 1e-4))).kl)
    assert exact - math.log(20 / 43_000 / 1e-4) - 0.01 < found < exact - 1


def test_no_deviation_at_all_counts_as_the_rounding_of_a_float():
    zero = torch.zeros(5, 1)
    assert float(aggregate(codes_of(zero, zero)).kl) == pytest.approx(gaussian_kl(0, 1e-6), abs=1e-6)


@pytest.mark.parametrize("units", [1, 2, 3, 10, 64])
def test_densities_are_the_mass_in_each_bin(units, random):
    mean, deviation = 3 * torch.randn(50, units, generator=random), 0.02 + torch.rand(50, units, generator=random)
    found = aggregate(codes_of(mean, deviation))
    assert found.grid.shape == found.density.shape == (units, BINS)
    assert found.kl.shape == (units,)
    for j in range(units):
        width = found.grid[j].diff().mean()
        edges = torch.cat([found.grid[j] - width / 2, found.grid[j, -1:] + width / 2])
        below = Normal(mean[:, j].double(), deviation[:, j].double()).cdf(edges.unsqueeze(1)).mean(1)
        torch.testing.assert_close(found.density[j], below.diff() / width, rtol=0, atol=1e-3)
        assert float(found.density[j].sum() * width) == pytest.approx(1, abs=1e-4)
        assert edges[0] <= -4
        assert edges[-1] >= 4


@pytest.mark.parametrize("units", [1, 2, 3, 10, 64])
def test_points_have_the_histogram_of_numpy_and_no_divergence(units, random):
    mean = torch.randn(300, units, generator=random)
    found = aggregate(codes_of(mean))
    assert found.kl is None
    for j in range(units):
        density, edges = np.histogram(mean[:, j].double(), BINS, density=True)
        np.testing.assert_allclose(found.density[j], density, rtol=1e-9)
        np.testing.assert_allclose(found.grid[j], (edges[1:] + edges[:-1]) / 2, rtol=0, atol=1e-12)


def test_a_unit_that_never_moves_fills_one_bin():
    found = aggregate(codes_of(torch.full((9, 1), 2.5)))
    assert int((found.density > 0).sum()) == 1
    assert float(found.grid[0, found.density[0].argmax()]) == pytest.approx(2.5)
    assert float(found.density.sum() * found.grid[0].diff().mean()) == pytest.approx(1)


def test_the_parts_of_a_pretrained_model_are_less_than_its_whole_divergence(digits):
    """Σ_j KL(q(z_j) ‖ p) ≤ mean KL(q(z | x) ‖ p), and collapsed units are the prior."""
    codes = encode_all(Autoencoder.load(pretrained_folder() / "digits-vae-10"), digits.train.x)
    found = aggregate(codes)
    unit_kl = codes.unit_kl.mean(0)
    assert (found.kl < unit_kl + 1e-6).all()
    assert (found.kl[unit_kl > 0.01] < 0.2 * unit_kl[unit_kl > 0.01]).all()
    assert (found.kl[unit_kl < 0.01] < 0.01).all()
