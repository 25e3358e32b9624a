"""What the penalty of the contractive model does to the geometry of its encoder (Rifai et al. 2011)."""

import pytest
import torch

from aelib import Experiment
from aelib.geometry import contraction_ratio, tangent_plane

#: The model of the paper: one sigmoid layer, tied weights, as many units as pixels.
LAYER = {"hidden": (), "latent": 64, "code_activation": "sigmoid", "tied": True}
RADII = torch.tensor([0.1, 0.5, 1.0, 2.0])


@pytest.mark.parametrize("seed", [0, 1])
def test_contraction_leaves_fewer_directions_and_shorter_ways(digits, random, seed):
    """On held-out digits, against the same network from the same initial weights without the penalty."""
    spectra, curves = {}, {}
    x = digits.test.x.flatten(1)
    for variant, objective in [("vanilla", {}), ("contractive", {"weight": 0.1})]:
        settings = {"epochs": 20, "learning_rate": 1e-2, "seed": seed, "evaluate_every": 0}
        training = Experiment.of("digits", variant, network=LAYER, objective=objective, train=settings).build(digits)
        for _ in training:
            pass
        values = tangent_plane(training.model.encode, x, rank=1).singular_values
        spectra[variant] = (values / values[:, :1]).mean(0)
        curves[variant] = contraction_ratio(training.model.encode, x, RADII, random)
    assert (spectra["contractive"][1:] < spectra["vanilla"][1:]).all()
    assert spectra["contractive"].sum() < 0.8 * spectra["vanilla"].sum()
    assert (curves["contractive"] < 0.8 * curves["vanilla"]).all()
