"""Knobs: read at every step, so that live, rebuilt and vectorised settings are one and the same."""

import math

import pytest
import torch
from torch.func import functional_call, grad, vmap

from aelib import VARIANTS, Autoencoder, ConfigError, Experiment

#: Settings without which a knob has no effect.
FIXED_DEVIATION = {"likelihood": "gaussian", "deviation": "fixed"}
#: (variant, settings of its objective, knob)
KNOBS = [
    *((name, {}, knob) for name, variant in VARIANTS.items() for knob in variant.knobs),
    *((name, FIXED_DEVIATION, "sigma") for name in ("vanilla", "denoising", "variational")),
]


def settings(knob):
    """Three values over the range of a knob: its ends and one between."""
    between = (knob.low + knob.high) // 2 if knob.integer else 0.3 * knob.low + 0.7 * min(knob.high, 1.0)
    return [knob.low, between, knob.high]


@pytest.mark.parametrize(("variant", "objective", "name"), [*KNOBS, ("vanilla", {}, "learning_rate")])
def test_a_knob_turned_live_equals_a_training_rebuilt_with_it(variant, objective, name, tiny):
    experiment = Experiment.of(variant=variant, objective=objective, train={"batch_size": 32, "epochs": 2})
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


CONV = {"kind": "conv", "channels": (4, 4)}


@pytest.mark.parametrize(
    ("variant", "objective", "name", "network"),
    [
        *((*case, {}) for case in KNOBS),
        # The same knobs where a convolution stands in for the matrices.
        ("denoising", {}, "level", CONV),
        ("contractive", {}, "weight", CONV),
        ("variational", {}, "beta", CONV),
        ("conditional", {}, "label_rate", CONV),
    ],
)
def test_one_vectorised_call_over_a_knob_equals_a_loop(variant, objective, name, network, tiny):
    experiment = Experiment.of(variant=variant, objective=objective, network=network)
    model = Autoencoder(experiment.network, experiment.objective)

    # `functional_call` swaps the knob and calls `forward`.
    model.forward = lambda: model.terms(tiny.train.x, torch.Generator().manual_seed(0), tiny.train.y)
    values = settings(model.knobs[name])

    def at(value):
        return functional_call(model, {f"knob_{name}": value}, ())

    together = vmap(at, randomness="same")(torch.tensor(values))
    for i, value in enumerate(values):
        model.set_knob(name, value)
        for term, alone in model().items():
            torch.testing.assert_close(together[term][i], alone)


def test_gradients_over_a_vectorised_knob_equal_a_loop(tiny):
    """Training at several settings at once: also where cross-entropy has its own gradient."""
    experiment = Experiment.of(variant="single_layer")
    model = Autoencoder(experiment.network, experiment.objective)
    model.forward = lambda: model.terms(tiny.train.x, torch.Generator())["reconstruction"]
    weights = dict(model.named_parameters())

    def gradients(scale):
        return grad(lambda w: functional_call(model, {name: scale * value for name, value in w.items()}, ()))(weights)

    scales = torch.tensor([0.5, 1.0, 2.0])
    together = vmap(gradients)(scales)
    for i, scale in enumerate(scales):
        for name, alone in gradients(scale).items():
            torch.testing.assert_close(together[name][i], alone, rtol=1e-4, atol=1e-5)


def test_knobs_are_those_that_have_an_effect():
    """σ only of a Gaussian likelihood that is fixed, emphasis only where some entries are corrupted, others not."""
    assert "sigma" not in Experiment.of().knobs
    assert "sigma" not in Experiment.of(objective={"likelihood": "gaussian"}).knobs
    assert "sigma" in Experiment.of(objective=FIXED_DEVIATION).knobs
    assert "emphasis" not in Experiment.of(variant="denoising", objective={"corruption": "gaussian"}).knobs
    assert "emphasis" in Experiment.of(variant="denoising", objective={"corruption": "salt_and_pepper"}).knobs


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
