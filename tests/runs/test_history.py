"""The history: exact means over fixed windows, whatever happens in between."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aelib.errors import DivergenceError
from aelib.runs.history import MAX_POINTS, WINDOW, History


def record(history, values, start=0):
    """Take in whole numbers, which float32 adds exactly."""
    for step, value in enumerate(values, start + 1):
        history.add(step, {"reconstruction": torch.tensor(float(value)), "penalty": torch.tensor(2.0 * value)})
    return history


def test_a_point_is_the_mean_of_its_window_and_stands_at_its_last_step():
    history = record(History(), range(25))
    assert history.points == [
        {"step": 10.0, "reconstruction": 4.5, "penalty": 9.0},
        {"step": 20.0, "reconstruction": 14.5, "penalty": 29.0},
    ]


def test_add_returns_the_point_that_it_completes():
    history = History()
    found = [history.add(step, {"loss": torch.tensor(1.0)}) for step in range(1, 21)]
    assert [i for i, point in enumerate(found, 1) if point] == [10, 20]


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=700))
@settings(max_examples=50, deadline=None)
def test_merging_keeps_means_exact(values):
    history = record(History(limit=8), values)
    window, points = history.window, history.points
    assert len(points) <= 9
    assert window in {WINDOW * 2**k for k in range(8)}
    assert [p["step"] for p in points] == [window * (i + 1) for i in range(len(points))]
    for i, point in enumerate(points):
        exact = sum(values[i * window : (i + 1) * window]) / window
        assert point["reconstruction"] == pytest.approx(exact, rel=1e-12)
    covered = values[: len(points) * window]
    if covered:
        mean = sum(p["reconstruction"] for p in points) / len(points)
        assert mean == pytest.approx(sum(covered) / len(covered), rel=1e-12)


@given(st.integers(0, 400), st.integers(0, 400))
@settings(max_examples=50, deadline=None)
def test_a_pause_leaves_no_trace(before, after):
    values = [(7 * i) % 101 for i in range(before + after)]
    whole = record(History(limit=8), values)
    first = record(History(limit=8), values[:before])
    resumed = History.restored(*first.state())
    resumed.limit = 8
    record(resumed, values[before:], before)
    assert (resumed.points, resumed.window) == (whole.points, whole.window)


def test_bounded():
    history = History()
    one = {"loss": torch.tensor(1.0)}
    for step in range(1, 3 * MAX_POINTS * WINDOW):
        history.add(step, one)
        assert len(history.points) <= MAX_POINTS + 1
    assert history.window == 4 * WINDOW
    assert {point["loss"] for point in history.points} == {1.0}


def test_a_training_continued_within_a_window_gives_the_mean_of_what_there_was():
    assert record(History(), [4, 5, 6], start=7).points == [{"step": 10.0, "reconstruction": 5.0, "penalty": 10.0}]


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_window_that_is_no_number_is_divergence_and_left_out(bad):
    history = record(History(), range(10))
    record(history, range(9), start=10)
    with pytest.raises(DivergenceError):
        history.add(20, {"reconstruction": torch.tensor(bad), "penalty": torch.tensor(0.0)})
    record(history, range(10), start=20)
    assert [point["step"] for point in history.points] == [10.0, 30.0]
