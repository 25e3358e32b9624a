"""What a stack does when the loss of one of its models stops being a finite number."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

#: Steps between two copies of the weights to fall back on: a diverged model loses less than that many.
KEEP_EVERY = 10


class LastGood:
    """The weights at which the loss of each model was last seen to be finite, and which models have diverged.

    ``diverged``: the step at which each one's loss was no finite number, 0 where it still is, (K,). From there on
    such a model is held at its last good weights. The others do not notice: no number of theirs is computed from
    numbers of another model.
    """

    def __init__(self, parameters: Mapping[str, nn.Parameter]) -> None:
        self._parameters = dict(parameters)
        self.weights = {name: p.detach().clone() for name, p in self._parameters.items()}
        first = next(iter(self._parameters.values()))
        self.diverged = torch.zeros(len(first), dtype=torch.int64, device=first.device)
        self.any_diverged = False

    @torch.no_grad()
    def judge(self, loss: Tensor, step: int) -> Tensor | None:
        """Mark models whose ``loss`` (K,) at the present weights is not finite; which are new, or None if none is."""
        finite = loss.isfinite()
        if step % KEEP_EVERY == 1:
            good = finite & (self.diverged == 0)
            for name, parameter in self._parameters.items():
                self._copy(parameter, self.weights[name], good)
        if finite.all():
            return None
        new = ~finite & (self.diverged == 0)
        self.diverged[new] = step
        self.any_diverged = True
        return new

    @torch.no_grad()
    def hold(self) -> None:
        """Put the diverged models back where they were good."""
        if self.any_diverged:
            bad = self.diverged > 0
            for name, parameter in self._parameters.items():
                self._copy(self.weights[name], parameter, bad)

    def load(self, weights: Mapping[str, Tensor], diverged: Tensor) -> None:
        """Take over a state. Raises `KeyError` or `RuntimeError` when it belongs to another stack."""
        for name, own in self.weights.items():
            own.copy_(weights[name])
        self.diverged.copy_(diverged)
        self.any_diverged = bool(self.diverged.any())

    @staticmethod
    def _copy(source: Tensor, target: Tensor, where: Tensor) -> None:
        if where.all():
            target.copy_(source)
        else:
            target[where] = source[where]
