"""Models survive what Python and PyTorch offer to keep and copy objects. The library itself never unpickles."""

import copy
import io
import pickle
from typing import get_args

import pytest
import torch

from aelib import MLP, Autoencoder, Experiment, Vanilla
from aelib.activations import ACTIVATIONS, ActivationName


def saved_and_loaded(model):
    file = io.BytesIO()
    torch.save(model, file)
    file.seek(0)
    return torch.load(file, weights_only=False)


WAYS = {
    "torch.save": saved_and_loaded,
    "pickle": lambda model: pickle.loads(pickle.dumps(model)),
    "deepcopy": copy.deepcopy,
}


@pytest.mark.parametrize("again", WAYS.values(), ids=WAYS)
def test_a_trained_model_of_every_variant_is_the_same_again(experiment, tiny, again):
    training = experiment.build(tiny)
    next(training)
    model, x, y = training.model, tiny.test.x, tiny.test.y
    for name, knob in model.knobs.items():
        model.set_knob(name, knob.high)
    found = again(model)
    assert (found.spec, found.objective, found.extremes) == (model.spec, model.objective, model.extremes)
    assert torch.equal(found.encode(x), model.encode(x))
    assert torch.equal(found(x, y), model(x, y))
    terms = [one.terms(x, torch.Generator().manual_seed(3), y) for one in (found, model)]
    assert terms[0].keys() == terms[1].keys()
    for name, value in terms[1].items():
        torch.testing.assert_close(terms[0][name], value, rtol=0, atol=0, equal_nan=True)


@pytest.mark.parametrize("again", WAYS.values(), ids=WAYS)
def test_what_is_kept_is_a_model_of_its_own(experiment, tiny, again):
    model = experiment.build(tiny).model
    before = model.encode(tiny.test.x)
    found = again(model)
    with torch.no_grad():
        for parameter in found.parameters():
            parameter.add_(1.0)
    assert torch.equal(model.encode(tiny.test.x), before)


@pytest.mark.parametrize("name", get_args(ActivationName))
def test_every_activation_can_be_kept(name):
    functions = pickle.loads(pickle.dumps(ACTIVATIONS[name]))
    assert functions == ACTIVATIONS[name]
    model = Autoencoder(MLP(shape=(4,), hidden=(3,), activation=name, code_activation=name), Vanilla())
    x = torch.randn(5, 4, generator=torch.Generator().manual_seed(0))
    assert torch.equal(saved_and_loaded(model)(x), model(x))


def test_an_experiment_can_be_kept():
    experiment = Experiment.of(variant="sparse")
    assert pickle.loads(pickle.dumps(experiment)) == experiment
