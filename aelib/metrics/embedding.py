"""Whether near examples have near codes, and near codes near examples.

All of these compare Euclidean neighbourhoods, without the example itself. For n examples of d
features and m units they take O(n² (d + m + log n)) time and O(n (d + m)) memory, as distances are
made for a few rows at a time; 10,000 examples of 784 features need some ten seconds on one core and
300 MB, more where many are equally far. Distances that differ by rounding alone are equal; nothing depends on the
order of the examples.
"""

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from aelib.errors import ConfigError, DataError
from aelib.metrics.arrays import pair

#: Distances held at a time: 16 MiB, and a few times that while they are sorted.
ENTRIES = 2**21

#: What ‖a‖² + ‖b‖² − 2 a·b is wrong by at most, as a share of ‖a‖² + ‖a − b‖²: 4,096 units in the last place, for sums
#: over that many features. Copies of one point are at distance 0 only up to this.
ROUNDING = 2.0**-40


def trustworthiness(x: Tensor, codes: Tensor, k: int) -> float:
    """T(k) = 1 − 2 / (n k (2n − 3k − 1)) Σ_i Σ_{j ∈ U_k(i)} (r(i, j) − k) (Venna & Kaski 2001).

    U_k(i) holds those of the k nearest codes of code i whose examples are not among the k nearest of
    example i; r(i, j) is the rank of example j by distance from example i, 1 for the nearest. From 0
    to 1; 1 when every neighbour in the code is a neighbour in the data, about ½ for random codes. Equally far
    examples share the better rank, and of codes that are equally far for the last places each counts by an equal part.

    ``x``: (n, *shape). ``codes``: (n, units). Agrees with ``sklearn.manifold.trustworthiness`` where no two
    distances are equal; there one of equally far examples or codes comes first.

    Raises `ConfigError` unless 1 ≤ k < n/2, `DataError` when lengths differ or a value is not finite.
    """
    examples, points = _checked(x, codes, k)
    return _free_of_intruders(examples, points, k)


def continuity(x: Tensor, codes: Tensor, k: int) -> float:
    """C(k): `trustworthiness` with the roles of examples and codes exchanged (Venna & Kaski 2001).

    1 when every neighbour in the data is a neighbour in the code. Shapes and errors as there.
    """
    examples, points = _checked(x, codes, k)
    return _free_of_intruders(points, examples, k)


def neighbour_agreement(x: Tensor, codes: Tensor, k: int) -> float:
    """1/(n k) Σ_i |N_k(x_i) ∩ N_k(h_i)|: the mean share of the k nearest that examples and codes have in common.

    Where several are equally far for the last places, each is a neighbour by an equal part, and what both have in
    common of it is the lesser part. From 0 to 1; k/(n − 1) is expected of random codes. Shapes and errors as for
    `trustworthiness`.
    """
    examples, points = _checked(x, codes, k)
    common = 0.0
    for near, far in zip(_distances(examples), _distances(points), strict=True):
        parts = [_nearest(distances, k).spread(distances.squared) for distances in (near, far)]
        common += float(torch.minimum(*parts).sum())
    return min(1.0, common / (len(examples) * k))  # parts such as ⅓ do not add up exactly


def _checked(x: Tensor, codes: Tensor, k: int) -> tuple[Tensor, Tensor]:
    examples, points = pair(x, codes, ("examples", "codes"))
    n = len(examples)
    if n < 3:
        raise DataError(f"Neighbourhoods can be compared among 3 examples or more (got {n}).")
    if not 1 <= k < n / 2:
        raise ConfigError(
            f"The number of neighbours k must be at least 1 and less than half of the {n} examples (got {k}): "
            "use a smaller k or more examples."
        )
    return examples, points


def _free_of_intruders(true: Tensor, shown: Tensor, k: int) -> float:
    """`trustworthiness` of neighbourhoods among ``shown``, given those among ``true``."""
    n, intrusion = len(true), 0.0
    for near, far in zip(_distances(true), _distances(shown), strict=True):
        neighbours = _nearest(far, k)
        squared = near.squared.gather(1, neighbours.columns)
        strictly_nearer = torch.searchsorted(near.squared.sort(dim=1).values, squared - near.rounding(squared))
        intrusion += float((neighbours.part * (1 + strictly_nearer - k).clamp(min=0)).sum())
    return 1 - 2 * intrusion / (n * k * (2 * n - 3 * k - 1))


class _Distances(NamedTuple):
    """``squared``: distances of some rows to all rows, (rows, n); infinite from a row to itself. ``lengths``: squared,
    of these rows, (rows, 1)."""

    squared: Tensor
    lengths: Tensor

    def rounding(self, squared: Tensor) -> Tensor:
        """How far two squared distances may be apart by rounding alone: those of the size of ``squared`` (rows, m)."""
        return ROUNDING * (self.lengths + squared)


class _Neighbours(NamedTuple):
    """``columns``: of the nearest, (rows, k or more). ``part``: by how much each is one, which adds up to k."""

    columns: Tensor
    part: Tensor

    def spread(self, like: Tensor) -> Tensor:
        """The part of each column, 0 for those that are not among the nearest: of the shape of ``like``."""
        return torch.zeros_like(like).scatter_(1, self.columns, self.part)


def _distances(points: Tensor) -> Iterator[_Distances]:
    """Of some rows at a time."""
    n = len(points)
    points = points - points.mean(0)  # or a common offset would swamp the differences
    squares = points.square().sum(1)
    step = max(1, ENTRIES // n)
    for start in range(0, n, step):
        some = slice(start, start + step)
        lengths = squares[some].unsqueeze(1)
        distances = torch.addmm(squares, points[some], points.T, alpha=-2).add_(lengths)
        distances[:, some].fill_diagonal_(torch.inf)
        yield _Distances(distances, lengths)


def _nearest(distances: _Distances, k: int) -> _Neighbours:
    """The k nearest of each row; all that are as far as the k-th share the places which the nearer ones leave."""
    last = distances.squared.kthvalue(k, dim=1, keepdim=True).values
    margin = distances.rounding(last)
    candidates = int((distances.squared <= last + margin).sum(1).max())
    squared, index = distances.squared.topk(candidates, largest=False, sorted=False)
    nearer = squared < last - margin
    tied = (squared <= last + margin) & ~nearer
    share = (k - nearer.sum(1, keepdim=True)).to(squared) / tied.sum(1, keepdim=True)
    return _Neighbours(index, nearer + tied * share)
