"""`TestedModel`: a model, the examples that it is measured on, and what several measures need of them, found once."""

from collections.abc import Callable
from functools import cached_property

import torch
from torch import Tensor

from aelib.autoencoder import Autoencoder
from aelib.bounds import log_weights
from aelib.data import Dataset, Split
from aelib.errors import DataError
from aelib.objectives.base import CHUNK
from aelib.randomness import generator
from aelib.report.pca import PCA

#: Draws of the code for each example, of which bounds are made.
DRAWS = 64


class TestedModel:
    """``train``: examples of those that training had. ``test``: held-out examples of the same classes. ``everything``:
    these and, where a class was left out, held-out examples of it (`is_foreign`).

    At most ``limit`` of each, chosen by ``seed``. All tensors are on the CPU. PCA is fitted to all that
    training had, as the model was.
    """

    def __init__(self, model: Autoencoder, data: Dataset, left_out: int | None, limit: int, seed: int) -> None:
        self.model, self.seed, self.left_out = model, seed, left_out
        self.data = data if left_out is None else data.without_class(left_out)
        self.units = model.spec.latent
        self.train = _some(self.data.train, limit, seed, "training")
        self.everything = _some(self.data.test, limit, seed, "held-out")
        self.is_foreign = torch.zeros(len(self.everything), dtype=torch.bool)
        if left_out is not None:
            self.is_foreign = self.everything.labels.eq(left_out)
            if not 0 < int(self.is_foreign.sum()) < len(self.everything):
                raise DataError(
                    f"{int(self.is_foreign.sum())} of {len(self.everything)} held-out examples are of the class left "
                    "out, and some of both kinds are needed: measure on more examples."
                )
        self.test = self.everything.take(~self.is_foreign)

    def random(self, stream: str) -> torch.Generator:
        """A generator of the same seed, on the model's device."""
        return generator(self.seed, f"report/{stream}", self.model.device)

    @property
    def is_variational(self) -> bool:
        """Whether a code has a distribution."""
        return self.model.objective.statistics == 2

    # --- what the model makes of the examples --------------------------------------------------------

    @cached_property
    def statistics(self) -> Tensor:
        """Of everything, (n, latent) or (n, 2 · latent)."""
        return _in_chunks(lambda x: self.model.network.encode(self.model.flatten(x)), self.everything.x)

    @cached_property
    def train_codes(self) -> Tensor:
        """(n, latent)."""
        return _in_chunks(self.model.encode, self.train.x)

    @cached_property
    def all_codes(self) -> Tensor:
        """Of everything, (n, latent)."""
        objective, knobs = self.model.objective, self.model.knob_tensors()
        return objective.code(self.statistics.to(self.model.device), knobs).cpu()

    @cached_property
    def codes(self) -> Tensor:
        """Of `test`."""
        return self.all_codes[~self.is_foreign]

    @cached_property
    def rebuilt(self) -> Tensor:
        """Reconstructions of everything, with their labels where the decoder is told, (n, *shape)."""
        told = self.everything.y if self.model.objective.conditional else None
        found = [
            self.model.decode(z, None if told is None else told[i * CHUNK : (i + 1) * CHUNK]).cpu()
            for i, z in enumerate(self.all_codes.split(CHUNK))
        ]
        return torch.cat(found)

    @cached_property
    def log_weights(self) -> Tensor:
        """Of everything, (draws, n); see `aelib.bounds`."""
        return log_weights(self.model, self.everything.x, self.everything.y, DRAWS, self.random("bounds")).cpu()

    # --- PCA -----------------------------------------------------------------------------------------

    @cached_property
    def pca(self) -> PCA:
        """Of equal code size, where there are as many features."""
        return PCA(self.data.train.x, self.units)

    @cached_property
    def pca_rebuilt(self) -> Tensor:
        """Of everything, (n, *shape)."""
        return self.pca.rebuild(self.everything.x)

    @cached_property
    def pca_codes(self) -> Tensor:
        """Of `test`."""
        return self.pca.encode(self.test.x)


def _some(split: Split, limit: int, seed: int, stream: str) -> Split:
    if len(split) <= limit:
        return split
    return split.take(torch.randperm(len(split), generator=generator(seed, f"report/{stream}"))[:limit])


def _in_chunks(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    return torch.cat([f(rows).cpu() for rows in x.split(CHUNK)])
