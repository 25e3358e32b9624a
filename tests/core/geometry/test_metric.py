"""Pulled-back metrics, areas and lengths of polar coordinates, a sphere and a network."""

import math

import pytest
import torch

from aelib import MLP, DataError
from aelib.geometry import curve_length, magnification, pullback_metric
from aelib.geometry.rows import CHUNK


def polar(z):
    radius, angle = z.unbind(1)
    return torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1)


def sphere(z):
    polar_angle, azimuth = z.unbind(1)
    return torch.cat(
        [
            polar_angle.sin().unsqueeze(1) * polar(torch.stack([torch.ones_like(azimuth), azimuth], 1)),
            polar_angle.cos().unsqueeze(1),
        ],
        dim=1,
    )


def decoder(latent, features=9):
    spec = MLP((features,), hidden=(6,), latent=latent, activation="tanh")
    network = spec.build(1, torch.Generator().manual_seed(2)).double().requires_grad_(False)
    return lambda z: network.decode(3 * z).sigmoid()


def codes(n, latent, seed=0):
    return torch.rand(n, latent, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.mark.parametrize("n", [0, 5, CHUNK + 1])
def test_polar_coordinates(n):
    """ds² = dr² + r² dφ², and the element of area is r dr dφ."""
    z = codes(n, 2) + 0.1
    radius = z[:, 0]
    metric = torch.diag_embed(torch.stack([torch.ones_like(radius), radius.square()], dim=1))
    torch.testing.assert_close(pullback_metric(polar, z), metric, rtol=1e-12, atol=1e-15)
    torch.testing.assert_close(magnification(polar, z), radius, rtol=1e-12, atol=0)


def test_area_of_a_sphere():
    """∫ √det M dθ dφ by the midpoint rule in θ is 4π, and at a pole the map folds."""
    theta = (torch.arange(400, dtype=torch.float64) + 0.5) * math.pi / 400
    z = torch.stack([theta, torch.ones_like(theta)], dim=1)
    area = magnification(sphere, z).mean() * math.pi * 2 * math.pi
    assert float(area) == pytest.approx(4 * math.pi, rel=1e-5)
    assert float(magnification(sphere, torch.zeros(1, 2, dtype=torch.float64))) == 0


@pytest.mark.parametrize("latent", [1, 2, 5])
def test_magnification_is_the_root_of_the_determinant(latent):
    g, z = decoder(latent), codes(6, latent)
    metric = pullback_metric(g, z)
    assert metric.shape == (6, latent, latent)
    torch.testing.assert_close(magnification(g, z), metric.det().sqrt(), rtol=1e-9, atol=0)


def test_magnification_keeps_digits_that_the_determinant_loses():
    """Singular values 1 and 1e-5 in float32: beside the square of the first that of the second is lost."""
    turn = torch.tensor([[0.8, -0.6], [0.6, 0.8]])
    found = magnification(lambda z: z @ turn * torch.tensor([1.0, 1e-5]), torch.zeros(1, 2))
    assert float(found) == pytest.approx(1e-5, rel=0.05)


def test_more_code_units_than_outputs_have_no_volume():
    assert torch.equal(magnification(decoder(4, features=3), codes(5, 4)), torch.zeros(5, dtype=torch.float64))


@pytest.mark.parametrize("segments", [1, 6, 100])
def test_length_of_a_circle_is_that_of_its_chords(segments):
    """m chords of a circle of radius r are 2 m r sin(π / m) long."""
    angle = torch.linspace(0, 2 * math.pi, segments + 1, dtype=torch.float64)
    path = torch.stack([torch.full_like(angle, 1.5), angle], dim=1)
    expected = 2 * segments * 1.5 * math.sin(math.pi / segments)
    assert float(curve_length(polar, path)) == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_length_tends_to_the_integral_of_the_metric_quadratically():
    """∫ √(żᵀ M ż) dt along a straight line of codes, by the trapezoid rule on a fine grid."""
    g, ends = decoder(2), torch.tensor([[-1.0, 0.4], [0.7, -0.9]], dtype=torch.float64)

    def line(segments):
        return torch.lerp(ends[0], ends[1], torch.linspace(0, 1, segments + 1, dtype=torch.float64).unsqueeze(1))

    velocity = ends[1] - ends[0]
    speed = (velocity @ pullback_metric(g, line(4000)) @ velocity).sqrt()
    integral = float(torch.trapezoid(speed, dx=1 / 4000))
    errors = [integral - float(curve_length(g, line(segments))) for segments in (20, 40, 80)]
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.05)
    assert errors[1] / errors[2] == pytest.approx(4, rel=0.05)
    assert 0 < errors[2] < 1e-3 * integral


def test_lengths_and_metrics_can_be_minimised():
    """Lifting the top of a tent with slopes of 45° lengthens each of its sides by 1/√2 of the lift."""
    path = torch.tensor([[0.0, 0.0], [0.5, 0.5], [1.0, 0.0]], dtype=torch.float64, requires_grad=True)
    (pull,) = torch.autograd.grad(curve_length(lambda z: z, path), path)
    torch.testing.assert_close(pull[1], torch.tensor([0, math.sqrt(2)], dtype=torch.float64))
    z = codes(3, 2).requires_grad_()
    (found,) = torch.autograd.grad(magnification(polar, z).sum(), z)
    torch.testing.assert_close(found, torch.tensor([[1.0, 0.0]], dtype=torch.float64).expand(3, 2))


def test_metrics_that_cannot_be_are_refused(complains):
    for m in (0, 1):
        with complains(DataError, "2 points", f"({m}, 2)"):
            curve_length(polar, torch.zeros(m, 2))
    with complains(DataError, "not a finite number"):
        magnification(lambda z: z.sqrt(), torch.zeros(1, 2))
