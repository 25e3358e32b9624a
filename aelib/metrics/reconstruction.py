"""How close reconstructions are to their examples."""

import math

from torch import Tensor

from aelib.errors import DataError
from aelib.metrics.arrays import pair


def squared_error(x: Tensor, reconstruction: Tensor) -> float:
    """1/n Σ_i ‖x_i − x̂_i‖²: summed over features, averaged over the n examples.

    Both have shape (n, *shape). Raises `DataError` when the shapes differ or a value is not finite.
    """
    examples, rebuilt = _same_shape(x, reconstruction)
    return float((examples - rebuilt).square().sum()) / len(examples)


def rmse(x: Tensor, reconstruction: Tensor) -> float:
    """Root mean square error √(1/(n·d) Σ_i ‖x_i − x̂_i‖²) over n examples of d features, in units of x.

    Raises as `squared_error` does.
    """
    return math.sqrt(squared_error(x, reconstruction) / x[0].numel())


def variance_explained(x: Tensor, reconstruction: Tensor) -> float:
    """1 − Σ_i ‖x_i − x̂_i‖² / Σ_i ‖x_i − x̄‖², with x̄ the mean of the given examples.

    1 for perfect reconstructions, 0 for the mean, below 0 for worse than that. For principal
    component analysis on its own examples it is the share of the variance that the kept components have.

    Raises `DataError` when all examples are the same, and as `squared_error` does.
    """
    examples, rebuilt = _same_shape(x, reconstruction)
    # Not from the mean, whose rounding would make a variance of examples that are all the same.
    if (examples == examples[0]).all():
        raise DataError(
            f"All {len(examples)} examples are the same, so there is no variance to explain: give different ones."
        )
    unexplained = (examples - rebuilt).square().sum()
    return 1 - float(unexplained / (examples - examples.mean(0)).square().sum())


def _same_shape(x: Tensor, reconstruction: Tensor) -> tuple[Tensor, Tensor]:
    if x.shape != reconstruction.shape:
        raise DataError(
            f"The examples have shape {tuple(x.shape)} but the reconstructions {tuple(reconstruction.shape)}: "
            "give one reconstruction of the same shape for each example."
        )
    return pair(x, reconstruction, ("examples", "reconstructions"))
