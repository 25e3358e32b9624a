"""What every objective has in common: a likelihood, a corruption that may do nothing, and penalties."""

from collections.abc import Mapping
from typing import ClassVar

import torch
from torch import Tensor

from aelib.likelihood import LIKELIHOODS, LikelihoodName
from aelib.networks import MLPNetwork
from aelib.spec import Spec

Knobs = Mapping[str, Tensor]
Terms = dict[str, Tensor]


class Objective(Spec):
    """Describes L = reconstruction + penalties. Every term is summed over features or code units,
    averaged over the batch, and already weighted, so that the loss is the plain sum of its terms.

    Knobs are passed in as 0-d tensors at each step: the values stored here are where they start.
    """

    likelihood: LikelihoodName = "squared_error"

    #: Numbers that the encoder gives for each unit of the code: 1 (the code) or 2 (mean, log-variance).
    statistics: ClassVar[int] = 1
    #: Whether the encoder sees something else than the example.
    corrupts: ClassVar[bool] = False

    def corrupt(self, x: Tensor, knobs: Knobs, random: torch.Generator) -> Tensor:
        """What the encoder sees in place of ``x``; the same ``x`` unless the objective corrupts."""
        return x

    def penalties(self, network: MLPNetwork, x: Tensor, code: Tensor, knobs: Knobs) -> Terms:
        """Weighted terms beside the reconstruction; ``code`` is what the encoder gave for ``x``."""
        return {}

    def draw(self, statistics: Tensor, random: torch.Generator) -> Tensor:
        """The code that the decoder gets, from the encoder's statistics."""
        return statistics

    def terms(self, network: MLPNetwork, x: Tensor, knobs: Knobs, random: torch.Generator) -> Terms:
        """All terms for a batch ``x`` of shape (n, features), as 0-d tensors."""
        seen = self.corrupt(x, knobs, random)
        statistics = network.encode(seen)
        logits = network.decode(self.draw(statistics, random))
        return self.weigh(network, x, seen, statistics, logits, knobs)

    def weigh(
        self, network: MLPNetwork, x: Tensor, seen: Tensor, statistics: Tensor, logits: Tensor, knobs: Knobs
    ) -> Terms:
        """The terms once the networks have run: ``seen`` ↦ ``statistics``, a code drawn from them ↦ ``logits``."""
        reconstruction = LIKELIHOODS[self.likelihood](logits, x, network.spec.output)
        return {"reconstruction": reconstruction, **self.penalties(network, seen, statistics, knobs)}
