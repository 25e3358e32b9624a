"""What every variant of the registry promises. A new variant is tested here without a new line."""

import sys

import pytest
import torch

from aelib import VARIANTS, Autoencoder, ConfigError, DataError, Experiment, evaluate, load_dataset


@pytest.fixture
def model(experiment):
    return Autoencoder(experiment.network, experiment.objective, seed=1)


def test_shapes_and_ranges_of_the_maps(model, tiny, random):
    x = tiny.test.x
    z = model.encode(x)
    assert z.shape == (64, 3)
    assert model.decode(z).shape == model(x).shape == model.corrupt(x, random).shape == x.shape
    assert model.sample(5, random).shape == (5, 1, 8, 8)
    if model.spec.output == "sigmoid":
        assert model.decode(100 * z).min() >= 0
        assert model.decode(100 * z).max() <= 1
    torch.testing.assert_close(model(x), model.decode(z))
    assert torch.equal(model.encode(x.flatten(1)), z)  # flat examples will do


@pytest.mark.parametrize("variant", VARIANTS)
def test_vectors_work_like_images(variant, random):
    data = load_dataset("swiss_roll")
    training = Experiment.of("swiss_roll", variant, network={"hidden": (8,)}).build(data)
    assert next(training).loss > 0
    assert training.model(data.test.x).shape == (1000, 3)
    assert training.model(data.test.x).min() < 0  # the roll is not squeezed into [0, 1]


def test_encode_is_deterministic_and_each_example_is_on_its_own(model, tiny):
    x = tiny.test.x
    assert torch.equal(model.encode(x), model.encode(x))
    torch.testing.assert_close(model.encode(x[:7]), model.encode(x)[:7])


def test_posterior_belongs_to_variational_models_alone(model, tiny, complains):
    if model.objective.statistics == 2:
        posterior = model.posterior(tiny.test.x)
        assert torch.equal(posterior.mean, model.encode(tiny.test.x))
        assert (posterior.stddev > 0).all()
    else:
        with complains(ConfigError, "encode"):
            model.posterior(tiny.test.x)


def test_samples_come_from_the_generator(model):

    def draw(seed):
        return model.sample(4, torch.Generator().manual_seed(seed))

    assert torch.equal(draw(0), draw(0))
    assert not torch.equal(draw(0), draw(1))


def test_terms_are_finite_and_every_parameter_learns_from_their_sum(model, tiny, random):
    terms = model.terms(tiny.train.x, random)
    assert all(term.ndim == 0 and torch.isfinite(term) and term > 0 for term in terms.values())
    sum(terms.values()).backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        assert torch.isfinite(parameter.grad).all(), name
        assert parameter.grad.any(), name


def test_terms_are_means_over_the_batch(model, tiny, random):
    """The same examples twice cost the same; the reconstruction from a drawn code is left out."""
    if "level" in model.knobs:
        model.set_knob("level", 0)
    x = tiny.train.x
    once, twice = model.terms(x, random), model.terms(torch.cat([x, x]), random)
    for name in once.keys() - ({"reconstruction"} if model.objective.statistics == 2 else set()):
        torch.testing.assert_close(twice[name], once[name])


@torch.no_grad()
def test_evaluation_sums_its_terms_and_repeats_itself(model, tiny, monkeypatch):
    found = evaluate(model, tiny.test.x)
    terms = {name: value for name, value in found.items() if name not in ("loss", "squared_error")}
    assert found["loss"] == pytest.approx(sum(terms.values()))
    squared_error = (model(tiny.test.x) - tiny.test.x).square().sum() / 64
    assert found["squared_error"] == pytest.approx(float(squared_error), rel=1e-5)
    assert evaluate(model, tiny.test.x) == found
    monkeypatch.setattr(sys.modules["aelib.evaluate"], "CHUNK", 10)  # 64 = 6 · 10 + 4: the last chunk weighs less
    assert evaluate(model, tiny.test.x)["squared_error"] == pytest.approx(found["squared_error"], rel=1e-5)


@pytest.mark.parametrize("variant", VARIANTS)
def test_thirty_epochs_on_digits_beat_the_mean_picture(variant, digits):
    experiment = Experiment.of(variant=variant, train={"epochs": 30, "learning_rate": 0.01})
    history = [record.test for record in experiment.build(digits)]
    held_out = [test for test in history if test]
    assert len(held_out) == 30
    assert held_out[-1]["loss"] < 0.95 * held_out[0]["loss"]
    mean_picture = (digits.test.x - digits.train.x.mean(0)).square().flatten(1).sum(1).mean()
    assert held_out[-1]["squared_error"] < 0.9 * mean_picture


def test_examples_that_do_not_fit_are_refused(model, complains):
    for shape in [(64,), (2, 63), (2, 1, 8, 9), (2, 8, 8, 1), (2, 4, 16)]:
        with complains(DataError, "(1, 8, 8)", str(shape)):
            model.encode(torch.zeros(shape))
    for shape in [(3,), (2, 4), (1, 2, 3)]:
        with complains(DataError, "(n, 3)", str(shape)):
            model.decode(torch.zeros(shape))
    with complains(DataError, "uint8"):
        model.encode(torch.zeros(2, 64, dtype=torch.uint8))


def test_no_examples_and_double_precision_are_fine(model, tiny):
    assert model.encode(tiny.test.x[:0]).shape == (0, 3)
    assert torch.equal(model(tiny.test.x.double()), model(tiny.test.x))


def test_every_entry_tells_a_learner_what_it_is():
    for name, variant in VARIANTS.items():
        assert variant.name == name
        assert variant.title
        assert variant.formula.count("{") == variant.formula.count("}")
        assert variant.sentence.endswith(".")
        assert not variant.erratum or "ocument" in variant.erratum
        for knob in variant.knobs.values():
            assert knob.low < knob.high
            assert knob.label
            assert knob.symbol
            assert knob.help.endswith(".")
