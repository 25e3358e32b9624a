"""A sigmoid gives values from 0 to 1: data outside of that are refused before the first step, wherever one trains."""

import numpy as np
import pytest
import torch

from aelib import MLP, Autoencoder, Conv, DataError, Dataset, Experiment, Split, Vanilla, train
from aelib.estimator import AutoencoderTransformer
from aelib.sweep import StackedTraining, SweepSpec
from aelib.sweep.outcome import train_sweep
from aelib.sweep.structure import StructureSweep

#: Iris, pictures as floats 0…255, pictures in [−1, 1], standardised columns: their shape, least and greatest value.
OUTSIDE = {
    "iris": ((4,), 0.1, 7.9),
    "grey levels": ((1, 8, 8), 0.0, 255.0),
    "centred pictures": ((1, 8, 8), -1.0, 1.0),
    "standardised": ((13,), -3.67, 5.43),
    "a hair above": ((4,), 0.0, 1.001),
}
WORDS = ("output=", "identity", "scale")


def data_of(shape, low, high):
    x = torch.linspace(low, high, 40)[:, None] * torch.ones(int(np.prod(shape)))
    return Dataset("mine", *(Split(x.reshape(40, *shape)[some]) for some in (slice(30), slice(30, 40))))


@pytest.mark.parametrize("likelihood", ["squared_error", "cross_entropy", "kl_divergence", "gaussian"])
@pytest.mark.parametrize("case", OUTSIDE)
def test_training_says_the_range_and_the_remedy(case, likelihood, complains):
    shape, low, high = OUTSIDE[case]
    model = Autoencoder(MLP(shape, hidden=(5,)), Vanilla(likelihood=likelihood))
    with complains(DataError, "[0, 1]", f"{low:g} to {high:g}", *WORDS):
        train(model, data_of(shape, low, high))


def test_convolutions_too_and_no_data_within_the_range(complains):
    with complains(DataError, "0 to 255", *WORDS):
        train(Autoencoder(Conv((1, 8, 8), channels=(2,)), Vanilla()), data_of(*OUTSIDE["grey levels"]))
    next(train(Autoencoder(MLP((4,), hidden=(5,)), Vanilla()), data_of((4,), 0.0, 1.0)))


@pytest.mark.parametrize("case", OUTSIDE)
def test_the_remedy_helps(case):
    shape, low, high = OUTSIDE[case]
    next(train(Autoencoder(MLP(shape, hidden=(5,), output="identity"), Vanilla()), data_of(shape, low, high)))


def test_so_do_experiments_and_sweeps(digits, complains):
    wide = Dataset("wide", Split(digits.train.x[:40] * 16), Split(digits.test.x[:20] * 16))
    base = Experiment.of(network={"hidden": (5,)})
    sweep = SweepSpec(base=base, knob="seed", values=(0, 1))
    structure = StructureSweep(base=base, setting="latent", values=(1, 2))
    for start in (
        lambda: base.build(wide),
        lambda: StackedTraining(sweep, wide),
        lambda: train_sweep(sweep, wide),
        lambda: train_sweep(structure, wide),
    ):
        with complains(DataError, "wide", "0 to 16", *WORDS):
            start()


def test_the_estimator_takes_the_linear_output_by_itself_and_refuses_the_sigmoid(complains):
    x = data_of(*OUTSIDE["standardised"]).train.x.numpy()
    assert AutoencoderTransformer(epochs=1).fit(x).model_.spec.output == "identity"
    with complains(DataError, "-3.67", *WORDS):
        AutoencoderTransformer(epochs=1, output="sigmoid").fit(x)
    narrow = AutoencoderTransformer(output="sigmoid").partial_fit(data_of((13,), 0.0, 1.0).train.x.numpy())
    with complains(DataError, "-3.67", *WORDS):
        narrow.partial_fit(x)
