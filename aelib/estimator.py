"""`AutoencoderTransformer`: any variant as a scikit-learn transformer, beside PCA in a pipeline or a grid search."""

# ruff: noqa: N803  (scikit-learn's name for a matrix of examples is X)

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_array, check_is_fitted, validate_data
from torch import Tensor

from aelib.autoencoder import Autoencoder
from aelib.data import Dataset, Split
from aelib.device import choose_device
from aelib.errors import ConfigError
from aelib.networks import MLP
from aelib.registry import get_variant
from aelib.train import TrainConfig, Training

#: How scikit-learn hands over every matrix: other types of number become the first of these.
PLAIN: dict[str, Any] = {"dtype": (np.float64, np.float32), "order": "C"}
#: Rows that pass through the network together: bounds the memory of a map, not its result.
CHUNK = 2048


class AutoencoderTransformer(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """x ≈ g(f(x)) for vectors x: `transform` is f, `inverse_transform` is g.

    Squared errors are summed over the features, so features on one scale are learnt best: put a
    ``StandardScaler`` before it. Weights and codes have the precision of the X that is fitted (MPS
    has only float32).

    Args:
        variant: a name in `aelib.VARIANTS`, but for those that need more than vectors: convolutional and conditional.
        latent: units of the code; None for the variant's own.
        hidden: widths of the encoder's hidden layers; None for the variant's own.
        activation: of the hidden layers; None for the variant's own, or else tanh.
        output: "identity" for any real numbers, "sigmoid" for numbers in [0, 1].
        likelihood: "squared_error", or "cross_entropy" for numbers in [0, 1] with the sigmoid output.
        knobs: other settings of the variant's objective, such as ``{"beta": 2.0}``.
        epochs, batch_size: passes over X and examples a step, as in `TrainConfig`.
        learning_rate: of Adam; None for the variant's own.
        random_state: an int, a ``RandomState`` or None (different at every fit), as everywhere in scikit-learn.
        device: where to compute, as in `choose_device`.

    Attributes:
        model_: the trained `Autoencoder`.
        loss_curve_: the objective's mean over the mini-batches of each epoch.
        n_iter_: epochs done so far.
        n_features_in_, feature_names_in_: what X had.

    Settings are checked when it is fitted. Raises `ConfigError` for settings that do not fit one
    another, `DataError` for cross-entropy or a sigmoid output of numbers outside [0, 1], `DivergenceError` when the
    loss stops being finite, and scikit-learn's own errors for what is no matrix of finite numbers.
    """

    def __init__(
        self,
        variant: str = "vanilla",
        latent: int | None = None,
        *,
        hidden: tuple[int, ...] | None = None,
        activation: str | None = None,
        output: str = "identity",
        likelihood: str = "squared_error",
        knobs: Mapping[str, Any] | None = None,
        epochs: int = 100,
        batch_size: int = 32,
        learning_rate: float | None = None,
        random_state: int | np.random.RandomState | None = None,
        device: str = "cpu",
    ) -> None:
        self.variant = variant
        self.latent = latent
        self.hidden = hidden
        self.activation = activation
        self.output = output
        self.likelihood = likelihood
        self.knobs = knobs
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.random_state = random_state
        self.device = device

    def fit(self, X: ArrayLike, y: object = None) -> Self:
        """Train a new model for ``epochs`` passes over X, (n, features); y is ignored."""
        x = torch.tensor(validate_data(self, X, **PLAIN))
        return self._train(self._start(x, self.epochs), [])

    def partial_fit(self, X: ArrayLike, y: object = None) -> Self:
        """One more pass, over this X, (n, features), with Adam's moments as the last pass left them.

        Rows that do not fill a last batch are left out, as in `TrainConfig`. The first call makes a new
        model; later ones read ``batch_size`` and ``learning_rate`` anew, no other setting. y is ignored.
        """
        fitted = self.__sklearn_is_fitted__()
        x = torch.tensor(validate_data(self, X, reset=not fitted, **PLAIN))
        if not fitted:
            return self._train(self._start(x, epochs=1), [])
        model = deepcopy(self.model_).to(choose_device(self.device))  # if the loss diverges, the old one is left
        training = Training(model, _examples(x), self._train_config(self.n_iter_ + 1))
        training.load_state_dict(self._state)
        training.step = self.n_iter_ * training.steps_per_epoch  # all goes on; the pass over these examples begins
        return self._train(training, self.loss_curve_)

    def transform(self, X: ArrayLike) -> NDArray[np.floating]:
        """The codes f(x), (n, latent): deterministic, a variational model gives the mean of its posterior."""
        check_is_fitted(self)
        return _map(self.model_.encode, validate_data(self, X, reset=False, **PLAIN))

    def inverse_transform(self, X: ArrayLike) -> NDArray[np.floating]:
        """The decoded vectors g(z), (n, features), of codes (n, latent); `DataError` if these have another length."""
        check_is_fitted(self)
        return _map(self.model_.decode, check_array(X, input_name="X", **PLAIN))

    def score(self, X: ArrayLike, y: object = None) -> float:
        """−(1/n) Σ ‖x − g(f(x))‖² over the n examples of X: higher is better, 0 is perfect; y is ignored."""
        check_is_fitted(self)
        x = validate_data(self, X, reset=False, **PLAIN)
        return -float(np.square(_map(self.model_, x) - x).sum(axis=1).mean())

    # --- training ----------------------------------------------------------------------------------

    def _start(self, x: Tensor, epochs: int) -> Training:
        """A new model and its training, composed from the registry as `Experiment` does it for vectors."""
        entry = get_variant(self.variant)
        if not isinstance(self.knobs, Mapping | None):
            raise ConfigError(f"knobs must be a dictionary of settings by name, or None (got {self.knobs!r:.80}).")
        if entry.network.get("kind") == "conv" or entry.objective.conditional:
            lacking = "labels" if entry.objective.conditional else "pictures"
            raise ConfigError(f"The variant {entry.name} needs {lacking}, and X has vectors alone: choose another one.")
        own = {"latent": self.latent, "hidden": self.hidden, "activation": self.activation}
        chosen = {name: value for name, value in own.items() if value is not None}
        defaults = {"activation": "tanh", "latent": entry.latent(x.shape[1]), **entry.network}
        network = MLP(tuple(x.shape[1:]), **{**defaults, **chosen, "output": self.output})
        for name in entry.fixed:
            if getattr(network, name) != entry.network[name]:
                raise ConfigError(f"The variant {entry.name} needs {name} = {entry.network[name]}.")
        objective = entry.objective.within(network).replace(**{"likelihood": self.likelihood, **(self.knobs or {})})
        config = self._train_config(epochs, seed=check_random_state(self.random_state).randint(2**31 - 1))
        model = Autoencoder(network, objective, config.seed).to(choose_device(self.device), x.dtype)
        return Training(model, _examples(x), config)

    def _train_config(self, epochs: int, seed: int = 0) -> TrainConfig:
        chosen = {} if self.learning_rate is None else {"learning_rate": self.learning_rate}
        given = {"epochs": epochs, "batch_size": self.batch_size, "seed": seed, "evaluate_every": 0}
        return TrainConfig(**{**get_variant(self.variant).train, **chosen, **given})

    def _train(self, training: Training, earlier: list[float]) -> Self:
        losses = [record.loss for record in training]
        self.model_, self._state = training.model, training.state_dict()
        self.loss_curve_ = earlier + np.reshape(losses, (-1, training.steps_per_epoch)).mean(axis=1).tolist()
        self.n_iter_ = len(self.loss_curve_)
        return self

    # --- what scikit-learn asks for ----------------------------------------------------------------

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "model_")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags

    @property
    def _n_features_out(self) -> int:
        return self.model_.spec.latent

    def __getstate__(self) -> dict[str, Any]:
        """For copies and pickles: the description and the weights on the CPU, which load on any machine."""
        state = dict(super().__getstate__())
        if "model_" in state:
            weights = {name: value.cpu() for name, value in self.model_.state_dict().items()}
            state["model_"] = (self.model_.spec, self.model_.objective, weights, self.model_.extremes)
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        if "model_" in state:
            network, objective, weights, *extremes = state["model_"]  # without them where 0.1.0 wrote it
            precision = next(iter(weights.values())).dtype
            self.model_ = Autoencoder(network, objective).to(precision)
            if extremes:
                self.model_.extremes = extremes[0]
            self.model_.load_state_dict(weights)


@torch.no_grad()
def _map(f: Callable[[Tensor], Tensor], values: NDArray[np.floating]) -> NDArray[np.floating]:
    """f over rows, in chunks that bound the memory; the result has the precision of the input."""
    mapped = torch.cat([f(chunk) for chunk in torch.tensor(values).split(CHUNK)])
    return mapped.cpu().numpy().astype(values.dtype, copy=False)


def _examples(x: Tensor) -> Dataset:
    """All of X for training. scikit-learn splits outside, so nothing is held out and nothing evaluated here."""
    everything = Split(x)
    return Dataset("X", train=everything, test=everything)
