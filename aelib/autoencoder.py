"""`Autoencoder`: a network and an objective, with knobs that can be turned while it trains."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.distributions import Normal

from aelib.activations import ACTIVATIONS
from aelib.errors import ConfigError, DataError
from aelib.networks import MLP
from aelib.objectives import Objective
from aelib.objectives.base import Terms
from aelib.randomness import generator
from aelib.spec import Knob, knobs_of


class Autoencoder(nn.Module):
    """x ≈ g(f(x)).

    Args:
        network: the shape of encoder f and decoder g.
        objective: what training minimises.
        seed: of the initial weights; equal seeds give equal weights.

    Raises `ConfigError` when the network's output cannot serve the objective's likelihood.
    """

    def __init__(self, network: MLP, objective: Objective, seed: int = 0) -> None:
        super().__init__()
        if objective.likelihood == "cross_entropy" and network.output != "sigmoid":
            raise ConfigError(
                "Cross-entropy needs outputs between 0 and 1: choose the sigmoid output or squared error."
            )
        self.network = network.build(objective.statistics, generator(seed, "initialisation"))
        self._objective = objective
        self._knobs = knobs_of(objective)
        for name in self._knobs:
            # Not persistent: a checkpoint keeps the value in its configuration, readable.
            self.register_buffer(f"knob_{name}", torch.tensor(float(getattr(objective, name))), persistent=False)

    # --- configuration -----------------------------------------------------------------------------

    @property
    def spec(self) -> MLP:
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
        self._objective = self._objective.replace(**{name: value})
        self.get_buffer(f"knob_{name}").fill_(getattr(self._objective, name))

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return next(self.parameters()).device

    # --- the maps ----------------------------------------------------------------------------------

    def flatten(self, x: Tensor) -> Tensor:
        """(n, *shape) or (n, features) ↦ (n, features) as the weights are; `DataError` if it does not fit."""
        if x.shape[1:] not in (self.spec.shape, (self.spec.features,)):
            raise DataError(
                f"This model takes examples of shape {self.spec.shape} with a batch axis first (got {tuple(x.shape)})."
            )
        if not x.is_floating_point():
            raise DataError(f"This model takes real numbers (got {x.dtype}): convert and scale them as in training.")
        return x.reshape(len(x), self.spec.features).to(next(self.parameters()))

    def encode(self, x: Tensor) -> Tensor:
        """f(x), shape (n, latent). Deterministic: a variational model gives the mean of its posterior."""
        return self.network.encode(self.flatten(x))[:, : self.spec.latent]

    def posterior(self, x: Tensor) -> Normal:
        """q(z | x) of a variational model; `ConfigError` for the others, whose code is a point."""
        if self._objective.statistics != 2:
            raise ConfigError("Only a variational model has a posterior; use encode for the code itself.")
        mean, log_variance = self.network.encode(self.flatten(x)).chunk(2, dim=-1)
        return Normal(mean, torch.exp(0.5 * log_variance))

    def decode(self, z: Tensor) -> Tensor:
        """g(z), shape (n, *shape), in the range of the data."""
        if z.ndim != 2 or z.shape[1] != self.spec.latent:
            raise DataError(f"This model decodes codes of shape (n, {self.spec.latent}) (got {tuple(z.shape)}).")
        x = ACTIVATIONS[self.spec.output].value(self.network.decode(z.to(next(self.parameters()))))
        return x.reshape(len(z), *self.spec.shape)

    def forward(self, x: Tensor) -> Tensor:
        """The reconstruction g(f(x))."""
        return self.decode(self.encode(x))

    def sample(self, n: int, random: torch.Generator) -> Tensor:
        """n decoded draws from the prior N(0, I); only a variational model is trained to make them plausible."""
        z = torch.randn(n, self.spec.latent, generator=random, device=random.device)
        return self.decode(z)

    def corrupt(self, x: Tensor, random: torch.Generator) -> Tensor:
        """What the encoder would see of ``x`` in training, in the shape of ``x``."""
        return self._objective.corrupt(self.flatten(x), self.knob_tensors(), random).reshape(x.shape)

    def terms(self, x: Tensor, random: torch.Generator) -> Terms:
        """The objective's terms for a batch; the loss is their sum."""
        return self.flat_terms(self.flatten(x), random)

    def flat_terms(self, x: Tensor, random: torch.Generator) -> Terms:
        """`terms` of a batch that is flat and on the device already, as training has it."""
        return self._objective.terms(self.network, x, self.knob_tensors(), random)

    # --- checkpoints -------------------------------------------------------------------------------

    def save(self, folder: str | Path) -> None:
        """Write a checkpoint folder (see `aelib.checkpoint`)."""
        from aelib.checkpoint import Checkpoint

        Checkpoint(network=self.spec, objective=self.objective).write(Path(folder), self)

    @classmethod
    def load(cls, folder: str | Path) -> Autoencoder:
        """Read a checkpoint folder, on the CPU; `CheckpointError` if it is not one."""
        from aelib.checkpoint import Checkpoint

        return Checkpoint.read(Path(folder)).load_model(Path(folder))
