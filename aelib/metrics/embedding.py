"""Whether near examples have near codes, and near codes near examples.

All of these compare Euclidean neighbourhoods, without the example itself. For n examples of d
features and m units they take O(n² (d + m + log n)) time and O(n (d + m)) memory, as distances are
made for a few rows at a time; 10,000 examples of 784 features need some ten seconds on one core and
300 MB, more where many are equally far. Distances that differ by rounding alone are equal; nothing depends on the
order of the examples.
"""

import torch
from torch import Tensor

from aelib.errors import ConfigError, DataError
from aelib.metrics.arrays import pair
from aelib.metrics.neighbours import Distances, distances, neighbours


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
    for near, far in zip(distances(examples), distances(points), strict=True):
        common += float(torch.minimum(_parts(near, k), _parts(far, k)).sum())
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
    return _as_given(x, examples), _as_given(codes, points)


def _as_given(given: Tensor, checked: Tensor) -> Tensor:
    """In the precision that it was given in, float32 at the least, as that says which points may be the same."""
    single = given.is_floating_point() and given.dtype != torch.float64
    return checked.to(torch.float32 if single else torch.float64)


def _parts(found: Distances, k: int) -> Tensor:
    """By how much each point is one of the k nearest, 0 for most: (rows, n)."""
    near = neighbours(found, k)
    return torch.zeros_like(found.squared).scatter_(1, near.columns, near.part)


def _free_of_intruders(true: Tensor, shown: Tensor, k: int) -> float:
    """`trustworthiness` of neighbourhoods among ``shown``, given those among ``true``."""
    n, intrusion = len(true), 0.0
    for near, far in zip(distances(true), distances(shown), strict=True):
        columns, part = neighbours(far, k)
        squared = near.squared.gather(1, columns)
        strictly_nearer = torch.searchsorted(near.squared.sort(dim=1).values, near.short_of(squared))
        intrusion += float((part * (1 + strictly_nearer - k).clamp(min=0)).sum())
    return 1 - 2 * intrusion / (n * k * (2 * n - 3 * k - 1))
