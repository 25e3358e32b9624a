"""Straight lines and great circles between codes."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aelib import ConfigError, DataError
from aelib.latent.paths import linear, spherical

PATHS = pytest.mark.parametrize("path", [linear, spherical])


def ends(units, seed=0, dtype=torch.float64):
    return torch.randn(2, units, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def bits(x):
    return x.view(torch.int32 if x.dtype == torch.float32 else torch.int64).tolist()


@PATHS
@pytest.mark.parametrize("units", [1, 2, 3, 10, 64])
@pytest.mark.parametrize("count", [2, 3, 33])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_ends_are_exact_bit_for_bit(path, units, count, dtype):
    for seed in range(5):
        a, b = ends(units, seed, dtype)
        a[0] = -0.0
        found = path(a, b, count)
        assert found.shape == (count, units)
        assert found.dtype == dtype
        assert bits(found[0]) == bits(a)
        assert bits(found[-1]) == bits(b)


@pytest.mark.parametrize("units", [1, 2, 10])
def test_a_straight_line_is_even(units):
    a, b = ends(units)
    t = torch.linspace(0, 1, 9, dtype=torch.float64).unsqueeze(1)
    torch.testing.assert_close(linear(a, b, 9), a + t * (b - a), rtol=0, atol=1e-15)


def test_a_quarter_of_a_circle():
    a, b = torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])
    angle = torch.linspace(0, math.pi / 2, 5)
    torch.testing.assert_close(spherical(a, b, 5), torch.stack([angle.cos(), angle.sin()], 1))


@settings(deadline=None, max_examples=50)
@given(units=st.integers(2, 64), count=st.integers(3, 20), seed=st.integers(0, 1000), scale=st.floats(0.1, 10))
def test_a_great_circle_turns_evenly_while_its_norm_changes_evenly(units, count, seed, scale):
    """In one plane, and the same from the other end."""
    a, b = ends(units, seed)
    b = b * scale
    found = spherical(a, b, count)
    norms = torch.linspace(float(a.norm()), float(b.norm()), count, dtype=torch.float64)
    torch.testing.assert_close(found.norm(dim=1), norms, rtol=1e-9, atol=0)
    directions = found / norms.unsqueeze(1)
    turns = (directions[1:] * directions[:-1]).sum(1)
    whole = torch.acos(torch.cosine_similarity(a, b, dim=0))
    torch.testing.assert_close(turns, (whole / (count - 1)).cos().expand_as(turns), rtol=0, atol=1e-9)
    assert torch.linalg.matrix_rank(found, rtol=1e-8) <= 2
    torch.testing.assert_close(spherical(b, a, count).flip(0), found, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ([1.0], [-3.0]),
        ([2.0], [5.0]),
        ([0.0, 0.0], [1.0, 2.0]),
        ([1.0, 2.0], [0.0, 0.0]),
        ([0.0, 0.0], [0.0, 0.0]),
        ([1.0, 2.0, 3.0], [2.0, 4.0, 6.0]),
        ([0.1, 0.2, 0.3], [-0.3, -0.6, -0.9]),
        ([1.0, 2.0], [1.0, 2.0]),
    ],
)
def test_without_a_plane_the_circle_is_a_line(a, b):
    for dtype in (torch.float32, torch.float64):
        start, end = torch.tensor(a, dtype=dtype), torch.tensor(b, dtype=dtype)
        torch.testing.assert_close(spherical(start, end, 7), linear(start, end, 7))


def test_directions_that_are_nearly_the_same_or_opposite_stay_finite_and_between():
    a = torch.tensor([1.0, 0.0])
    for b in (torch.tensor([1.0, 1e-5]), torch.tensor([-1.0, 1e-5])):
        found = spherical(a, b, 9)
        torch.testing.assert_close(found.norm(dim=1), torch.ones(9), rtol=1e-5, atol=0)


def test_the_middle_of_two_draws_from_the_prior_stays_in_its_shell():
    """In 64 dimensions norms are about 8, and the straight line comes to 8/√2 (White 2016)."""
    a, b = ends(64)
    assert spherical(a, b, 3)[1].norm() == pytest.approx(float(a.norm() + b.norm()) / 2)
    assert linear(a, b, 3)[1].norm() < 0.85 * float(a.norm() + b.norm()) / 2


@PATHS
def test_paths_that_cannot_be_are_refused(path, complains):
    a = torch.zeros(3)
    for count in (-1, 0, 1):
        with complains(ConfigError, "2 points", f"got {count}"):
            path(a, a, count)
    for b, words in [(torch.zeros(2), "(2,)"), (a.double(), "float64"), (torch.zeros(1, 3), "(1, 3)")]:
        with complains(DataError, "one length and type", words):
            path(a, b, 5)
    with complains(DataError, "int64"):
        path(a.long(), a.long(), 5)
    with complains(DataError, "(0,)"):
        path(a[:0], a[:0], 5)
    with complains(DataError, "finite"):
        path(a, a / 0, 5)
