"""`Levels`: pictures that stay bytes in memory and read as float32 in [0, 1]."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import torch
from torch import Tensor

from aelib.errors import DataError

#: What is only asked of the bytes, and what else they say of themselves than the numbers that they stand for.
ASKED = frozenset((
    "__len__", "shape", "size", "dim", "ndim", "ndimension", "numel", "nelement", "device", "is_cuda", "is_mps",
    "is_cpu", "layout", "is_contiguous", "is_complex", "is_sparse", "is_quantized", "is_meta", "is_leaf",
    "requires_grad", "grad", "grad_fn", "names",
))  # fmt: skip
SAID = {"dtype": torch.float32, "is_floating_point": True, "is_signed": True}
#: What picks, cuts and reshapes without computing: of bytes come bytes.
MOVES = frozenset((
    "__getitem__", "select", "narrow", "index_select", "split", "chunk", "tensor_split", "unbind", "unsqueeze",
    "squeeze", "reshape", "reshape_as", "view", "view_as", "flatten", "unflatten", "ravel", "permute", "transpose",
    "swapaxes", "movedim", "moveaxis", "expand", "expand_as", "flip", "contiguous", "detach", "cpu", "cat", "concat",
    "concatenate", "stack",
))  # fmt: skip
#: Of all values, in the same order whether they are bytes or numbers.
EXTREMES = frozenset(("min", "max", "amin", "amax"))
EQUALITIES = frozenset(("eq", "ne", "__eq__", "__ne__", "equal"))
#: What hands out or changes the memory itself, besides functions named as `add_` is.
MEMORY = frozenset((
    "__setitem__", "__set__", "__iadd__", "__isub__", "__imul__", "__itruediv__", "__ifloordiv__", "__ipow__",
    "__iand__", "__ior__", "__ixor__", "data_ptr", "storage", "untyped_storage",
))  # fmt: skip


class Levels(Tensor):
    """Grey levels or colours 0…255 that lie in memory as ``bytes`` (uint8) and read as ``bytes`` / 255, float32.

    To everybody it is a tensor of float32. What only picks, cuts or reshapes (rows, `split`, `flatten`, `cat`) gives
    levels again, for a quarter of the memory, and reads no more of a mapped file; what computes gives an ordinary
    tensor, of the part that was asked for; `to` moves the bytes and converts them where they arrive, to the same
    numbers on every device, bit for bit.

    ``bytes``: shared, not copied, so leave them as they are. Raises `DataError` when one writes to it or asks for its
    memory: `clone` gives an ordinary tensor.
    """

    bytes: Tensor

    @staticmethod
    def __new__(cls, bytes: Tensor) -> Levels:
        found = bytes.detach().as_subclass(cls)
        found.bytes = bytes.detach()
        return found

    @classmethod
    def __torch_function__(
        cls, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        name, given = _name(func), dict(kwargs or {})
        first = args[0] if args else None
        if name in SAID:
            return SAID[name]
        if name == "to" and isinstance(first, Levels):
            return _to(first, *_as(_floats, args[1:]), **_as(_floats, given))
        if name in ASKED:
            return func(*_as(_bytes, args), **_as(_bytes, given))
        if name in MOVES and _are_levels_alone(first) and not any(isinstance(arg, torch.dtype) for arg in args):
            return _as(Levels, func(*_as(_bytes, args), **_as(_bytes, given)), Tensor)
        if name in EXTREMES and len(args) == 1 and not given:
            return _read(func(_bytes(first)))
        if name in EQUALITIES and len(args) == 2 and all(isinstance(x, Levels) for x in args):
            return func(*_as(_bytes, args), **given)
        if isinstance(first, Levels) and (name in MEMORY or (name.endswith("_") and not name.endswith("__"))):
            raise DataError(
                "Pictures that are kept as bytes cannot be written to, and have no memory of float32: take a copy with "
                "clone() first, or use their bytes."
            )
        return func(*_as(_floats, args), **_as(_floats, given))

    def __iter__(self) -> Iterator[Tensor]:
        return iter(self.unbind())

    def __repr__(self) -> str:  # type: ignore[override]
        return f"Levels(shape={tuple(self.shape)}, device={str(self.device)!r})"

    def __hash__(self) -> int:
        return id(self)

    def __deepcopy__(self, memo: Any) -> Levels:
        return Levels(self.bytes.clone())

    def __reduce_ex__(self, protocol: Any) -> Any:
        return self.clone().__reduce_ex__(protocol)  # files of tensors are read without this library

    def on(self, device: torch.device) -> Levels:
        """The same on a device, as bytes."""
        return Levels(self.bytes.to(device))


def _name(func: Callable[..., Any]) -> str:
    """Of a function, a method, or the property that is read."""
    name = func.__name__
    return str(func.__self__.__name__ if name == "__get__" else name)  # type: ignore[attr-defined]


def _as(convert: Callable[[Any], Any], value: Any, kind: type = object) -> Any:
    """``value`` with all of that kind that it holds converted."""
    if isinstance(value, tuple | list) and not isinstance(value, torch.Size):
        return type(value)(_as(convert, part, kind) for part in value)
    if isinstance(value, dict):
        return {name: _as(convert, part, kind) for name, part in value.items()}
    return convert(value) if isinstance(value, kind) else value


def _bytes(value: Any) -> Any:
    return value.bytes if isinstance(value, Levels) else value


def _floats(value: Any) -> Any:
    return _read(value.bytes) if isinstance(value, Levels) else value


def _are_levels_alone(value: Any) -> bool:
    """Whether it is levels, or a list of nothing else."""
    return all(isinstance(part, Levels) for part in (value if isinstance(value, tuple | list) else (value,)))


def _read(levels: Tensor) -> Tensor:
    # By a tensor: a GPU multiplies by the inverse of a number, and the last bit is another one.
    return levels.float().div_(torch.full((), 255.0, device=levels.device))


def _to(levels: Levels, *args: Any, **kwargs: Any) -> Tensor:
    wanted = torch.empty(0, device=levels.bytes.device).to(*args, **kwargs)
    return _read(levels.bytes.to(wanted.device)).to(wanted.dtype)
