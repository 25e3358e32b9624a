"""Whether near examples have near codes, and near codes near examples.

All of these compare Euclidean neighbourhoods, without the example itself. For n examples of d
features and m units they take O(n² (d + m + log n)) time and O(n (d + m)) memory, as distances are
made for a few rows at a time; 10,000 examples of 784 features need some ten seconds on one core and
300 MB. Of examples at exactly the same distance, any may count as the k-th neighbour.
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from aelib.errors import ConfigError, DataError
from aelib.metrics.arrays import pair

#: Distances held at a time: 16 MiB, and a few times that while they are sorted.
ENTRIES = 2**21


def trustworthiness(x: Tensor, codes: Tensor, k: int) -> float:
    """T(k) = 1 − 2 / (n k (2n − 3k − 1)) Σ_i Σ_{j ∈ U_k(i)} (r(i, j) − k) (Venna & Kaski 2001).

    U_k(i) holds those of the k nearest codes of code i whose examples are not among the k nearest of
    example i; r(i, j) is the rank of example j by distance from example i, 1 for the nearest. From 0
    to 1; 1 when every neighbour in the code is a neighbour in the data, about ½ for random codes.

    ``x``: (n, *shape). ``codes``: (n, units). Agrees with ``sklearn.manifold.trustworthiness`` where no two
    distances are equal; here equally far examples share the better rank, there one comes first.

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

    From 0 to 1; k/(n − 1) is expected of random codes. Shapes and errors as for `trustworthiness`.
    """
    examples, points = _checked(x, codes, k)
    common = 0
    for near, far in zip(_distances(examples), _distances(points), strict=True):
        neighbours = torch.zeros_like(near, dtype=torch.bool).scatter_(1, _nearest(near, k), True)
        common += int(neighbours.gather(1, _nearest(far, k)).sum())
    return common / (len(examples) * k)


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
        neighbours = near.gather(1, _nearest(far, k))
        rank = 1 + torch.searchsorted(near.sort(dim=1).values, neighbours)  # 1 + the number strictly nearer
        intrusion += float((rank - k).clamp(min=0).sum())
    return 1 - 2 * intrusion / (n * k * (2 * n - 3 * k - 1))


def _distances(points: Tensor) -> Iterator[Tensor]:
    """Squared distances of some rows at a time to all rows, (rows, n); infinite from a row to itself."""
    n = len(points)
    points = points - points.mean(0)  # or a common offset would swamp the differences
    squares = points.square().sum(1)
    step = max(1, ENTRIES // n)
    for start in range(0, n, step):
        some = slice(start, start + step)
        distances = torch.addmm(squares, points[some], points.T, alpha=-2).add_(squares[some].unsqueeze(1))
        distances[:, some].fill_diagonal_(torch.inf)
        yield distances


def _nearest(distances: Tensor, k: int) -> Tensor:
    """Columns of the k smallest distances in each row, (rows, k)."""
    return distances.topk(k, largest=False, sorted=False).indices
