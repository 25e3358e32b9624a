"""Labels of all kinds as indices of named classes, or as numbers."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from aelib.arrays import Array, as_labels
from aelib.data.limits import Limits
from aelib.errors import DataError
from aelib.reading import told_apart

#: float32 holds each whole number up to this.
_EXACT = 1 << 24


def as_classes(
    given: Sequence[Array], counts: Sequence[int], limits: Limits, name: str
) -> tuple[Tensor, tuple[str, ...]]:
    """Labels (n,) as indices of classes, and the names of these in order; without names they are real numbers.

    ``given``: labels of one split or of several, which are joined; ``counts``: of examples in each. Strings are
    classes, and so are whole numbers, also those that are kept as real ones, where there are no more than
    ``limits.max_classes``; otherwise they stay numbers. A column (n, 1) is taken as (n,), and rows (n, k) with a single
    1 among zeros as classes. Raises `DataError` for labels that do not belong to the examples, are of no such kind, or
    are strings with too many classes.
    """
    found = [_one_each(y, count, name) for y, count in zip(given, counts, strict=True)]
    named = sorted({label for _, names in found for label in names})
    if named:
        if not all(names for _, names in found):
            raise DataError(f"{name} has strings as labels of some examples and numbers of others: give one kind.")
        limits.check("max_classes", len(named), name, "leave the labels out, or make them fewer")
        places = {label: place for place, label in enumerate(named)}
        return torch.cat([torch.tensor([places[n] for n in names])[y] for y, names in found]), told_apart(named)
    labels = torch.cat([y for y, _ in found])
    if labels.is_floating_point():
        if not bool((labels == labels.round()).all() and labels.abs().max() < _EXACT):
            return labels, ()
        labels = labels.long()
    different, indices = torch.unique(labels, return_inverse=True)
    if len(different) > limits.max_classes:
        return labels.float(), ()
    return indices, tuple(map(str, different.tolist()))


def _one_each(y: Array, count: int, name: str) -> tuple[Tensor, tuple[str, ...]]:
    labels, names = as_labels(_text(y))
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim == 2 and not names and _is_one_hot(labels):
        labels = labels.argmax(1)
    if labels.shape != (count,):
        raise DataError(
            f"{name} has {count:,} examples, but labels of shape {tuple(labels.shape)}: give one for each example."
        )
    return labels, names


def _text(y: Array) -> Array:
    """Strings of bytes as text, everything else as it is."""
    if isinstance(y, np.ndarray) and y.dtype.kind == "S":
        return np.array([value.decode("utf-8", "replace") for value in y.ravel()]).reshape(y.shape)
    return y


def _is_one_hot(labels: Tensor) -> bool:
    return bool(((labels == 0) | (labels == 1)).all() and (labels.sum(1) == 1).all())
