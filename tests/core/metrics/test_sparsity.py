"""Counts of active units on codes whose counts are known, and Hoyer's measure where it has a closed form."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aelib import ConfigError, DataError
from aelib.metrics.sparsity import (
    active,
    activity_rate,
    activity_threshold,
    dead_share,
    dead_units,
    hoyer,
    l0,
)

CODES = torch.tensor([[0.0, 2.0, 0.0, -1.0], [0.0, 3.0, 0.0, 0.0], [0.0, -1.0, 0.0, 4.0], [0.0, 1.0, 0.0, 0.0]])
COUNTS = (l0, activity_rate, dead_units, dead_share)


@pytest.mark.parametrize("threshold", [None, 0, 0.5])
def test_counts_by_hand(threshold):
    """Six of sixteen numbers are not zero."""
    assert torch.equal(active(CODES, threshold), CODES != 0)
    assert l0(CODES, threshold) == 6 / 4
    assert activity_rate(CODES, threshold).tolist() == [0, 1, 0, 0.5]
    assert dead_units(CODES, threshold).tolist() == [True, False, True, False]
    assert dead_share(CODES, threshold) == 0.5


def test_a_unit_is_active_above_the_threshold_only():
    assert l0(CODES, 1) == 3 / 4
    assert l0(CODES, 4) == 0
    assert dead_share(CODES, 4) == 1


def test_default_threshold_is_a_tenth_of_the_root_mean_square():
    assert activity_threshold(CODES) == pytest.approx(0.1 * math.sqrt((4 + 1 + 9 + 1 + 16 + 1) / 16), rel=1e-12)


@settings(deadline=None)
@given(kept=st.integers(1, 20), seed=st.integers(0, 99))
def test_a_k_sparse_code_has_k_active_units(kept, seed):
    values = 0.5 + torch.rand(30, 20, generator=torch.Generator().manual_seed(seed))
    codes = torch.zeros(30, 20).scatter(1, values.topk(kept).indices, values)
    assert l0(codes) == kept
    assert float(activity_rate(codes).sum()) == pytest.approx(kept)


@settings(deadline=None)
@given(scale=st.floats(1e-30, 1e30), seed=st.integers(0, 99))
def test_the_scale_of_a_code_changes_no_count_and_no_sparsity(scale, seed):
    codes = torch.randn(30, 8, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) ** 3
    codes[:, 0] = 0
    assert torch.equal(active(codes * scale), active(codes))
    assert torch.equal(dead_units(codes * scale), dead_units(codes))
    assert hoyer(codes * scale) == pytest.approx(hoyer(codes), abs=1e-12)


def test_a_unit_of_rounding_noise_is_dead(random):
    codes = torch.randn(100, 3, generator=random) * torch.tensor([1.0, 1e-6, 1.0])
    assert dead_units(codes).tolist() == [False, True, False]
    assert dead_share(codes, 0) == 0


def test_a_code_of_zeros_is_dead():
    codes = torch.zeros(5, 3)
    assert (l0(codes), dead_share(codes)) == (0, 1)


@pytest.mark.parametrize(("equal", "units"), [(1, 16), (4, 16), (16, 16), (1, 2), (3, 7)])
def test_hoyer_of_equal_units_among_zeros(equal, units):
    """k equal magnitudes among m units give (√m − √k) / (√m − 1)."""
    codes = torch.zeros(3, units)
    codes[:, :equal] = torch.tensor([[0.1], [-2.0], [50.0]])
    expected = (math.sqrt(units) - math.sqrt(equal)) / (math.sqrt(units) - 1)
    assert hoyer(codes) == pytest.approx(expected, abs=1e-12)


def test_hoyer_is_a_mean_over_the_codes_that_are_not_zero():
    codes = torch.tensor([[1.0, 0.0], [0.0, 0.0], [1.0, 1.0]])
    assert hoyer(codes) == pytest.approx(0.5, abs=1e-12)
    tiny = 1e-200 * codes.double()
    assert hoyer(tiny) == pytest.approx(0.5, abs=1e-12)


@pytest.mark.parametrize("metric", [*COUNTS, active, hoyer])
def test_codes_must_be_finite_rows(metric, complains):
    with complains(DataError, "codes", "not finite"):
        metric(torch.tensor([[0.0, math.nan]]))
    with complains(DataError, "one row per example", "(0, 4)"):
        metric(CODES[:0])
    with complains(DataError, "one row per example", "(4,)"):
        metric(CODES[0])


@pytest.mark.parametrize("metric", [*COUNTS, active])
@pytest.mark.parametrize("threshold", [-0.1, math.nan])
def test_a_threshold_is_not_negative(metric, threshold, complains):
    with complains(ConfigError, "threshold", str(threshold)):
        metric(CODES, threshold)


def test_hoyer_needs_two_units_and_something_that_is_not_zero(complains):
    with complains(DataError, "at least 2"):
        hoyer(CODES[:, :1])
    with complains(DataError, "All 4 codes are zero"):
        hoyer(torch.zeros(4, 3))
