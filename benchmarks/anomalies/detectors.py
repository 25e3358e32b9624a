"""Detectors: each learns the training rows of a table and gives every row a score, training rows first."""

from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
import torch
from sklearn.decomposition import PCA

from aelib import MLP, Autoencoder, Dataset, Objective, TrainConfig, train
from aelib.anomalies import HELD_OUT, TRAINING, WorstRow, worst_rows

HIDDEN, EPOCHS, BATCH = (64,), 100, 32
PYOD = "pyod's AutoEncoder"
#: What somebody reads who lacks it.
NO_PYOD = (
    "pyod is not installed, so nothing is held against its AutoEncoder: make an environment for it and "
    "`pip install --no-deps pyod joblib` there, beside this project."
)


def code_size(data: Dataset) -> int:
    """A third of the features."""
    return max(1, round(data.shape[0] / 3))


def rank(data: Dataset, objective: Objective, seed: int) -> list[WorstRow]:
    """All rows, those first that an autoencoder rebuilds worst."""
    network = MLP(data.shape, hidden=HIDDEN, latent=code_size(data), activation="tanh", output="identity")
    model = Autoencoder(network, objective, seed)
    for _ in train(model, data, TrainConfig(epochs=EPOCHS, batch_size=BATCH, seed=seed, evaluate_every=0)):
        pass
    return worst_rows(model, data, None, (TRAINING, HELD_OUT))


def _pca(x: np.ndarray, rows: np.ndarray, data: Dataset, seed: int) -> np.ndarray:
    pca = PCA(code_size(data)).fit(x)
    return ((pca.inverse_transform(pca.transform(rows)) - rows) ** 2).sum(1)


def _pyod(x: np.ndarray, rows: np.ndarray, data: Dataset, seed: int) -> np.ndarray:
    """With its defaults."""
    from pyod.models.auto_encoder import AutoEncoder

    detector = AutoEncoder(random_state=seed, verbose=0)
    detector.fit(x)
    return detector.decision_function(rows)


#: Of rows as they are scaled for the autoencoder.
RIVALS: dict[str, Callable[[np.ndarray, np.ndarray, Dataset, int], np.ndarray]] = {"PCA": _pca}
if find_spec("pyod"):
    RIVALS[PYOD] = _pyod


def score(name: str, data: Dataset, seed: int) -> torch.Tensor:
    """The scores of a rival."""
    x = data.train.x.numpy().astype(np.float64)
    rows = torch.cat([data.train.x, data.test.x]).numpy().astype(np.float64)
    return torch.from_numpy(np.asarray(RIVALS[name](x, rows, data, seed), dtype=np.float64))
