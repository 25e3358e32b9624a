"""`Autoencoder`: a network and an objective, with knobs that can be turned while it trains."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.distributions import Normal

from aelib.activations import ACTIVATIONS
from aelib.arrays import Array, are_finite, as_examples, as_numbers
from aelib.checkpoint import Checkpoint, read_tensors
from aelib.corruption import UNIT, Extremes
from aelib.errors import CheckpointError, ConfigError, DataError
from aelib.levels import Levels
from aelib.networks import NetworkSpec
from aelib.objectives import Batch, Objective
from aelib.objectives.base import Terms
from aelib.origin import Origin
from aelib.randomness import generator
from aelib.spec import Knob

#: Bytes of pictures that are moved to a GPU as a whole; of more each batch is moved by itself.
ON_DEVICE = 4 << 30


class Autoencoder(nn.Module):
    """x ≈ g(f(x)); with classes, x ≈ g(f(x), y).

    Args:
        network: the shape of encoder f and decoder g.
        objective: what training minimises.
        seed: of the initial weights; equal seeds give equal weights.

    Raises `ConfigError` when the network cannot serve the objective.
    """

    def __init__(self, network: NetworkSpec, objective: Objective, seed: int = 0) -> None:
        super().__init__()
        objective.check(network)
        random = generator(seed, "initialisation")
        self.network = network.build(objective.statistics, random, objective.learns_deviation)
        self._objective = objective
        self._knobs = objective.knobs(network)
        #: The least and the greatest value of the data; `aelib.train` sets it.
        self.extremes: Extremes = UNIT
        #: Of the initial weights; None where they came from elsewhere.
        self.seed: int | None = seed
        #: How it came to its weights, as far as `aelib.train` was there.
        self.origin: Origin | None = None
        for name in self._knobs:
            # Not persistent: a checkpoint keeps the value in its configuration, readable.
            self.register_buffer(f"knob_{name}", torch.tensor(float(getattr(objective, name))), persistent=False)

    # --- configuration -----------------------------------------------------------------------------

    @property
    def spec(self) -> NetworkSpec:
        """The description that the network was built from."""
        return self.network.spec

    @property
    def objective(self) -> Objective:
        """The objective, with its knobs where they stand now."""
        return self._objective

    @property
    def knobs(self) -> dict[str, Knob]:
        """The objective's knobs, by name."""
        return self._knobs

    def knob_tensors(self) -> dict[str, Tensor]:
        """The 0-d tensors that the objective reads at each step."""
        return {name: getattr(self, f"knob_{name}") for name in self._knobs}

    def set_knob(self, name: str, value: float) -> None:
        """Turn a knob; the next step uses it. `ConfigError` on an unknown name or a value out of range."""
        if name not in self.knobs:
            raise ConfigError(f"This model has no knob {name!r:.40}; it has {', '.join(self.knobs) or 'none'}.")
        turned = self._objective.replace(**{name: value})
        turned.check(self.spec)
        self._objective = turned
        self.get_buffer(f"knob_{name}").fill_(getattr(self._objective, name))

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.weight.device

    # --- the maps ----------------------------------------------------------------------------------

    @property
    def weight(self) -> Tensor:
        """One of the weights: what computes with them is of their type, on their device."""
        return next(self.parameters())

    def flatten(self, x: Array) -> Tensor:
        """(n, *shape) or (n, features) ↦ (n, features) as the weights are, on their device.

        Arrays and lists are taken as `Split` takes them. `DataError` if they do not fit, or a value is not a finite
        number. That is looked for on the CPU, before anything is moved: a tensor that lies on a GPU already is trusted,
        for to look into it would be to wait for it.
        """
        return self.rows(x).to(self.weight)

    def rows(self, x: Array) -> Tensor:
        """The same for many examples, of which some are taken at a time: pictures that are kept as bytes (`Levels`)
        stay so, until ``rows[some].to(model.weight)``. They are moved to the device where they are no more than
        `ON_DEVICE`.
        """
        x = as_examples(x, self.spec.shape)
        if x.shape[1:] not in (self.spec.shape, (self.spec.features,)):
            raise DataError(
                f"This model takes examples of shape {self.spec.shape} with a batch axis first (got {tuple(x.shape)})."
            )
        if x.device.type == "cpu" and not are_finite(x):
            raise DataError("The examples hold values that are not finite numbers: leave those out.")
        x = x.reshape(len(x), self.spec.features)
        if isinstance(x, Levels):
            return x.on(self.device) if x.numel() <= ON_DEVICE else x
        return x.to(self.weight)

    def encode(self, x: Array) -> Tensor:
        """f(x), shape (n, latent). Deterministic: a variational model gives the mean of its posterior.

        This and the other maps take arrays of NumPy, PyTorch and pandas and lists; see `flatten`.
        """
        return self._objective.code(self.network.encode(self.flatten(x)), self.knob_tensors())

    def posterior(self, x: Array) -> Normal:
        """q(z | x) of a variational model; `ConfigError` for the others, whose code is a point."""
        if self._objective.statistics != 2:
            raise ConfigError("Only a variational model has a posterior; use encode for the code itself.")
        mean, log_variance = self.network.encode(self.flatten(x)).chunk(2, dim=-1)
        return Normal(mean, torch.exp(0.5 * log_variance))

    def decode(self, z: Array, y: Array | None = None) -> Tensor:
        """g(z), shape (n, *shape), in the range of the data; g(z, y) where the decoder is told the class.

        A label of −1, or none at all, tells it nothing. `DataError` for codes of another shape or with values that are
        not finite numbers, which are looked for as in `flatten`.
        """
        z = as_numbers(z, "codes")
        if z.is_complex() or z.ndim != 2 or z.shape[1] != self.spec.latent:
            raise DataError(f"This model decodes codes of shape (n, {self.spec.latent}) (got {tuple(z.shape)}).")
        if z.device.type == "cpu" and not are_finite(z):
            raise DataError("The codes hold values that are not finite numbers: leave those out.")
        logits = self.network.decode(z.to(self.weight), self.labels(y, len(z)))
        return ACTIVATIONS[self.spec.output].value(logits).reshape(len(z), *self.spec.shape)

    def labels(self, y: Array | None, n: int) -> Tensor | None:
        """Class indices as the decoder takes them, or None; `DataError` when they do not fit."""
        if y is None:
            return None
        y = as_numbers(y, "labels")
        if y.shape != (n,) or y.is_floating_point() or y.is_complex():
            raise DataError(f"Labels are {n} whole numbers, one for each example (got {y.dtype} {tuple(y.shape)}).")
        y = y.to(self.device, torch.int64)
        if self.spec.classes and n and not -1 <= int(y.min()) <= int(y.max()) < self.spec.classes:
            raise DataError(
                f"Labels go from 0 to {self.spec.classes - 1}, and −1 for none (got {int(y.min())} to {int(y.max())})."
            )
        return y

    def forward(self, x: Array, y: Array | None = None) -> Tensor:
        """The reconstruction g(f(x)), or g(f(x), y)."""
        return self.decode(self.encode(x), y)

    def sample(self, n: int, random: torch.Generator, y: Array | None = None) -> Tensor:
        """n decoded draws from the prior N(0, I); only a variational model is trained to make them plausible."""
        z = torch.randn(n, self.spec.latent, generator=random, device=random.device)
        return self.decode(z, y)

    def corrupt(self, x: Array, random: torch.Generator) -> Tensor:
        """What the encoder would see of ``x`` in training, in the shape of ``x``."""
        x = as_examples(x, self.spec.shape)
        return self._objective.corrupt(self.batch(self.flatten(x), None, random)).x.reshape(x.shape)

    def terms(self, x: Array, random: torch.Generator, y: Array | None = None) -> Terms:
        """The objective's terms for a batch; the loss is their sum."""
        flat = self.flatten(x)
        return self._objective.terms(self.network, self.batch(flat, self.labels(y, len(flat)), random))

    def batch(self, x: Tensor, y: Tensor | None, random: torch.Generator, epoch: float = math.inf) -> Batch:
        """Examples that are flat (see `rows`), with the knobs where they stand now."""
        return Batch(x, y, self.knob_tensors(), random, epoch, self.extremes)

    # --- checkpoints -------------------------------------------------------------------------------

    def save(self, folder: str | Path) -> None:
        """Write a checkpoint folder (see `aelib.checkpoint`), which tells the data's name where it was trained.

        `DivergenceError`, and nothing is written, when weights are not finite numbers.
        """
        about = Checkpoint(
            network=self.spec, objective=self.objective, extremes=self.extremes, origin=copy.deepcopy(self.origin)
        )
        about.write(Path(folder), self)

    @classmethod
    def load(cls, folder: str | Path) -> Autoencoder:
        """Read a checkpoint folder, on the CPU; `CheckpointError` if it is not one."""
        return load_model(Checkpoint.read(Path(folder)), Path(folder))


def _origin_of(experiment: Mapping[str, Any] | None) -> Origin | None:
    """What stays true of the model of a run, wherever it is saved to."""
    if not experiment or not isinstance(experiment.get("dataset"), str):
        return None
    data_hash = experiment.get("data_hash")
    return Origin(
        experiment["dataset"], experiment.get("left_out"), experiment.get("train", {}),
        data_hash=data_hash if isinstance(data_hash, str) else None,
    )  # fmt: skip


def load_model(checkpoint: Checkpoint, folder: Path) -> Autoencoder:
    """The model of a checkpoint that was read, on the CPU.

    Raises `CheckpointError` when the weights are damaged, foreign or not finite.
    """
    tensors = read_tensors(folder / "model.safetensors")
    try:
        model = Autoencoder(checkpoint.network, checkpoint.objective)
        model.extremes, model.seed = checkpoint.extremes, None
        model.origin = checkpoint.origin or _origin_of(checkpoint.experiment)
        model.load_state_dict({name: value.float() for name, value in tensors.items()})
    except ConfigError as error:
        raise CheckpointError(f"{folder / 'config.json'} describes a model that cannot be: {error}") from None
    except RuntimeError:
        raise CheckpointError(
            f"The weights in {folder} do not fit its config.json: both files must come from the same model."
        ) from None
    if not all(torch.isfinite(value).all() for value in model.state_dict().values()):
        raise CheckpointError(f"The weights in {folder} are not all finite numbers.")
    return model
