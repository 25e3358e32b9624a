"""Knobs: read at every step, so that live, rebuilt and vectorised settings are one and the same."""

import math

import pytest
import torch
from torch.func import functional_call, vmap

from aelib import VARIANTS, Autoencoder, ConfigError, Experiment

KNOBS = [(name, knob) for name, variant in VARIANTS.items() for knob in variant.knobs]


def settings(knob):
    """Three values over the range of a knob: its ends and one between."""
    return [knob.low, 0.3 * knob.low + 0.7 * min(knob.high, 1.0), knob.high]


@pytest.mark.parametrize(("variant", "name"), [*KNOBS, ("vanilla", "learning_rate")])
def test_a_knob_turned_live_equals_a_training_rebuilt_with_it(variant, name, tiny):
    experiment = Experiment.of(variant=variant, train={"batch_size": 32, "epochs": 2})
    live = experiment.build(tiny)
    for _ in range(5):
        next(live)
    state = live.state_dict()
    value = settings(live.knobs[name])[1]
    live.set_knob(name, value)
    assert live.knob_values[name] == value

    rebuilt = experiment.with_knobs({name: value}).build(tiny)
    rebuilt.load_state_dict(state)
    unturned = experiment.build(tiny)
    unturned.load_state_dict(state)
    after = [[(r.terms, r.test) for r in training] for training in (live, rebuilt, unturned)]
    assert after[0] == after[1]
    assert after[0][-1] != after[2][-1]  # and it did something


@pytest.mark.parametrize(("variant", "name"), KNOBS)
def test_one_vectorised_call_over_a_knob_equals_a_loop(variant, name, tiny):
    experiment = Experiment.of(variant=variant)
    model = Autoencoder(experiment.network, experiment.objective)

    # `functional_call` swaps the knob and calls `forward`.
    model.forward = lambda: model.terms(tiny.train.x, torch.Generator().manual_seed(0))
    values = settings(model.knobs[name])

    def at(value):
        return functional_call(model, {f"knob_{name}": value}, ())

    together = vmap(at, randomness="same")(torch.tensor(values))
    for i, value in enumerate(values):
        model.set_knob(name, value)
        for term, alone in model().items():
            torch.testing.assert_close(together[term][i], alone)


def test_learning_rate_0_stands_still(tiny):
    training = Experiment.of(train={"batch_size": 32}).build(tiny)
    next(training)
    training.set_knob("learning_rate", 0)
    before = training.state_dict()
    next(training)
    after = training.state_dict()
    assert all(torch.equal(before[k], after[k]) for k in before if k.startswith("model."))


def test_experiment_lists_the_knobs_that_its_training_has(experiment, tiny):
    training = experiment.build(tiny)
    assert experiment.knobs == training.knobs
    assert experiment.knob_values == training.knob_values
    assert experiment.with_knobs(experiment.knob_values) == experiment


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -0.1, 1e9, None, "much", [1], 10**400])
def test_a_bad_value_is_refused_and_the_knob_stays(experiment, tiny, complains, value):
    training = experiment.build(tiny)
    before, tensors = training.knob_values, dict(training.model.knob_tensors())
    for name in training.knobs:
        with complains(ConfigError):
            training.set_knob(name, value)
    assert training.knob_values == before
    assert all(float(tensor) == pytest.approx(before[name]) for name, tensor in tensors.items())


def test_an_unknown_knob_is_refused_with_the_names_there_are(experiment, tiny, complains):
    training = experiment.build(tiny)
    with complains(ConfigError, "'gamma'", *training.knobs):
        training.set_knob("gamma", 1)
    with complains(ConfigError, *training.model.knobs):
        training.model.set_knob("g" * 10_000, 1)
    with complains(ConfigError):  # a setting, but not one that is turned
        training.set_knob("likelihood", 1)
