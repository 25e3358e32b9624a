"""Receiver operating characteristics against scikit-learn and against their definition by pairs."""

import pytest
import sklearn.metrics
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aelib.errors import DataError
from aelib.metrics.anomaly import roc_auc, roc_curve

# Few different scores, so that most are tied; both classes are there.
SCORED = st.lists(st.tuples(st.integers(-3, 3), st.booleans()), min_size=2, max_size=40).filter(
    lambda pairs: len({flag for _, flag in pairs}) == 2
)


@settings(deadline=None)
@given(SCORED)
def test_area_is_the_chance_that_an_anomaly_scores_higher(pairs):
    scores, flags = torch.tensor([s for s, _ in pairs]), torch.tensor([f for _, f in pairs])
    wins = [(a > b) + 0.5 * (a == b) for a in scores[flags].tolist() for b in scores[~flags].tolist()]
    area = roc_auc(scores, flags)
    assert area == pytest.approx(sum(wins) / len(wins), abs=1e-12)
    assert roc_auc(-scores, flags) == pytest.approx(1 - area, abs=1e-12)
    assert roc_auc(scores, ~flags) == pytest.approx(1 - area, abs=1e-12)


@settings(deadline=None)
@given(SCORED)
def test_curve_and_area_are_scikit_learn_s(pairs):
    scores, flags = torch.tensor([float(s) for s, _ in pairs]), torch.tensor([f for _, f in pairs])
    expected = sklearn.metrics.roc_curve(flags.numpy(), scores.numpy(), drop_intermediate=False)
    found = roc_curve(scores, flags)
    for ours, theirs in zip(found, expected, strict=True):
        torch.testing.assert_close(ours, torch.from_numpy(theirs).double(), rtol=0, atol=1e-15)
    area = sklearn.metrics.roc_auc_score(flags.numpy(), scores.numpy())
    assert roc_auc(scores, flags) == pytest.approx(area, abs=1e-12)


def test_area_of_many_scores_without_ties(random):
    scores = torch.randn(5000, generator=random)
    flags = torch.rand(5000, generator=random) < 0.2
    scores[flags] += 1
    expected = sklearn.metrics.roc_auc_score(flags.numpy(), scores.numpy())
    assert roc_auc(scores, flags) == pytest.approx(expected, abs=1e-12)
    # Two unit Gaussians one apart: Φ(1 / √2); the standard error of 1,000 against 4,000 is below 0.01.
    phi = torch.distributions.Normal(0.0, 1.0).cdf(torch.tensor(0.5**0.5))
    assert roc_auc(scores, flags) == pytest.approx(float(phi), abs=0.03)


def test_by_hand():
    """Scores 3 (anomaly), 2 (anomaly and normal), 1 (normal): of four pairs three are won and one is tied."""
    scores, flags = torch.tensor([2.0, 3.0, 1.0, 2.0]), torch.tensor([True, True, False, False])
    curve = roc_curve(scores, flags)
    assert curve.false_positive_rate.tolist() == [0, 0, 0.5, 1]
    assert curve.true_positive_rate.tolist() == [0, 0.5, 1, 1]
    assert curve.thresholds.tolist() == [torch.inf, 3, 2, 1]
    assert roc_auc(scores, flags) == 3.5 / 4


@pytest.mark.parametrize(("scores", "area"), [([3, 4, 1, 2], 1), ([1, 2, 3, 4], 0), ([7, 7, 7, 7], 0.5)])
def test_perfect_reversed_and_uninformative(scores, area):
    assert roc_auc(torch.tensor(scores), torch.tensor([True, True, False, False])) == area


@pytest.mark.parametrize("function", [roc_curve, roc_auc])
def test_misuse(complains, function):
    scores, flags = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([True, False, True])
    with complains(DataError, "(3,)", "(2,)"):
        function(scores, flags[:2])
    with complains(DataError, "(3, 1)"):
        function(scores.unsqueeze(1), flags.unsqueeze(1))
    with complains(DataError, "booleans", "int64"):
        function(scores, flags.long())
    for bad in (torch.nan, torch.inf, -torch.inf):
        with complains(DataError, "finite", "1 of 3"):
            function(torch.tensor([1.0, bad, 3.0]), flags)
    with complains(DataError, "3 anomalies among 3"):
        function(scores, torch.ones(3, dtype=torch.bool))
    with complains(DataError, "0 anomalies among 3"):
        function(scores, torch.zeros(3, dtype=torch.bool))
    with complains(DataError, "0 anomalies among 0"):
        function(scores[:0], flags[:0])
