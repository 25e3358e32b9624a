"""Rows of a table that are rebuilt badly, and the columns that are to blame."""

from collections.abc import Iterable

import torch
from torch import Tensor

from aelib.errors import DataError
from aelib.metrics.arrays import pair


def column_errors(x: Tensor, rebuilt: Tensor, columns: Iterable[slice]) -> Tensor:
    """Σ_{j in c} (x_ij − x̂_ij)² of each row i and column c, (n, columns), float64; they sum to the row's ‖x − x̂‖².

    ``x`` and ``rebuilt``: (n, features). ``columns``: which features belong to each column, as of a category that is
    one-hot; together all features, each once. Raises `DataError` when shapes differ, values are not finite, or the
    columns are not of these features.
    """
    examples, others = pair(x, rebuilt, ("rows", "reconstructions"))
    places = [*columns]
    indices = torch.cat([torch.arange(examples.shape[1])[place] for place in places]) if places else torch.empty(0)
    if examples.shape != others.shape or indices.sort().values.tolist() != list(range(examples.shape[1])):
        raise DataError(
            f"Rows of shape {tuple(x.shape)}, reconstructions of shape {tuple(rebuilt.shape)} and {len(places)} "
            "columns do not belong together: each feature belongs to one column."
        )
    errors = (examples - others).square()
    return torch.stack([errors[:, place].sum(1) for place in places], dim=1)


def blame(errors: Tensor) -> Tensor:
    """The share of each column in its row's error, (n, columns), float64; 0 where a row has no error.

    ``errors``: what `column_errors` gives.
    """
    total = errors.sum(1, keepdim=True)
    return torch.where(total > 0, errors / torch.where(total > 0, total, 1), 0)


def worst_first(errors: Tensor) -> Tensor:
    """Places (n,) of the rows by falling error ``errors`` (n,); those of equal errors in their order."""
    return errors.argsort(descending=True, stable=True)
