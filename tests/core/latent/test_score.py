"""The honesty of a map against scikit-learn, and maps whose faults are known."""

import pytest
import torch
from sklearn.manifold import trustworthiness as reference

from aelib import ConfigError, DataError
from aelib.latent.score import score_map


def points(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.mark.parametrize("k", [1, 15, 40])
def test_both_numbers_agree_with_scikit_learn(k):
    codes = points(200, 6)
    shown = codes[:, :2] + 0.3 * points(200, 2, seed=1)
    score = score_map(codes, shown, k)
    assert score.trustworthiness == pytest.approx(reference(codes.numpy(), shown.numpy(), n_neighbors=k), abs=1e-6)
    assert score.continuity == pytest.approx(reference(shown.numpy(), codes.numpy(), n_neighbors=k), abs=1e-6)
    assert (score.k, score.count) == (k, 200)


def test_a_subset_judges_many_points():
    """The same one for a seed, whichever points are in it, and the two arrays stay in step."""
    codes = points(500, 2)
    assert score_map(codes, 3 * codes, limit=100) == (1, 1, 15, 100)
    shown = points(500, 2, seed=1)
    some = score_map(codes, shown, limit=100, seed=3)
    assert some == score_map(codes, shown, limit=100, seed=3)
    assert some[:2] != score_map(codes, shown, limit=100, seed=4)[:2]
    assert score_map(codes, shown, limit=500, seed=3) == score_map(codes, shown, limit=9999, seed=4)
    assert some.trustworthiness == pytest.approx(0.5, abs=0.1)


def test_the_subset_is_of_the_whole():
    """The second half of this map is scrambled, and a subset of the first points would not see it."""
    codes = points(600, 2)
    shown = torch.cat([codes[:300], codes[300:].flip(0)])
    assert score_map(codes, shown, limit=200).trustworthiness < 0.9


@pytest.mark.parametrize(("n", "k"), [(3, 1), (4, 1), (5, 2), (30, 14), (31, 15), (32, 15)])
def test_k_shrinks_for_few_points(n, k):
    codes = points(n, 3)
    assert score_map(codes, codes[:, :2]).k == k
    assert score_map(codes, codes) == (1, 1, k, n)


def test_a_fold_costs_trust_and_a_tear_costs_continuity():
    sheet = points(400, 2)
    folded = score_map(sheet, sheet[:, :1])
    assert folded.trustworthiness < 0.9 < folded.continuity
    torn = score_map(sheet, torch.where(sheet[:, :1] > 0, sheet + 100, sheet))
    assert torn.continuity < torn.trustworthiness


def test_maps_of_one_point_have_a_score():
    score = score_map(points(50, 4), torch.zeros(50, 2))
    assert 0 <= score.trustworthiness <= 1
    assert 0 <= score.continuity <= 1


def test_misuse_is_told(complains):
    codes, shown = points(20, 4), points(20, 2)
    with complains(DataError, "20 codes but 19 points"):
        score_map(codes, shown[:19])
    with complains(DataError, "3 points or more", "got 2"):
        score_map(codes[:2], shown[:2])
    with complains(DataError, "points", "not finite"):
        score_map(codes, shown / 0)
    with complains(ConfigError, "limit 2"):
        score_map(codes, shown, limit=2)
    with complains(ConfigError, "got 0"):
        score_map(codes, shown, k=0)
