"""Principal angles against scipy, and between linear models and PCA."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import subspace_angles
from sklearn.decomposition import PCA

from aelib import Autoencoder, ConfigError, DataError, Experiment
from aelib.compare import angles_to_pca, decoder_matrix, principal_angles


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), a=st.integers(1, 5), b=st.integers(1, 5), near=st.sampled_from([1, 1e-3, 1e-9]))
def test_angles_are_those_of_scipy(seed, a, b, near):
    """To 1e-5 degrees: scipy gives some small angles beside large ones by their cosines, which know no more."""
    random = torch.Generator().manual_seed(seed)
    first = torch.randn(9, a, generator=random, dtype=torch.float64)
    second = torch.randn(9, b, generator=random, dtype=torch.float64)
    shared = min(a, b)
    second[:, :shared] = first[:, :shared] + near * second[:, :shared]
    expected = np.rad2deg(subspace_angles(first.numpy(), second.numpy()))[::-1]
    assert principal_angles(first, second).numpy() == pytest.approx(expected.copy(), abs=1e-5)


def test_known_angles_rise():
    angle = math.radians(30)
    plane = torch.eye(4, dtype=torch.float64)[:, :2]
    tilted = torch.tensor([[1, 0], [0, math.cos(angle)], [0, math.sin(angle)], [0, 0]], dtype=torch.float64)
    assert principal_angles(plane, tilted).tolist() == pytest.approx([0, 30])
    assert principal_angles(plane, torch.eye(4)[:, 2:]).tolist() == pytest.approx([90, 90])
    assert principal_angles(plane, torch.ones(4, 1)).tolist() == pytest.approx([45])


@pytest.mark.parametrize("tilt", [1e-3, 1e-6, 1e-9])
def test_small_angles_beside_large_ones_are_exact(tilt):
    """A cosine of float64 would know only 1e-6 degrees."""
    plane = torch.eye(5, dtype=torch.float64)[:, :2]
    other = torch.zeros(5, 2, dtype=torch.float64)
    other[0, 0], other[2, 0], other[3, 1] = math.cos(tilt), math.sin(tilt), 1
    assert principal_angles(plane, other).tolist() == pytest.approx([math.degrees(tilt), 90], rel=1e-6, abs=0)


def test_a_column_that_depends_on_others_adds_no_angle():
    double = torch.tensor([[1.0, 2.0], [0.0, 0.0], [0.0, 0.0]])
    assert principal_angles(double, torch.eye(3)[:, 1:]).tolist() == pytest.approx([90])


@pytest.mark.parametrize(("hidden", "tied"), [((), False), ((), True), ((16,), False), ((16, 12), True)])
def test_the_decoder_matrix_is_the_slope_of_the_decoder(hidden, tied, random):
    network = {"latent": 3, "hidden": hidden, "tied": tied, "activation": "identity", "output": "identity"}
    experiment = Experiment.of("digits", "vanilla", network=network)
    model = Autoencoder(experiment.network, experiment.objective)
    z = torch.randn(5, 3, generator=random)
    expected = (model.decode(z) - model.decode(torch.zeros(1, 3))).flatten(1)
    assert torch.allclose(z @ decoder_matrix(model).T, expected, atol=1e-6)


def test_a_decoder_of_principal_components_has_no_angle_to_pca(digits, random):
    experiment = Experiment.of("digits", "linear", network={"latent": 4})
    model = Autoencoder(experiment.network, experiment.objective)
    x = digits.train.x
    components = PCA(6, svd_solver="full").fit(x.flatten(1).double().numpy()).components_
    with torch.no_grad():
        model.network.decoder[0].weight.copy_(
            torch.from_numpy(components[:4].T) @ torch.randn(4, 4, generator=random).double()
        )
    assert angles_to_pca(model, x).max() < 1e-3
    assert len(angles_to_pca(model, x, 6)) == 4
    with torch.no_grad():
        model.network.decoder[0].weight.copy_(torch.from_numpy(components[2:].T))
    assert angles_to_pca(model, x).tolist() == pytest.approx([0, 0, 90, 90], abs=1e-3)


def test_the_trained_linear_checkpoint_is_within_5_degrees(checkpoints, digits):
    model = Autoencoder.load(checkpoints / "digits-linear")
    assert angles_to_pca(model, digits.train.x).max() <= 5


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (torch.rand(3, 2), torch.rand(4, 2), ("(3, 2)", "(4, 2)")),
        (torch.rand(3), torch.rand(3, 2), ("(3,)",)),
        (torch.zeros(3, 2), torch.rand(3, 2), ("only zeros", "(3, 2)")),
        (torch.full((3, 2), torch.inf), torch.rand(3, 2), ("not finite",)),
    ],
)
def test_misuse(first, second, words, complains):
    with complains(DataError, *words):
        principal_angles(first, second)


@pytest.mark.parametrize("network", [{"hidden": (8,)}, {"hidden": (), "output": "sigmoid"}, {"kind": "conv"}])
def test_a_decoder_with_activations_spans_no_plane(network, complains):
    experiment = Experiment.of("digits", "vanilla", network=network)
    with complains(ConfigError, "affine decoder"):
        decoder_matrix(Autoencoder(experiment.network, experiment.objective))


def test_pca_needs_a_component(checkpoints, digits, complains):
    with complains(ConfigError, "k = 0"):
        angles_to_pca(Autoencoder.load(checkpoints / "digits-linear"), digits.train.x, 0)
