"""Neighbourhoods against scikit-learn, and embeddings whose faults are known."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.manifold import trustworthiness as reference
from sklearn.neighbors import NearestNeighbors

from aelib import ConfigError, DataError
from aelib.metrics import neighbours as neighbourhoods
from aelib.metrics.embedding import continuity, neighbour_agreement, trustworthiness

METRICS = (trustworthiness, continuity, neighbour_agreement)


def points(*shape, seed=0, dtype=torch.float64):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def neighbours(x, k):
    found = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(x.flatten(1).numpy())
    return [set(row) for row in found.kneighbors(return_distance=False).tolist()]


@pytest.mark.parametrize(("n", "k"), [(3, 1), (10, 4), (101, 50), (150, 1), (150, 12)])
@pytest.mark.parametrize("units", [1, 2, 7])
def test_all_agree_with_scikit_learn(n, k, units):
    """No two distances are equal here, so nothing depends on how ties are broken."""
    x = points(n, 1, 3, 4)
    codes = x.flatten(1)[:, :units] + 0.2 * points(n, units, seed=1)
    flat = x.flatten(1).numpy()
    assert trustworthiness(x, codes, k) == pytest.approx(reference(flat, codes.numpy(), n_neighbors=k), abs=1e-10)
    assert continuity(x, codes, k) == pytest.approx(reference(codes.numpy(), flat, n_neighbors=k), abs=1e-10)
    common = [len(a & b) for a, b in zip(neighbours(x, k), neighbours(codes, k), strict=True)]
    assert neighbour_agreement(x, codes, k) == pytest.approx(sum(common) / (n * k), abs=1e-12)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("entries", [1, 100, 777])
def test_chunks_change_nothing(metric, entries, monkeypatch):
    """One row at a time, two, and a last chunk that is shorter."""
    x, codes = points(50, 6), points(50, 2, seed=1)
    whole = metric(x, codes, 5)
    monkeypatch.setattr(neighbourhoods, "PAIRS", entries)
    assert metric(x, codes, 5) == pytest.approx(whole, abs=1e-12)


@pytest.mark.parametrize("metric", METRICS)
def test_only_neighbourhoods_count(metric):
    """Turning, mirroring, moving and scaling a code keeps them all, and float32 most of them."""
    x = points(80, 4)
    turn, _ = torch.linalg.qr(points(4, 4, seed=1))
    assert metric(x, -3 * x @ turn + 100, 7) == 1
    codes = points(80, 2, seed=2)
    assert metric(x, codes + 1e7, 7) == pytest.approx(metric(x, codes, 7), abs=1e-12)
    assert metric(x.float(), codes.float(), 7) == pytest.approx(metric(x, codes, 7), abs=1e-6)


def test_folding_costs_trust_and_tearing_costs_continuity():
    """A sheet seen from its edge puts far examples together; a circle cut open puts near ones apart."""
    sheet = torch.rand(400, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    folded = sheet[:, :1]
    assert trustworthiness(sheet, folded, 8) < 0.9 < continuity(sheet, folded, 8)
    angle = sheet[:, :1] * 2 * torch.pi
    circle = torch.cat([angle.cos(), angle.sin()], dim=1)
    assert continuity(circle, angle, 8) < 0.999
    assert trustworthiness(circle, angle, 8) > 0.9999


def test_random_codes_are_at_the_level_of_chance():
    """½ for ranks and k / (n − 1) for shares; their standard deviations are about 0.007 and 0.003."""
    x, codes = points(400, 6), points(400, 3, seed=1)
    assert trustworthiness(x, codes, 10) == pytest.approx(0.5, abs=0.03)
    assert continuity(x, codes, 10) == pytest.approx(0.5, abs=0.03)
    assert neighbour_agreement(x, codes, 10) == pytest.approx(10 / 399, abs=0.015)


@settings(deadline=None)
@given(
    data=st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=5, max_size=20),
    k=st.integers(1, 2),
)
def test_scores_stay_between_0_and_1_whatever_coincides(data, k):
    both = torch.tensor(data)
    x, codes = both[:, :1], both[:, 1:]
    for metric in METRICS:
        assert 0 <= metric(x, codes, k) <= 1
        assert metric(x, torch.zeros_like(codes), k) <= 1


def test_a_rank_counts_only_what_is_strictly_nearer():
    """Equally far examples are equally good neighbours: all corners of a simplex are at rank 1."""
    corners = torch.eye(9, dtype=torch.float64)
    assert trustworthiness(corners, points(9, 2), 3) == 1


def turned(x):
    return x @ torch.linalg.qr(points(x.shape[1], x.shape[1], seed=1).to(x.dtype))[0]


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_copies_are_at_distance_0_of_each_other(metric, dtype):
    """7 points in 1,000 copies: whichever copies count as the nearest, they are the same point."""
    x = points(7, 12, dtype=dtype)[torch.arange(1000) % 7]
    assert metric(x, turned(x), 5) == 1


@pytest.mark.parametrize("metric", METRICS)
def test_equally_far_neighbours_of_a_grid_stay_equally_far_when_it_is_turned(metric):
    """Four points are at distance 1 of each inner one, and three places are left for them."""
    x = torch.cartesian_prod(torch.arange(20.0), torch.arange(20.0)).double() / 3
    assert metric(x, turned(x), 3) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("metric", METRICS)
def test_the_order_of_the_examples_does_not_matter_where_codes_coincide(metric):
    """A few codes for many examples: which of the equal ones are neighbours must not depend on who comes first."""
    x = points(120, 3)
    codes = x[:, :1].sign()
    forwards, backwards = metric(x, codes, 7), metric(x.flip(0), codes.flip(0), 7)
    assert forwards == pytest.approx(backwards, abs=1e-12)
    assert metric(codes, x, 7) == pytest.approx(metric(codes.flip(0), x.flip(0), 7), abs=1e-12)


def test_a_collapsed_code_is_at_the_level_of_chance_exactly():
    """All neighbours are equally likely then: as on average over all random codes."""
    x, collapsed = points(60, 4), torch.zeros(60, 2, dtype=torch.float64)
    n, k = 60, 7
    excess = k / (n - 1) * sum(rank - k for rank in range(k + 1, n))
    assert trustworthiness(x, collapsed, k) == pytest.approx(1 - 2 * excess / (k * (2 * n - 3 * k - 1)), abs=1e-12)
    assert neighbour_agreement(x, collapsed, k) == pytest.approx(k / (n - 1), abs=1e-12)
    assert neighbour_agreement(collapsed, x, k) == pytest.approx(k / (n - 1), abs=1e-12)


@pytest.mark.parametrize("metric", METRICS)
def test_misuse_is_told(metric, complains):
    x, codes = points(10, 4), points(10, 2)
    for k in (0, -1, 5, 10):
        with complains(ConfigError, "less than half of the 10 examples", f"got {k}"):
            metric(x, codes, k)
    with complains(DataError, "10 examples but 9 codes", "(10, 4)", "(9, 2)"):
        metric(x, codes[:9], 2)
    with complains(DataError, "3 examples or more", "got 2"):
        metric(x[:2], codes[:2], 1)
    with complains(DataError, "codes", "not finite"):
        metric(x, codes / 0, 2)
    with complains(DataError, "examples", "not finite"):
        metric(x / 0, codes, 2)
