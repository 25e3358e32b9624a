"""Sets of points in one space: which can be compared, and how far apart they are."""

from collections.abc import Iterator

import torch
from torch import Tensor

from aelib.errors import ConfigError, DataError
from aelib.metrics.arrays import flat

#: Distances held at once (32 MB in float64): bounds the memory of a metric, not its result.
PAIRS = 2**22


def comparable(**sets: Tensor) -> tuple[Tensor, ...]:
    """Each set as (n, features) in one type: float64 if any of them is float64, else float32.

    Images are flattened; no gradients flow. Raises `DataError` when a set is empty, is not
    (n, features…), holds values that are not finite, or lives in another space than the first.
    """
    found: list[Tensor] = []
    dtype = torch.float64 if any(x.dtype == torch.float64 for x in sets.values()) else torch.float32
    for name, x in sets.items():
        called = name.replace("_", " ")
        x = flat(x, called)
        x = x if x.dtype == dtype else x.to(dtype)
        if found and x.shape[1] != found[0].shape[1]:
            first = next(iter(sets)).replace("_", " ")
            raise DataError(
                f"The {called} have {x.shape[1]} features but the {first} have {found[0].shape[1]}: "
                "pass points of one space."
            )
        found.append(x)
    return tuple(found)


def check_neighbours(k: int, available: int) -> None:
    """Raise `ConfigError` unless ``k`` nearest neighbours can be had from ``available`` points."""
    if not 1 <= k <= available:
        raise ConfigError(f"The number of neighbours k must be from 1 to {available} for these points (got {k}).")


def distance_blocks(queries: Tensor, points: Tensor | None = None) -> Iterator[Tensor]:
    """Euclidean distances from a few queries at a time to all points, (some queries, number of points).

    Without ``points``: to the other queries, ∞ to itself. Each distance is the root of a sum of squared
    differences, so that equal points are at distance 0 and d(a, b) = d(b, a), bit for bit.
    """
    others = queries if points is None else points
    rows = max(1, PAIRS // len(others))
    for start in range(0, len(queries), rows):
        distances = torch.cdist(queries[start : start + rows], others, compute_mode="donot_use_mm_for_euclid_dist")
        if points is None:
            distances[:, start : start + rows].fill_diagonal_(torch.inf)
        yield distances
