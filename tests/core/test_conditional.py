"""The conditional model: what the decoder is told, and that it then draws what it is asked for."""

import math

import pytest
import torch
from sklearn.linear_model import LogisticRegression

from aelib import MLP, Autoencoder, Conditional, DataError, Dataset, Experiment, Split, Variational, evaluate, train

FEATURES, CLASSES = 9, 4


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def x():
    return torch.rand(8, FEATURES, generator=seeded(), dtype=torch.float64)


@pytest.fixture
def y():
    return torch.tensor([0, 1, 2, 3, 3, 2, 1, 0])


def model_of(hidden=(6,), **settings):
    return Autoencoder(MLP((FEATURES,), hidden=hidden, latent=3, classes=CLASSES), Conditional(**settings)).double()


@torch.no_grad()
def without_classes(model):
    """The variational model that has the same weights but for those of the classes."""
    plain = Autoencoder(model.spec.replace(classes=0), Variational()).double()
    weights = {name: value.clone() for name, value in model.state_dict().items()}
    weights["network.decoder.0.weight"] = weights["network.decoder.0.weight"][:, :3]
    plain.load_state_dict(weights)
    return plain


def told(model, x, y, seed=0):
    return model.objective.told(model.batch(x, y, seeded(seed)))


def test_at_rate_0_it_is_told_nothing_and_equals_the_unconditional_model(x, y):
    model = model_of(label_rate=0)
    assert told(model, x, y).tolist() == [-1] * 8
    assert model.terms(x, seeded(7), y) == without_classes(model).terms(x, seeded(7))


def test_at_rate_1_it_is_told_every_label(x, y):
    model = model_of(label_rate=1)
    assert torch.equal(told(model, x, y), y)
    inputs = []
    decode = model.network.decode_inputs
    model.network.decode_inputs = lambda z: inputs.append(z) or decode(z)
    model.terms(x, seeded(), y)
    assert inputs[0][:, 3:].tolist() == [[float(label == column) for column in range(CLASSES)] for label in y]


def test_between_it_is_told_that_share_and_never_a_wrong_label():
    model, y = model_of(label_rate=0.3), torch.randint(CLASSES, (50_000,), generator=seeded())
    heard = told(model, torch.zeros(50_000, FEATURES), y)
    assert float((heard >= 0).double().mean()) == pytest.approx(0.3, abs=5 * math.sqrt(0.3 * 0.7 / 50_000))
    assert torch.equal(heard[heard >= 0], y[heard >= 0])


@pytest.mark.parametrize("network", [{"kind": "mlp"}, {"kind": "mlp", "tied": True}, {"kind": "conv"}])
def test_no_label_and_minus_1_are_the_same_and_a_label_is_something_else(network, tiny):
    model = Experiment.of(variant="conditional", network=network).build(tiny).model
    z = torch.zeros(10, 2)
    silent = model.decode(z)
    assert torch.equal(model.decode(z, torch.full((10,), -1)), silent)
    spoken = model.decode(z, torch.arange(10))
    assert all((picture != silent[0]).any() for picture in spoken)
    assert len(torch.unique(spoken, dim=0)) == 10


def test_the_code_needs_no_label(x, y):
    model = model_of()
    assert model.encode(x).shape == (8, 3)
    assert torch.equal(model(x, y), model.decode(model.encode(x), y))
    assert not torch.equal(model(x, y), model(x))


def test_a_trained_model_draws_the_class_it_is_asked_for(digits):
    """Samples of p(x | y) before the eyes of a classifier of real digits; chance is 0.1."""
    training = Experiment.of(variant="conditional", train={"epochs": 60, "evaluate_every": 0}).build(digits)
    for _ in training:
        pass
    model = training.model
    wanted = torch.arange(10).repeat(50)
    with torch.no_grad():
        drawn = model.sample(500, seeded(), wanted)
        same_code = model.decode(torch.zeros(10, 2), torch.arange(10))
        anything = model.sample(500, seeded())
    judge = LogisticRegression(max_iter=2000).fit(digits.train.x.flatten(1).numpy(), digits.train.y.numpy())

    def share_as_wanted(pictures):
        return (judge.predict(pictures.flatten(1).numpy()) == wanted.numpy()).mean()

    assert share_as_wanted(drawn) > 0.6
    assert share_as_wanted(anything) < 0.3  # the label did it
    assert (judge.predict(same_code.flatten(1).numpy()) == range(10)).mean() > 0.6
    assert (torch.pdist(same_code.flatten(1)) > 0.5).all()


# --- misuse ----------------------------------------------------------------------------------------


def test_without_labels_there_is_nothing_to_learn_from(x, complains):
    with complains(DataError, "labels"):
        model_of().terms(x, seeded())
    with complains(DataError, "labels"):
        evaluate(model_of(), x)


@pytest.mark.parametrize("wrong", [4, -2, 1000])
def test_a_label_out_of_range_is_refused(wrong, x, y, complains):
    y[5] = wrong
    for use in (lambda m: m.terms(x, seeded(), y), lambda m: m(x, y), lambda m: evaluate(m, x, y),
                lambda m: m.sample(8, seeded(), y)):  # fmt: skip
        with complains(DataError, "0 to 3", "−1", str(wrong)):
            use(model_of())


def test_labels_that_are_not_one_whole_number_for_each_example_are_refused(x, y, complains):
    for labels, words in [(y[:5], "(5,)"), (y.double(), "float64"), (y[:, None], "(8, 1)")]:
        with complains(DataError, "8 whole numbers", words):
            model_of()(x, labels)


def pictures(labels):
    return Split(torch.rand(len(labels), FEATURES, generator=seeded()), torch.tensor(labels))


def test_data_with_an_empty_class_or_with_other_classes_are_refused(complains):
    names, full = ("a", "b", "c", "d"), pictures([0, 1, 2, 3])
    model = Autoencoder(MLP((FEATURES,), latent=2, classes=CLASSES), Conditional())
    with complains(DataError, "class c", "mine"):
        train(model, Dataset("mine", pictures([0, 1, 3, 3]), full, names))
    with complains(DataError, "4 classes", "mine", "has 3"):
        train(model, Dataset("mine", pictures([0, 1, 2]), pictures([0]), names[:3]))
    next(train(model, Dataset("mine", full, full, names)))
