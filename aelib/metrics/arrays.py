"""What every metric asks of its arrays: an example a row, finite numbers, as many codes as examples."""

from torch import Tensor

from aelib.arrays import are_finite
from aelib.errors import DataError


def flat(array: Tensor, name: str) -> Tensor:
    """``array`` of shape (n, …) as rows (n, features), without gradients; ``name`` is for messages.

    Raises `DataError` when there is no example or no feature, or a value is not finite.
    """
    if array.ndim < 2 or not array.numel():
        raise DataError(
            f"The {name} must have one row per example and at least one column (got shape {tuple(array.shape)})."
        )
    found = array.detach().flatten(1)
    if not are_finite(found):
        raise DataError(f"The {name} hold values that are not finite numbers: leave those examples out.")
    return found


def rows(array: Tensor, name: str) -> Tensor:
    """`flat` in float64, because sums over many examples and ranks of near neighbours are lost in less.

    The device is kept where it has float64; MPS has not, and its arrays come to the CPU.
    """
    found = flat(array, name)
    return (found.cpu() if found.device.type == "mps" else found).double()


def pair(x: Tensor, other: Tensor, names: tuple[str, str]) -> tuple[Tensor, Tensor]:
    """Both arrays as `rows`, on the device of ``other``.

    Raises `DataError` when their lengths differ, and as `rows` does.
    """
    first, second = rows(x, names[0]), rows(other, names[1])
    if len(first) != len(second):
        raise DataError(
            f"There are {len(first)} {names[0]} but {len(second)} {names[1]}: "
            f"row i of both must belong to the same example (shapes {tuple(x.shape)} and {tuple(other.shape)})."
        )
    return first.to(second.device), second
