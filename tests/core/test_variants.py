"""What every variant of the registry promises. A new variant is tested here without a new line."""

import math

import pytest
import torch

from aelib import VARIANTS, Autoencoder, ConfigError, DataError, Experiment, evaluate, load_dataset
from aelib.objectives import base

#: Terms that are estimated from a drawn code: they scatter about their value, which may be 0.
ESTIMATED = {"information", "total_correlation", "dimension_wise"}
#: Variants that need more than vectors: pictures, or classes.
NOT_FOR_VECTORS = ("convolutional", "conditional")


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


@pytest.mark.parametrize("variant", [name for name in VARIANTS if name not in NOT_FOR_VECTORS])
def test_vectors_work_like_images(variant):
    data = load_dataset("swiss_roll")
    free = "hidden" not in VARIANTS[variant].fixed
    training = Experiment.of("swiss_roll", variant, network={"hidden": (8,)} if free else {}).build(data)
    loss = next(training).loss
    assert loss == 0 if variant == "overcomplete" else loss > 0  # identity matrices copy: nothing is left to learn
    assert training.model(data.test.x).shape == (1000, 3)
    codes = torch.cat([scale * training.model.encode(data.test.x) for scale in (1, 10, -10)])
    assert training.model.decode(codes).min() < 0  # the roll is not squeezed into [0, 1]


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


def test_terms_are_finite_and_every_parameter_learns_from_their_sum(experiment, tiny, random):
    training = experiment.build(tiny)
    if experiment.variant == "overcomplete":
        next(training)  # identity weights are a saddle: the encoder learns nothing before the decoder has moved
    model = training.model
    terms = model.terms(tiny.train.x, random, tiny.train.y)
    assert all(term.ndim == 0 and torch.isfinite(term) for term in terms.values())
    assert all(term > 0 for name, term in terms.items() if name not in ESTIMATED)
    sum(terms.values()).backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        assert torch.isfinite(parameter.grad).all(), name
        assert parameter.grad.any(), name


def test_terms_are_means_over_the_batch(model, tiny, random):
    """The same examples twice cost the same; the reconstruction from a drawn code is left out."""
    for name, certain in {"level": 0, "label_rate": 1}.items():
        if name in model.knobs:
            model.set_knob(name, certain)
    x, y = tiny.train.x, tiny.train.y
    once, twice = model.terms(x, random, y), model.terms(torch.cat([x, x]), random, torch.cat([y, y]))
    for name in once.keys() - ESTIMATED - ({"reconstruction"} if model.objective.statistics == 2 else set()):
        torch.testing.assert_close(twice[name], once[name])


@torch.no_grad()
def test_evaluation_sums_its_terms_and_repeats_itself(model, tiny, monkeypatch):
    x, y = tiny.test.x, tiny.test.y
    found = evaluate(model, x, y)
    terms = {name: value for name, value in found.items() if name not in ("loss", "squared_error", "rmse")}
    assert terms.keys() == model.terms(x, torch.Generator(), y).keys()
    assert found["loss"] == pytest.approx(sum(terms.values()))
    squared_error = float((model(x, y) - x).square().sum()) / 64
    assert found["squared_error"] == pytest.approx(squared_error, rel=1e-5)
    assert found["rmse"] == pytest.approx(math.sqrt(squared_error / 64), rel=1e-5)  # of 64 pixels each
    assert evaluate(model, x, y) == found
    monkeypatch.setattr(base, "CHUNK", 10)  # 64 = 6 · 10 + 4: the last chunk weighs less
    assert evaluate(model, x, y)["squared_error"] == pytest.approx(found["squared_error"], rel=1e-5)


@pytest.mark.parametrize("variant", VARIANTS)
def test_thirty_epochs_on_digits_beat_the_mean_picture(variant, digits):
    stacked = variant == "stacked_denoising"  # its layers are trained apart first: three times five epochs
    objective = {"epochs_per_layer": 5} if stacked else {}
    experiment = Experiment.of(variant=variant, objective=objective, train={"epochs": 30, "learning_rate": 0.01})
    history = [record.test for record in experiment.build(digits)]
    held_out = [test for test in history if test]
    assert len(held_out) == 30
    first, last = held_out[15 if stacked else 0], held_out[-1]
    # Identity matrices copy every digit, so an overcomplete model ends where it begins.
    assert last["loss"] == first["loss"] == 0 if variant == "overcomplete" else last["loss"] < 0.95 * first["loss"]
    mean_picture = (digits.test.x - digits.train.x.mean(0)).square().flatten(1).sum(1).mean()
    assert last["squared_error"] < 0.9 * mean_picture


def test_examples_that_do_not_fit_are_refused(model, complains):
    for shape in [(64,), (2, 63), (2, 1, 8, 9), (2, 8, 8, 1), (2, 4, 16)]:
        with complains(DataError, "(1, 8, 8)", str(shape)):
            model.encode(torch.zeros(shape))
    for shape in [(3,), (2, 4), (1, 2, 3)]:
        with complains(DataError, "(n, 3)", str(shape)):
            model.decode(torch.zeros(shape))
    with complains(DataError, "complex64", "1, 8, 8"):
        model.encode(torch.zeros(2, 64, dtype=torch.complex64))


def test_no_examples_and_double_precision_are_fine(model, tiny):
    assert model.encode(tiny.test.x[:0]).shape == (0, 3)
    assert torch.equal(model(tiny.test.x.double()), model(tiny.test.x))


def test_every_entry_tells_a_learner_what_it_is():
    for name, variant in VARIANTS.items():
        assert variant.name == name
        assert variant.title
        assert variant.formula.count("{") == variant.formula.count("}")
        assert variant.sentence.endswith(".")
        for knob in variant.knobs.values():
            assert knob.low < knob.high
            assert knob.label
            assert knob.symbol
            assert knob.help.endswith(".")


@pytest.mark.parametrize(
    ("examples", "words"),
    [
        (torch.zeros(0, 64), ["no examples"]),
        (torch.full((2, 64), float("nan")), ["finite"]),
        (torch.full((2, 64), 2.0), ["[0, 1]", "2 to 2"]),
    ],
)
def test_examples_that_cannot_be_evaluated_are_refused(examples, words, complains):
    entry = Experiment.of(variant="variational")
    with complains(DataError, *words):
        evaluate(Autoencoder(entry.network, entry.objective), examples)


@pytest.mark.parametrize("labels", [["a", "b"], torch.tensor([0.0, 1.0]), torch.tensor([0, 10]), torch.tensor([0])])
def test_labels_that_do_not_fit_are_refused(labels, complains):
    entry = Experiment.of(variant="conditional")
    with complains(DataError, "abels"):
        Autoencoder(entry.network, entry.objective).decode(torch.zeros(2, 2), labels)


def test_at_the_end_of_a_stage_the_held_out_loss_is_of_that_stage(tiny):
    train = {"epochs": 3, "batch_size": 32}
    training = Experiment.of(variant="stacked_denoising", objective={"epochs_per_layer": 1}, train=train).build(tiny)
    records = [record for record in training if record.test]
    model = training.model
    for stage, record in enumerate(records):
        assert record.epoch == stage + 1
        assert record.test["loss"] != record.test["squared_error"]
    # The last stage of the pretraining rebuilds the code below it, on its own scale.
    assert model.objective.stage(model.spec, 2.99) == 2
    from aelib.evaluate import evaluate_in_full

    again = evaluate_in_full(model, tiny.test.x, tiny.test.y, epoch=2.99).figures
    assert records[-1].test == again
