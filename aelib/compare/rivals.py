"""What needs no training, in the form of models: principal component analysis, and the examples as their own code.

As models they are looked at, walked through and measured like any other.
"""

import math

import torch

from aelib.arrays import are_all_equal
from aelib.autoencoder import Autoencoder
from aelib.compare.contestant import Contestant
from aelib.data import Dataset, get_info
from aelib.errors import ConfigError, DataError
from aelib.experiment import Experiment
from aelib.report.pca import PCA


def pca_model(dataset: str, data: Dataset, units: int) -> Contestant:
    """z = W (x − x̄), x̂ = Wᵀ z + x̄ with the ``units`` leading principal components W of all training examples.

    It is the linear autoencoder at its optimum in closed form (Baldi & Hornik 1989), with an orthonormal code in
    order of variance; in float32, of components in float64. ``dataset``: the name of ``data``. Raises
    `ConfigError` for more units than features or examples, `DataError` when all examples are the same.
    """
    x = data.train.x
    most = min(len(x), x[0].numel())
    if not 1 <= units <= most:
        raise ConfigError(
            f"PCA of {get_info(dataset).title} has up to {most:,} units, no more than features or training examples "
            f"(got {units:,}): choose fewer."
        )
    if are_all_equal(x):
        raise DataError(f"All {len(x)} training examples are the same: PCA has no direction to find.")
    pca = PCA(x, units)
    experiment = Experiment.of(dataset, "linear", network={"latent": units})
    model = Autoencoder(experiment.network, experiment.objective)
    weights, mean = pca.components, pca.mean
    values = {
        "network.encoder.0.weight": weights,
        "network.encoder.0.bias": -weights @ mean,
        "network.decoder.0.weight": weights.T,
        "network.decoder.0.bias": mean,
    }
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(values[name])
    name = f"PCA, {units} unit{'s' if units > 1 else ''}"
    return Contestant(name, model, experiment, obstacle="PCA is computed at once from the training examples.")


def pixels_model(dataset: str) -> Contestant:
    """z = x, x̂ = z: the examples themselves, for maps of what no model has changed."""
    info = get_info(dataset)
    network = {"latent": math.prod(info.shape), "initialisation": "identity"}
    experiment = Experiment.of(dataset, "linear", network=network)
    model = Autoencoder(experiment.network, experiment.objective)
    name = "Pixels" if info.is_image else "Raw values"
    return Contestant(name, model, experiment, obstacle="The examples as they are: nothing was trained.")
