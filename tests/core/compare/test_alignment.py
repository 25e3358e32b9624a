"""Procrustes alignment against scipy, and as a theorem says it must be."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import procrustes as scipy_procrustes

from aelib import DataError
from aelib.compare import procrustes


def maps(seed, n=12, d=2, e=2):
    random = torch.Generator().manual_seed(seed)
    return (torch.randn(n, k, generator=random, dtype=torch.float64) for k in (d, e))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), d=st.integers(1, 4), e=st.integers(1, 4))
def test_disparity_is_that_of_scipy(seed, d, e):
    moving, fixed = maps(seed, d=d, e=e)
    wide = max(d, e)
    padded = [F.pad(points, (0, wide - points.shape[1])).numpy() for points in (fixed, moving)]
    found = procrustes(moving, fixed)
    assert found.disparity == pytest.approx(scipy_procrustes(*padded)[2], abs=1e-12)
    assert found.disparity == pytest.approx(procrustes(fixed, moving).disparity, abs=1e-12)
    assert found.points.shape == (12, wide)


@pytest.mark.parametrize("reflect", [1, -1])
def test_a_similarity_is_undone(reflect):
    (fixed, _) = maps(1, n=30)
    turn = torch.tensor([[0.6, 0.8 * reflect], [-0.8, 0.6 * reflect]], dtype=torch.float64)
    found = procrustes(2.5 * fixed @ turn + torch.tensor([3.0, -1.0]), fixed)
    assert torch.allclose(found.points, fixed, atol=1e-12)
    assert found.disparity == pytest.approx(0, abs=1e-12)
    assert found.scale == pytest.approx(1 / 2.5)
    assert torch.allclose(found.rotation, turn.T)


@pytest.mark.parametrize(("d", "e"), [(2, 2), (3, 2), (2, 3)])
def test_no_similarity_near_it_is_closer(d, e):
    moving, fixed = maps(2, n=20, d=d, e=e)
    found = procrustes(moving, fixed)
    moving, fixed = (F.pad(points, (0, max(d, e) - points.shape[1])) for points in (moving, fixed))
    again = found.scale * moving @ found.rotation + found.shift
    assert torch.allclose(again, found.points)
    least = (found.points - fixed).square().sum()
    assert float(least / (fixed - fixed.mean(0)).square().sum()) == pytest.approx(found.disparity)
    assert torch.allclose(found.rotation @ found.rotation.T, torch.eye(max(d, e), dtype=torch.float64))
    spin = torch.zeros(max(d, e), max(d, e), dtype=torch.float64)
    spin[0, 1], spin[1, 0] = 0.01, -0.01
    for scale, turn, shift in ((1.01, 0, 0), (0.99, 0, 0), (1, 1, 0), (1, -1, 0), (1, 0, 0.01), (1, 0, -0.01)):
        other = scale * found.scale * moving @ found.rotation @ torch.matrix_exp(turn * spin) + found.shift + shift
        assert (other - fixed).square().sum() > least


@pytest.mark.parametrize(
    ("moving", "fixed", "words"),
    [
        (torch.zeros(3, 2), torch.rand(4, 2), ("3 moving points", "4 fixed points")),
        (torch.full((3, 2), 0.1), torch.rand(3, 2), ("All 3 moving points", "the same")),
        (torch.rand(3, 2), torch.full((3, 2), 0.1), ("All 3 fixed points", "the same")),
        (torch.rand(1, 2), torch.rand(1, 2), ("All 1 moving points",)),
        (torch.full((3, 2), torch.nan), torch.rand(3, 2), ("moving points", "not finite")),
        (torch.rand(3), torch.rand(3, 2), ("moving points", "(3,)")),
        (torch.rand(0, 2), torch.rand(0, 2), ("moving points", "(0, 2)")),
    ],
)
def test_misuse(moving, fixed, words, complains):
    with complains(DataError, *words):
        procrustes(moving, fixed)
