"""How honest a map is: whether neighbours on it are neighbours among the codes, and the other way round."""

from typing import NamedTuple

import torch
from torch import Tensor

from aelib.errors import ConfigError, DataError
from aelib.metrics.arrays import pair
from aelib.metrics.embedding import continuity, trustworthiness
from aelib.randomness import generator


class Score(NamedTuple):
    """``trustworthiness``: 1 when the map puts no strangers together. ``continuity``: 1 when it tears no neighbours
    apart. Both among the ``k`` nearest of ``count`` points; about ½ for points at random.
    """

    trustworthiness: float
    continuity: float
    k: int
    count: int  # type: ignore[assignment]  # hides `tuple.count`


def score_map(codes: Tensor, points: Tensor, k: int = 15, limit: int = 2000, seed: int = 0) -> Score:
    """`trustworthiness` and `continuity` of ``points`` (n, d) as a map of ``codes`` (n, units).

    Of more than ``limit`` points a random subset by ``seed`` is taken, whose neighbours are farther than those
    among all: it judges the map at a coarser scale. Of few points k is the largest number below half of them.

    Raises `DataError` below 3 points, when lengths differ or a value is not finite, and `ConfigError` when k < 1 or
    limit < 3.
    """
    if limit < 3:
        raise ConfigError(f"A map is judged by 3 points or more (got limit {limit}).")
    x, shown = pair(codes, points, ("codes", "points"))
    n = len(x)
    if n < 3:
        raise DataError(f"A map is judged by 3 points or more (got {n}).")
    if n > limit:
        some = torch.randperm(n, generator=generator(seed, "score"))[:limit].to(x.device)
        x, shown, n = x[some], shown[some], limit
    k = min(k, (n - 1) // 2)
    return Score(trustworthiness(x, shown, k), continuity(x, shown, k), k, n)
