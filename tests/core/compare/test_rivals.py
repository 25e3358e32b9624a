"""PCA and the examples themselves as models: their codes and errors are those of scikit-learn."""

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

from aelib import Autoencoder, Dataset, Split, load_dataset
from aelib.compare.rivals import pca_model, pixels_model
from aelib.errors import ConfigError, DataError

#: Weights are float32: seven digits, of which sums over 64 pixels leave six.
RELATIVE = 1e-5


@pytest.mark.parametrize("units", [1, 2, 10, 32])
def test_codes_and_errors_are_those_of_scikit_learn(digits, units):
    model = pca_model("digits", digits, units).model
    oracle = PCA(units, svd_solver="full").fit(digits.train.x.flatten(1).double().numpy())
    rows = digits.test.x.flatten(1).double().numpy()
    expected = oracle.transform(rows)
    errors = ((oracle.inverse_transform(expected) - rows) ** 2).sum(1)
    with torch.no_grad():
        codes = model.encode(digits.test.x).double().numpy()
        ours = (model(digits.test.x) - digits.test.x).flatten(1).square().sum(1).double().numpy()
    assert (
        np.abs(np.abs(codes) - np.abs(expected)).max() <= RELATIVE * np.abs(expected).max()
    )  # axes may point both ways
    assert ours.mean() == pytest.approx(errors.mean(), rel=RELATIVE)
    assert ours == pytest.approx(errors, rel=RELATIVE, abs=RELATIVE * errors.mean())


def test_all_components_rebuild_everything(digits):
    model = pca_model("digits", digits, 64).model
    with torch.no_grad():
        assert (model(digits.test.x) - digits.test.x).abs().max() <= 1e-5


@pytest.mark.parametrize("units", [0, -1, 65, 10_000])
def test_a_code_beyond_the_data_is_refused(digits, units):
    with pytest.raises(ConfigError, match="up to 64 units"):
        pca_model("digits", digits, units)


def test_there_are_no_more_components_than_examples(digits):
    few = Dataset("digits", Split(digits.train.x[:5], digits.train.y[:5]), digits.test, digits.classes)
    assert pca_model("digits", few, 5).model.spec.latent == 5
    with pytest.raises(ConfigError, match="up to 5 units"):
        pca_model("digits", few, 6)


def test_examples_that_are_all_the_same_are_refused(digits):
    equal = Split(digits.train.x[:1].expand(9, -1, -1, -1), digits.train.y[:9])
    with pytest.raises(DataError, match="no direction"):
        pca_model("digits", Dataset("digits", equal, digits.test, digits.classes), 2)


@pytest.mark.parametrize("name", ["digits", "swiss_roll"])
def test_pixels_are_a_code_of_their_own(name):
    model, x = pixels_model(name).model, load_dataset(name).test.x[:50]
    with torch.no_grad():
        assert torch.equal(model.encode(x), x.flatten(1))
        assert torch.equal(model(x), x)


@pytest.mark.parametrize("make", [lambda data: pca_model("digits", data, 3), lambda data: pixels_model("digits")])
def test_a_checkpoint_gives_the_model_again(digits, tmp_path, make):
    rival = make(digits)
    assert rival.experiment.network == rival.model.spec
    rival.model.save(tmp_path)
    with torch.no_grad():
        assert torch.equal(Autoencoder.load(tmp_path)(digits.test.x), rival.model(digits.test.x))
