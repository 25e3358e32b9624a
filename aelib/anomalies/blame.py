"""Which columns of a row are to blame: those without whose value the row would be a usual one."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from aelib.metrics.row_anomaly import column_errors, standard_errors

#: Usual values of a column that are tried, at most.
CANDIDATES = 16
#: Columns of a row that are tried, at most: those with the largest parts of its score.
TRIED = 32
#: Numbers in the rows that are rebuilt at a time.
AT_ONCE = 2_000_000

#: (n, features) and the places of these rows ↦ their reconstructions (n, features), float32.
Rebuild = Callable[[Tensor, Tensor], Tensor]


def blame(x: Tensor, rebuild: Rebuild, columns: Sequence[slice], usual: Tensor, values: Tensor) -> Tensor:
    """1 − min_v s(x_i with column c = v) / s(x_i): the share of a row's score that goes when column c alone has the
    best of its usual values v, (n, columns), float64, from 0 to 1.

    This is the reconstruction-based contribution of Alcala & Qin (2009, "Reconstruction-based contribution for process
    monitoring"), in steps over values instead of a derivative, so that it holds for any model and for categories. A
    strange value spoils the reconstruction of other columns, too, which then have errors and are not to blame; with a
    linear model and no noise the column that was changed always comes first. ``s``: the score of `standard_errors`
    with ``usual`` (m, columns), of which the mean is enough (1, columns). ``values``: rows (m, features) whose columns
    have usual values, as in training; `CANDIDATES` of each column are tried, at equal steps of rank, of a column of
    many features all that are different, the most frequent first. Of more than `TRIED` columns those with the smallest
    errors are not tried.
    """
    found = []
    candidates = [_candidates(values[:, place]) for place in columns]
    tried = min(TRIED, len(columns))
    width = tried * max(len(some) for some in candidates) * x.shape[1]
    for places in torch.arange(len(x)).split(max(1, AT_ONCE // width)):
        found.append(_blame(x[places], places, rebuild, columns, usual, candidates, tried))
    return torch.cat(found) if found else torch.zeros(0, len(columns), dtype=torch.float64)


def _blame(
    x: Tensor, places: Tensor, rebuild: Rebuild, columns: Sequence[slice], usual: Tensor,
    candidates: Sequence[Tensor], tried: int,
) -> Tensor:  # fmt: skip
    def parts_of(rows: Tensor, which: Tensor) -> Tensor:
        return standard_errors(column_errors(rows, rebuild(rows, which), columns), usual)

    parts = parts_of(x, places)
    score = parts.sum(1)
    is_tried = torch.zeros_like(parts, dtype=torch.bool).scatter_(1, parts.topk(tried, dim=1).indices, True)
    changed, whose, which = [], [], []
    for c, (place, some) in enumerate(zip(columns, candidates, strict=True)):
        i = is_tried[:, c].nonzero().flatten()
        other = x[i].repeat_interleave(len(some), dim=0)
        other[:, place] = some.repeat(len(i), 1)
        changed.append(other)
        whose.append(i.repeat_interleave(len(some)))
        which.append(torch.full((len(other),), c))
    i, column = torch.cat(whose), torch.cat(which)
    scores = parts_of(torch.cat(changed), places[i]).sum(1)
    # What is not tried, and what no value makes better, stays as it is.
    best = score[:, None].repeat(1, len(columns)).flatten()
    best = best.scatter_reduce(0, i * len(columns) + column, scores, "amin").reshape(parts.shape)
    return torch.where(score[:, None] > 0, 1 - best / torch.where(score > 0, score, 1)[:, None], 0)


def _candidates(values: Tensor) -> Tensor:
    """Values of one column (m, width) that stand for all, (at most `CANDIDATES`, width)."""
    if values.shape[1] == 1:
        ranks = torch.linspace(0, len(values) - 1, CANDIDATES).round().long()
        few: Tensor = values.flatten().sort().values[ranks].unique()
        return few[:, None]
    different, counts = values.unique(dim=0, return_counts=True)
    most: Tensor = different[counts.argsort(descending=True, stable=True)[:CANDIDATES]]
    return most
