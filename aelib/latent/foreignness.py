"""How foreign an example is to a model, by what held-out examples are like."""

import math

from torch import Tensor

from aelib.errors import DataError


def anomaly_score(error: float, errors: Tensor) -> float:
    """The share of held-out ``errors`` (n,) that are smaller than ``error``, from 0 to 1.

    With ‖x − x̂‖² for errors: 0.99 means that 99 of 100 held-out examples are rebuilt better. Of examples
    like the held-out ones it is uniform; one that every held-out example beats has 1.
    Raises `DataError` when there are no errors, or some are not finite.
    """
    if errors.ndim != 1 or not len(errors) or not errors.isfinite().all() or not math.isfinite(error):
        raise DataError(
            f"An error is compared with finite errors of held-out examples, shape (n,) (got {error:g} and shape "
            f"{tuple(errors.shape)})."
        )
    return float((errors < error).double().mean())
