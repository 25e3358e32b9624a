"""What every view asks of a map: vectors in, vectors out, one row of output for each row of input."""

from collections.abc import Callable

from torch import Tensor

from aelib.errors import ConfigError, DataError

#: (n, a) ↦ (n, b), row by row: row i of the output depends on row i of the input alone.
Map = Callable[[Tensor], Tensor]

#: Rows that are looked at together: bounds memory, not the result.
CHUNK = 256


def check_rows(x: Tensor) -> None:
    """`DataError` unless ``x`` is a batch of real vectors."""
    if x.ndim != 2 or not x.is_floating_point():
        raise DataError(
            f"A map is looked at on real vectors of shape (n, features) (got {tuple(x.shape)}, {x.dtype}): "
            "flatten each example."
        )


def check_draws(draws: int) -> None:
    """`ConfigError` unless there is something to average over."""
    if draws < 1:
        raise ConfigError(f"An average needs at least 1 draw (got {draws}).")


def check_finite(j: Tensor) -> None:
    """`DataError` when a Jacobian has no singular values."""
    if not j.isfinite().all():
        raise DataError("The map has a derivative that is not a finite number here: move the points or train it anew.")


def apply(f: Map, x: Tensor) -> Tensor:
    """f(x); `DataError` if it is not one vector per row of ``x``."""
    y = f(x)
    if y.ndim != 2 or len(y) != len(x):
        raise DataError(
            f"The map must give one vector for each row (got {tuple(x.shape)} ↦ {tuple(y.shape)}): flatten its output."
        )
    return y
