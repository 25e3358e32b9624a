"""Factors of variation as labels, which metrics of disentanglement count."""

import torch
from torch import Tensor

from aelib.errors import ConfigError, DataError
from aelib.metrics.arrays import pair

#: Equal-width bins of a real-valued column, as in the study of Locatello et al. 2019.
BINS = 20


def discretise(values: Tensor, bins: int = BINS) -> Tensor:
    """Labels 0, 1, … of each column of finite ``values`` (n, columns): int64, same shape.

    Integers (and booleans) are categories, one label per value that occurs. Real values fall into
    ``bins`` intervals of equal width from the least to the greatest value of their column; a constant
    column is all 0.

    Raises `ConfigError` for fewer than 2 bins.
    """
    if bins < 2:
        raise ConfigError(f"Real values are sorted into 2 bins or more (got {bins}).")
    if not values.is_floating_point():
        return torch.stack([column.unique(return_inverse=True)[1] for column in values.unbind(1)], dim=1)
    low, high = values.amin(0), values.amax(0)
    width = torch.where(high > low, high - low, 1)
    return ((values - low) / width * bins).long().clamp(max=bins - 1)


def codes_and_labels(codes: Tensor, factors: Tensor, bins: int = BINS) -> tuple[Tensor, Tensor]:
    """Codes as float64 (n, units) and `discretise`d factors (n, factors), both on the CPU.

    Raises `DataError` when lengths differ, a value is not finite, or a factor has one value only.
    """
    values, known = pair(codes.cpu(), factors.cpu(), ("codes", "factors"))
    labels = discretise(known if factors.is_floating_point() else factors.cpu().flatten(1), bins)
    constant = (labels.amax(0) == 0).nonzero().flatten().tolist()
    if constant:
        raise DataError(
            f"Factor {constant[0]} has the same value in all {len(labels)} examples, so nothing can be "
            "said of it: leave it out."
        )
    return values, labels


def at_least_two(kind: str, count: int) -> None:
    """Raises `DataError` unless there are two ``kind`` (units or factors) or more to be told apart."""
    if count < 2:
        raise DataError(f"Disentanglement compares {kind}: it needs at least 2 (got {count}).")
