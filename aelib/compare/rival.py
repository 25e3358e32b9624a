"""Principal component analysis as a rival: its errors at every code size, and where each of the two is better."""

from dataclasses import dataclass

import torch
from torch import Tensor

from aelib.arrays import are_all_equal, are_finite
from aelib.errors import ConfigError, DataError
from aelib.metrics.arrays import pair
from aelib.report.pca import PCA

#: Training examples projected at once: bounds the memory.
ROWS = 4096


class Rival:
    """PCA of training examples ``train`` (n, *shape), measured on ``held_out`` (m, *shape) with every code size up to
    K = min(n, features), or as many as `PCA` finds, all from one decomposition.

    ``scree``: share of the training variance that each component has, float64 (K,). ``curve``: held-out error
    1/m Σ_i ‖x_i − x̂_i‖² with k components, float64 (K + 1,), from k = 0, which is the mean of the training examples.
    Components beyond the rank of the training examples have a share of 0 and no direction of their own.

    Raises `DataError` when a value is not finite, the shapes differ, or all training examples are the same.
    """

    def __init__(self, train: Tensor, held_out: Tensor) -> None:
        if train.shape[1:] != held_out.shape[1:]:
            raise DataError(
                f"Training examples have shape {tuple(train.shape[1:])} but held-out ones {tuple(held_out.shape[1:])}: "
                "take both from one data set."
            )
        if not (len(train) and len(held_out) and are_finite(train) and are_finite(held_out)):
            raise DataError("PCA needs training and held-out examples, and finite numbers in all of them.")
        if are_all_equal(train):
            raise DataError(f"All {len(train)} training examples are the same: PCA has no direction to find.")
        self.pca = PCA(train, train[0].numel())
        variances = torch.stack([self.pca.encode(x).square().sum(0) for x in train.split(ROWS)]).sum(0)
        self.scree = variances / variances.sum()
        codes = self.pca.encode(held_out)
        outside = (held_out.flatten(1).double().cpu() - self.pca.rebuild(held_out).flatten(1)).square().sum(1)
        # From the last component to the first: a sum of squares, where a difference would lose small errors.
        tails = torch.cat([outside.unsqueeze(1), codes.square().flip(1)], dim=1).cumsum(1).flip(1)
        size = codes.square().sum(1, keepdim=True) + outside.unsqueeze(1)
        rounding = (tails.shape[1] * torch.finfo(tails.dtype).eps) ** 2
        self._errors = torch.where(tails > rounding * size, tails, 0.0)
        self.curve = self._errors.mean(0)

    def worth(self, error: float) -> float:
        """How many components have this held-out error: on straight lines between points of `curve`, which never
        rises; from 0 to K."""
        worse = int((self.curve > error).sum())
        if worse in (0, len(self.curve)):
            return float(max(0, worse - 1))
        above, below = self.curve[worse - 1 : worse + 1].tolist()
        return worse - 1 + float((above - error) / (above - below))

    def errors(self, k: int) -> Tensor:
        """‖x − x̂‖² of each held-out example with ``k`` components, float64 (m,); `ConfigError` unless 0 ≤ k ≤ K."""
        if not 0 <= k < len(self.curve):
            raise ConfigError(
                f"PCA of these examples has up to {len(self.curve) - 1} components, no more than features or "
                f"examples (got k = {k})."
            )
        return self._errors[:, k]


@dataclass(frozen=True)
class Example:
    """A held-out example and ‖x − x̂‖² by the model and by PCA. ``index``: among the held-out examples. ``pictures``:
    original, the model's reconstruction and PCA's as PNG in data URLs, where examples are pictures."""

    index: int
    model: float
    pca: float
    pictures: tuple[str, ...] = ()


def largest_differences(model: Tensor, pca: Tensor, count: int) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
    """Where the model is better by most, and where PCA is: up to ``count`` examples each, the largest difference first.

    ``model``, ``pca``: errors of the same examples, (n,). Of equal differences the first example comes first; an
    example with equal errors is in neither. Raises `DataError` when the lengths differ or a value is not finite,
    `ConfigError` for a negative count.
    """
    if count < 0:
        raise ConfigError(f"The number of examples must be 0 or more (got {count}).")
    ours, theirs = _vectors(model, pca)
    return _most(theirs - ours, ours, theirs, count), _most(ours - theirs, ours, theirs, count)


def class_errors(errors: Tensor, y: Tensor, classes: int) -> Tensor:
    """Mean of ``errors`` (n,) over the examples of each class, float64 (classes,); NaN for a class without examples.

    ``y``: class indices (n,). Raises `DataError` when lengths differ, an error is not finite or a label is not a
    class.
    """
    values, _ = _vectors(errors, errors)
    if y.is_floating_point() or y.shape != values.shape or not 0 <= int(y.min()) <= int(y.max()) < classes:
        raise DataError(
            f"Labels of {len(values)} errors must be as many class indices from 0 to {classes - 1} "
            f"(got {y.dtype} of shape {tuple(y.shape)})."
        )
    y = y.to(values.device)
    return y.bincount(values, minlength=classes) / y.bincount(minlength=classes)


def _most(gain: Tensor, ours: Tensor, theirs: Tensor, count: int) -> tuple[Example, ...]:
    order = gain.argsort(descending=True, stable=True)[:count].tolist()
    return tuple(Example(i, float(ours[i]), float(theirs[i])) for i in order if gain[i] > 0)


def _vectors(first: Tensor, second: Tensor) -> tuple[Tensor, Tensor]:
    if first.ndim != 1 or second.ndim != 1:
        raise DataError(
            f"Errors must be one number for each example (got shapes {tuple(first.shape)} and {tuple(second.shape)})."
        )
    a, b = pair(first.unsqueeze(1), second.unsqueeze(1), ("errors of the model", "errors of PCA"))
    return a.squeeze(1), b.squeeze(1)
