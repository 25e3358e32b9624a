"""Arrays of others as tensors: of NumPy, of pandas (by its ``__array__``), of PyTorch, and lists."""

import math
import warnings
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from aelib.errors import DataError
from aelib.levels import Levels

#: What is taken for examples, codes and labels.
Array = Tensor | ArrayLike
#: Values that are looked at together: bounds the memory of a look at all of them.
LOOK = 1 << 22


def as_examples(x: Array, shape: tuple[int, ...] | None = None) -> Tensor:
    """Examples (n, …) as real numbers; ``shape``: of one example, where that is known.

    Tensors of float32 and float64 stay as they are, and where they are; everything else becomes float32. Bytes
    (uint8) of pictures, which have two axes or three, are grey levels: 0…255 becomes 0…1, as torchvision has it. They
    stay bytes (`Levels`), and where they are: an array of them is shared, not copied, and a mapped file not read.
    Nothing else is rescaled. Raises `DataError` for what are no real numbers.
    """
    name = "examples" if shape is None else f"examples of shape {('n', *shape)}".replace("'", "")
    found = x if isinstance(x, Tensor) else _array(x, name)
    is_bytes = found.dtype == (torch.uint8 if isinstance(found, Tensor) else np.uint8)
    if is_bytes and len(found.shape[1:] if shape is None else shape) > 1:
        return Levels(found if isinstance(found, Tensor) else _shared(found))
    if not isinstance(found, Tensor):
        found = _numbers(found, name)
    if found.is_complex():
        raise DataError(f"The {name} must be real numbers (got {found.dtype}).")
    return found if found.dtype in (torch.float32, torch.float64) else found.float()


def as_labels(y: Array) -> tuple[Tensor, tuple[str, ...]]:
    """Labels as a tensor, and the names of the classes where they are strings.

    Strings become indices of the sorted names; whole numbers and truth values become int64, real numbers float32.
    Raises `DataError` for labels that are none of these or not all of one kind.
    """
    names: tuple[str, ...] = ()
    if isinstance(y, Tensor):
        found = y.detach().cpu()
    else:
        array = _array(y, "labels")
        if array.dtype == object and all(isinstance(value, str) for value in array.flat):
            array = array.astype(str)
        if array.dtype.kind == "U":
            different, places = np.unique(array, return_inverse=True)
            names, array = tuple(map(str, different)), places.reshape(array.shape)
        found = _numbers(array, "labels")
    if found.is_complex():
        raise DataError(f"Labels are strings, whole or real numbers (got {found.dtype}).")
    if not found.is_floating_point():
        return found.long(), names
    if not found.isfinite().all():
        raise DataError("Some labels are missing or not finite: give a label for each example, or none at all.")
    return found.float(), names


def as_numbers(values: Array, name: str) -> Tensor:
    """Numbers as they are: tensors as they come, whole numbers as int64, real ones as float32.

    ``name``: for messages. Raises `DataError` for what are no numbers.
    """
    return values if isinstance(values, Tensor) else _numbers(_array(values, name), name)


def are_finite(x: Tensor) -> bool:
    """Whether all values of ``x`` are finite numbers; levels always are.

    Least and greatest value are NaN where one value is; to find them takes one pass and no memory.
    """
    if isinstance(x, Levels) or not x.numel():
        return True
    low, high = torch.aminmax(x.detach())
    return math.isfinite(low) and math.isfinite(high)


def are_all_equal(x: Tensor) -> bool:
    """Whether all rows of ``x`` (n, …) are the same, looked at a few at a time."""
    rows = max(1, LOOK // max(1, math.prod(x.shape[1:])))
    return all(bool((some == x[0]).all()) for some in x.split(rows))


def _shared(array: NDArray[Any]) -> Tensor:
    """The memory of an array as a tensor; of what PyTorch cannot share, a copy."""
    if any(step < 0 for step in array.strides):
        array = np.ascontiguousarray(array)
    with warnings.catch_warnings():  # that it must not be written to, which `Levels` sees to
        warnings.filterwarnings("ignore", message="The given NumPy array is not writable")
        return torch.from_numpy(array)


def _array(values: ArrayLike, name: str) -> NDArray[Any]:
    try:
        return np.asarray(values)
    except (TypeError, ValueError) as error:  # rows of several lengths, a tensor within a list that needs a gradient
        reason = " ".join(str(error).split())[:120]
        raise DataError(f"The {name} are no array of numbers, a row for each example ({reason}).") from None


def _numbers(array: NDArray[Any], name: str) -> Tensor:
    """A copy: bytes stay bytes, other whole numbers become int64, real ones float32."""
    if array.dtype == object:  # columns of several types, or of numbers of any size
        if any(isinstance(value, str) for value in array.flat):
            raise DataError(f"The {name} mix text with other values: make them numbers first.")
        try:
            array = np.array(array.tolist())
            array = array.astype(np.float64) if array.dtype == object else array
        except (TypeError, ValueError):
            raise DataError(f"The {name} hold values that are no numbers, or missing: leave those out.") from None
    kind = array.dtype.kind
    if kind not in "biuf":
        raise DataError(f"The {name} must be numbers (got an array of {array.dtype}).")
    wanted = np.uint8 if array.dtype == np.uint8 else np.float32 if kind == "f" else np.int64
    with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinite, which is refused later
        return torch.from_numpy(np.array(array, dtype=wanted, order="C"))
