"""Tangent planes of surfaces whose planes are known."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aelib import ConfigError, DataError
from aelib.geometry import tangent_plane
from aelib.geometry.rows import CHUNK


def circle(t):
    return torch.cat([t.cos(), t.sin()], dim=1)


def sphere(angles):
    polar, azimuth = angles.unbind(1)
    return torch.stack([polar.sin() * azimuth.cos(), polar.sin() * azimuth.sin(), polar.cos()], dim=1)


def signed(vectors):
    """The same lines, their largest entry positive."""
    largest = vectors.gather(-1, vectors.abs().argmax(-1, keepdim=True))
    return vectors * largest.sign()


def angles(n, seed=0):
    """Polar angles away from the poles, and azimuths."""
    u = torch.rand(n, 2, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return torch.stack([0.3 + u[:, 0], 2 * math.pi * u[:, 1]], dim=1)


@pytest.mark.parametrize("outputs", [3, 5, 8])
def test_singular_vectors_of_a_linear_map(outputs, random):
    k = 3
    u, _ = torch.linalg.qr(torch.randn(outputs, k, generator=random, dtype=torch.float64))
    v, _ = torch.linalg.qr(torch.randn(5, k, generator=random, dtype=torch.float64))
    s = torch.tensor([4.0, 2.0, 0.5], dtype=torch.float64)
    weight, x = u @ s.diag() @ v.T, torch.zeros(2, 5, dtype=torch.float64)
    for space, expected in [("input", v.T), ("output", u.T)]:
        plane = tangent_plane(lambda x: x @ weight.T, x, 2, space)
        torch.testing.assert_close(plane.directions, signed(expected)[:2].expand(2, 2, -1), rtol=0, atol=1e-12)
        spectrum = torch.cat([s, s.new_zeros(min(5, outputs) - k)])
        torch.testing.assert_close(plane.singular_values, spectrum.expand(2, -1), rtol=0, atol=1e-12)


def test_decoder_of_a_circle_draws_along_it():
    """g(t) = 3 (cos t, sin t): tangent (−sin t, cos t), speed 3. More points than one chunk holds."""
    t = torch.linspace(0.1, 6.2, CHUNK + 7, dtype=torch.float64).unsqueeze(1)
    plane = tangent_plane(lambda t: 3 * circle(t), t, 1, "output")
    tangent = signed(torch.cat([-t.sin(), t.cos()], dim=1)).unsqueeze(1)
    torch.testing.assert_close(plane.directions, tangent, rtol=0, atol=1e-12)
    torch.testing.assert_close(plane.singular_values, torch.full_like(t, 3), rtol=1e-12, atol=0)


def test_encoder_of_a_circle_sees_moves_along_it():
    """f(x) = atan2(x₂, x₁) at radius 2 changes by ½ radian for each unit of way along the circle, and not across."""
    t = torch.linspace(-3, 3, 11, dtype=torch.float64).unsqueeze(1)
    plane = tangent_plane(lambda x: torch.atan2(x[:, 1:], x[:, :1]), 2 * circle(t), 1)
    tangent = signed(torch.cat([-t.sin(), t.cos()], dim=1)).unsqueeze(1)
    torch.testing.assert_close(plane.directions, tangent, rtol=0, atol=1e-12)
    torch.testing.assert_close(plane.singular_values, torch.full_like(t, 0.5), rtol=1e-12, atol=0)


def test_tangent_planes_of_a_sphere_are_normal_to_its_radii():
    """Singular values 1 along the meridian and sin θ along the parallel."""
    z = angles(20)
    plane = tangent_plane(sphere, z, 2, "output")
    radii = sphere(z).unsqueeze(2)
    torch.testing.assert_close(plane.directions @ radii, torch.zeros(20, 2, 1).double(), rtol=0, atol=1e-12)
    expected = torch.stack([torch.ones(20).double(), z[:, 0].sin()], dim=1)
    torch.testing.assert_close(plane.singular_values, expected, rtol=1e-12, atol=0)
    meridian = torch.stack([z[:, 0].cos() * z[:, 1].cos(), z[:, 0].cos() * z[:, 1].sin(), -z[:, 0].sin()], dim=1)
    torch.testing.assert_close(plane.directions[:, 0], signed(meridian), rtol=0, atol=1e-12)


@settings(deadline=None, max_examples=50)
@given(
    shape=st.tuples(st.integers(1, 6), st.integers(1, 6)),
    space=st.sampled_from(["input", "output"]),
    seed=st.integers(0, 10_000),
    data=st.data(),
)
def test_directions_are_orthonormal_signed_and_in_order(shape, space, seed, data):
    outputs, inputs = shape
    rank = data.draw(st.integers(1, min(shape)))
    random = torch.Generator().manual_seed(seed)
    weight = torch.randn(outputs, inputs, generator=random, dtype=torch.float64)
    x = torch.randn(3, inputs, generator=random, dtype=torch.float64)
    directions, values = tangent_plane(lambda x: (x @ weight.T).tanh(), x, rank, space)
    assert directions.shape == (3, rank, inputs if space == "input" else outputs)
    identity = torch.eye(rank, dtype=torch.float64).expand(3, rank, rank)
    torch.testing.assert_close(directions @ directions.mT, identity, rtol=0, atol=1e-10)
    assert (directions.amax(2) == directions.abs().amax(2)).all()
    assert (values >= 0).all()
    assert (values.diff(dim=1) <= 0).all()


def test_planes_that_cannot_be_are_refused(complains):
    z = angles(2)
    for rank in (0, 3):
        with complains(ConfigError, "2 numbers to 3", "1 to 2", f"got {rank}"):
            tangent_plane(sphere, z, rank)
    with complains(ConfigError, "'input' or 'output'", "'sideways'"):
        tangent_plane(sphere, z, 1, "sideways")
    with complains(DataError, "not a finite number"):
        tangent_plane(lambda x: x.sqrt(), torch.zeros(1, 2), 1)
