"""Rows of a table that are rebuilt badly: errors of columns, and a score in which every column counts alike."""

from collections.abc import Iterable

import torch
from torch import Tensor

from aelib.errors import DataError
from aelib.metrics.arrays import pair, rows


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


def standard_errors(errors: Tensor, usual: Tensor) -> Tensor:
    """e_ic / (C ē_c), (n, columns), float64: the parts of each row's score s_i = (1/C) Σ_c e_ic / ē_c.

    These are squared standardised residuals: a column that is always rebuilt badly has no more weight than one that is
    rebuilt well, and units play no part. ``errors``: those of `column_errors` of the rows that are scored, (n, C).
    ``usual``: the same of the rows whose mean is ē_c, as of training, (m, C); these score 1 on average. A column that
    was rebuilt without any error there keeps its errors as they are.
    Raises `DataError` when shapes do not fit or values are not finite.
    """
    scored, others = rows(errors, "errors"), rows(usual, "usual errors")
    if scored.shape[1] != others.shape[1]:
        raise DataError(f"Errors are of {scored.shape[1]} columns, but the usual ones of {others.shape[1]}.")
    mean = others.mean(0)
    return scored / torch.where(mean > 0, mean, 1) / scored.shape[1]


def worst_first(scores: Tensor) -> Tensor:
    """Places (n,) of the rows by falling score (n,); those of equal scores in their order."""
    return scores.argsort(descending=True, stable=True)
