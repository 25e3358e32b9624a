"""What a sweep may consist of."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aelib import ConfigError, Experiment
from aelib.sweep import MAX_VALUES, SweepSpec, linear_values, log_values

VARIATIONAL = Experiment.of("digits", "variational")
K_SPARSE = Experiment.of("digits", "k_sparse", network={"latent": 8})


def test_cells_are_the_experiments_with_the_knob_at_each_value():
    cells = SweepSpec(base=VARIATIONAL, knob="beta", values=(0.5, 2)).cells
    assert cells == tuple(Experiment.of("digits", "variational", objective={"beta": beta}) for beta in (0.5, 2))
    cells = SweepSpec(base=VARIATIONAL, knob="learning_rate", values=(1e-4, 1e-2)).cells
    assert cells == tuple(Experiment.of("digits", "variational", train={"learning_rate": r}) for r in (1e-4, 1e-2))
    cells = SweepSpec(base=VARIATIONAL, knob="seed", values=(3, 2**31 - 1)).cells
    assert cells == tuple(Experiment.of("digits", "variational", train={"seed": seed}) for seed in (3, 2**31 - 1))
    assert all(isinstance(cell.train.seed, int) for cell in cells)


def test_a_sweep_survives_json():
    for base, knob, values in ((VARIATIONAL, "beta", log_values(0.1, 10, 64)), (K_SPARSE, "seed", (5, 1, 3))):
        sweep = SweepSpec(base=base, knob=knob, values=values)
        assert SweepSpec.from_json(sweep.model_dump_json()) == sweep


MISUSE = {
    "65 values": (VARIATIONAL, "seed", tuple(range(65)), ["2 to 64 values", "65"]),
    "one value": (VARIATIONAL, "beta", (1,), ["2 to 64 values", "got 1"]),
    "none": (VARIATIONAL, "beta", (), ["2 to 64 values", "got 0"]),
    "twice the same": (VARIATIONAL, "beta", (1, 2, 1.0), ["differ", "1 more than once"]),
    "out of range": (VARIATIONAL, "beta", (1, 101), ["KL weight (β)", "from 0 to 100", "101"]),
    "below the range": (VARIATIONAL, "learning_rate", (1e-3, -1), ["Learning rate", "0 to 1", "-1"]),
    "no number": (VARIATIONAL, "beta", (1, math.nan), ["KL weight (β)", "nan"]),
    "no knob": (VARIATIONAL, "level", (0.1, 0.2), ["'level'", "beta", "learning_rate", "seed"]),
    "a knob without effect": (VARIATIONAL, "sigma", (0.1, 0.2), ["'sigma'"]),
    "a structural setting": (VARIATIONAL, "latent", (2, 3), ["'latent'"]),
    "half a seed": (VARIATIONAL, "seed", (0, 0.5), ["whole number", "0.5"]),
    "no seed": (VARIATIONAL, "seed", (0, math.inf), ["whole number", "inf"]),
    "seed below 0": (VARIATIONAL, "seed", (0, -1), ["seed", "-1"]),
    "large seed": (VARIATIONAL, "seed", (0, 2**31), ["seed", "2147483648"]),
    "more units than the code": (K_SPARSE, "k", (1, 9), ["Active units", "1 to 8", "9"]),
    "half a unit": (K_SPARSE, "k", (1, 1.5), ["whole number", "1.5"]),
    "words": (VARIATIONAL, "beta", ("a", "b"), ["values.0", "number"]),
}


@pytest.mark.parametrize(("base", "knob", "values", "words"), MISUSE.values(), ids=MISUSE)
def test_misuse_is_refused(base, knob, values, words, complains):
    with complains(ConfigError, *words):
        SweepSpec(base=base, knob=knob, values=values)


def test_the_most_values_are_allowed():
    assert len(SweepSpec(base=VARIATIONAL, knob="beta", values=linear_values(0, 100, MAX_VALUES)).cells) == MAX_VALUES


counts = st.integers(2, MAX_VALUES)


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), counts)
def test_linear_values_are_evenly_spaced(low, span, n):
    values = linear_values(low, low + span, n)
    assert (values[0], values[-1], len(values)) == (low, low + span, n)
    scale = abs(low) + span
    assert all(abs((b - a) - span / (n - 1)) <= 1e-9 * scale for a, b in pairwise(values))


@given(st.floats(1e-6, 1e3), st.floats(1.001, 1e6), counts)
def test_log_values_have_one_ratio(low, factor, n):
    values = log_values(low, low * factor, n)
    assert (values[0], values[-1], len(values)) == (low, low * factor, n)
    assert all(b / a == pytest.approx(factor ** (1 / (n - 1)), rel=1e-9) for a, b in pairwise(values))


def test_whole_ends_give_whole_seeds():
    assert linear_values(0, 63, 64) == tuple(range(64))


@pytest.mark.parametrize(
    ("make", "arguments", "words"),
    [
        (linear_values, (0, 1, 65), ["2 to 64", "65"]),
        (linear_values, (0, 1, 1), ["2 to 64", "1"]),
        (linear_values, (1, 1, 3), ["greater", "1 to 1"]),
        (linear_values, (0, math.inf, 3), ["greater", "inf"]),
        (linear_values, (-1e308, 1e308, 3), ["too far apart"]),
        (log_values, (1e-300, 1e300, 3), ["too far apart"]),
        (log_values, (0, 1, 3), ["above 0", "linear"]),
        (log_values, (-1, 1, 3), ["above 0", "-1"]),
        (log_values, (2, 1, 3), ["greater", "2 to 1"]),
    ],
)
def test_ends_that_make_no_values(make, arguments, words, complains):
    with complains(ConfigError, *words):
        make(*arguments)


def test_a_sweep_says_what_it_is():
    sweep = SweepSpec(base=VARIATIONAL, knob="beta", values=log_values(0.1, 10, 4))
    assert sweep.title == "β from 0.1 to 10 on Variational (β) · Digits 8×8"
    assert sweep.names == ("β = 0.1", "β = 0.464", "β = 2.15", "β = 10")
    assert SweepSpec(base=VARIATIONAL, knob="seed", values=(3, 1234567)).names == ("seed 3", "seed 1234567")


@given(st.lists(st.floats(0, 100), min_size=2, max_size=20, unique=True))
def test_names_tell_the_cells_apart(values):
    sweep = SweepSpec(base=VARIATIONAL, knob="beta", values=values)
    assert len(set(sweep.names)) == len(values)


def test_what_is_too_large_to_be_stacked_is_told(complains):
    base = Experiment.of("digits", network={"hidden": (2048, 1024)})
    assert SweepSpec(base=base, knob="seed", values=(0, 1)).is_stackable
    sweep = SweepSpec(base=base, knob="seed", values=tuple(range(64)))
    assert not sweep.is_stackable
    with complains(ConfigError, "64 models", "50 million", "fewer values"):
        sweep.check_stackable()
