"""Denoising: the mean over several corruptions, and the weight of what was corrupted, computed by hand."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aelib import (
    MLP,
    Autoencoder,
    ConfigError,
    Dataset,
    Denoising,
    Experiment,
    Split,
    TrainConfig,
    Training,
    Vanilla,
    load_dataset,
)
from aelib.corruption import CORRUPTIONS
from aelib.registry import get_variant
from aelib.sweep import StackedTraining, SweepSpec

FEATURES = 9
#: Examples from −1 to 3: not a picture's range.
WIDE = Dataset(
    "wide",
    *(Split(4 * torch.rand(n, 6, generator=torch.Generator().manual_seed(n)) - 1, torch.zeros(n)) for n in (40, 20)),
)

WITH_HITS = ("masking", "salt_and_pepper")


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def examples(n=6):
    return torch.rand(n, FEATURES, generator=seeded(), dtype=torch.float64)


def model_of(**settings):
    return Autoencoder(MLP((FEATURES,), hidden=(6,), latent=3), Denoising(**settings)).double()


def reconstruction(model, x, seed=7):
    with torch.no_grad():
        return float(model.terms(x, seeded(seed))["reconstruction"])


@torch.no_grad()
@pytest.mark.parametrize("corruption", CORRUPTIONS)
@pytest.mark.parametrize("samples", [1, 3, 16])
def test_the_expectation_is_the_mean_over_that_many_corruptions(corruption, samples):
    model, x = model_of(corruption=corruption, samples=samples, level=0.4), examples()
    seen = CORRUPTIONS[corruption](x.repeat(samples, 1), torch.tensor(0.4), seeded(7)).x
    by_corruption = [(model(part) - x).square().sum(1).mean() for part in seen.chunk(samples)]
    assert reconstruction(model, x) == pytest.approx(float(sum(by_corruption)) / samples, rel=1e-7)
    if samples > 1:
        assert by_corruption[0] != by_corruption[1]


def test_more_corruptions_tell_the_expectation_more_exactly():
    x, spread = examples(), []
    for samples in (1, 16):
        model = model_of(samples=samples)
        spread.append(torch.tensor([reconstruction(model, x, seed) for seed in range(100)]).var())
    assert spread[1] / spread[0] == pytest.approx(1 / 16, rel=0.5)  # the variance of a mean of 16


@torch.no_grad()
@pytest.mark.parametrize("corruption", WITH_HITS)
@pytest.mark.parametrize("alpha", [0, 0.2, 0.5, 0.9, 1])
@pytest.mark.parametrize("likelihood", ["squared_error", "cross_entropy"])
def test_emphasis_weighs_what_was_corrupted_by_2_alpha_and_the_rest_by_2_minus_2_alpha(corruption, alpha, likelihood):
    model = model_of(corruption=corruption, emphasis=alpha, likelihood=likelihood)
    x = examples()
    seen, hit = CORRUPTIONS[corruption](x, torch.tensor(0.3), seeded(7))
    rebuilt = model(seen)
    if likelihood == "squared_error":
        error = (rebuilt - x).square()
    else:
        error = -x * rebuilt.log() - (1 - x) * (1 - rebuilt).log()
    expected = 0.0
    for example in range(len(x)):
        for pixel in range(FEATURES):
            weight = 2 * alpha if hit[example, pixel] else 2 * (1 - alpha)
            expected += weight * float(error[example, pixel]) / len(x)
    assert reconstruction(model, x) == pytest.approx(expected, rel=1e-6)  # α is a float32


@pytest.mark.parametrize("corruption", WITH_HITS)
def test_one_half_is_the_plain_error_and_1_counts_the_corrupted_entries_alone(corruption):
    x = examples()
    plain = Autoencoder(MLP((FEATURES,), hidden=(6,), latent=3), Vanilla()).double()
    clean = model_of(corruption=corruption, level=0, emphasis=0.5)
    assert reconstruction(clean, x) == reconstruction(plain, x)
    assert reconstruction(model_of(corruption=corruption, level=0, emphasis=1), x) == 0  # nothing is corrupted
    assert reconstruction(model_of(corruption=corruption, level=1, emphasis=0), x) == 0  # all is


@settings(deadline=None, max_examples=20)
@given(alpha=st.floats(0, 1, width=32))
def test_emphasis_mixes_both_parts_linearly(alpha):
    """Level and noise being equal, L(α) = (1 − α) L(0) + α L(1), and L(½) is the error without emphasis."""
    model, x = model_of(), examples()
    found = {}
    for value in (0, 0.5, 1, alpha):
        model.set_knob("emphasis", value)
        found[value] = reconstruction(model, x)
    assert found[alpha] == pytest.approx((1 - alpha) * found[0] + alpha * found[1])
    seen = CORRUPTIONS["masking"](x, torch.tensor(0.3), seeded(7)).x
    assert found[0.5] == pytest.approx(float((model(seen).detach() - x).square().sum()) / len(x))


def test_gaussian_noise_corrupts_every_entry_and_knows_no_emphasis(complains):
    x = examples()
    assert len({reconstruction(model_of(corruption="gaussian", emphasis=alpha), x) for alpha in (0, 0.5, 1)}) == 1
    with complains(ConfigError, "emphasis", "level"):
        model_of(corruption="gaussian").set_knob("emphasis", 0.7)


# --- data that are not from 0 to 1 -----------------------------------------------------------------


def peppered(variant="denoising", activation="tanh", **knobs):
    """A model that sees nothing but salt and pepper, made for `WIDE`."""
    objective = get_variant(variant).objective.replace(corruption="salt_and_pepper", level=1.0, **knobs)
    return Autoencoder(MLP((6,), hidden=(5,), latent=2, activation=activation, output="identity"), objective)


def salt_of(model):
    """The values of what the encoder would see."""
    return set(model.corrupt(WIDE.test.x, seeded(1)).flatten().tolist())


def test_salt_and_pepper_are_the_extremes_of_what_a_model_is_trained_on(tmp_path):
    model = peppered()
    next(Training(model, WIDE, TrainConfig(batch_size=8)))
    extremes = {float(WIDE.range[0]), float(WIDE.range[1])}
    assert salt_of(model) == extremes
    model.save(tmp_path)
    assert salt_of(Autoencoder.load(tmp_path)) == extremes


def test_so_they_are_for_each_model_of_a_stack():
    base = Experiment.of("swiss_roll", "denoising", objective={"corruption": "salt_and_pepper"}, train={"epochs": 1})
    data = load_dataset("swiss_roll")
    stack = StackedTraining(SweepSpec(base=base, knob="level", values=(0.2, 0.9)), data)
    batch = stack.model.held_out(data.test.x, None, 0, 0.0)
    seen, hit = stack.model.objective.corrupt(batch)
    for level, cell, was_hit in zip((0.2, 0.9), seen, hit, strict=True):
        assert set(cell[was_hit].tolist()) == set(data.range), level
    assert salt_of_one(stack.model.model(0), data) >= set(data.range)
    assert stack.model.view(1).extremes == data.range


def salt_of_one(model, data):
    return set(model.corrupt(data.test.x, seeded(1)).flatten().tolist())


def test_pictures_are_peppered_with_black_and_white_even_where_none_is(tiny):
    """0.1.0 put 0 and 1 in data within them, and a run of its goes on as it began."""
    dim = Dataset("dim", *(Split(0.2 + 0.5 * s.x, s.y) for s in (tiny.train, tiny.test)), tiny.classes)
    assert dim.range != (0, 1)
    model = Autoencoder(MLP(dim.shape, hidden=(5,), latent=2), Denoising(corruption="salt_and_pepper", level=1.0))
    next(Training(model, dim, TrainConfig(batch_size=8)))
    assert set(model.corrupt(dim.test.x, seeded(1)).flatten().tolist()) == {0, 1}


@pytest.mark.parametrize(("activation", "ends"), [("tanh", {-1, 1}), ("sigmoid", {0, 1}), ("relu", {0, 1})])
def test_a_hidden_layer_is_peppered_with_its_own_extremes(activation, ends, monkeypatch):
    model, seen = peppered("stacked_denoising", activation, epochs_per_layer=1), []
    model.extremes = WIDE.extremes
    layer_up = type(model.network).layer_up
    monkeypatch.setattr(type(model.network), "layer_up", lambda net, i, h: (seen.append(h), layer_up(net, i, h))[1])
    batch = model.batch(WIDE.test.x, None, seeded(1), 1.5)  # the second layer learns
    model.objective.terms(model.network, batch)
    assert set(seen[-1].flatten().tolist()) == ends
