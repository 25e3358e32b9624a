"""What every answer has in common: which weights and how many examples it is about, and the types it travels in."""

from typing import Any

import numpy as np
from torch import Tensor

from aelib.desk.answers.subject import Subject
from aelib.frames.message import pack


def packed(kind: str, subject: Subject, ask: Any, meta: dict[str, Any], arrays: dict[str, Tensor | None]) -> bytes:
    """A message; arrays that are None are left out."""
    about = {"stamp": str(subject.stamp), "limit": ask.limit, **meta}
    there = {name: value.detach().cpu().numpy() for name, value in arrays.items() if value is not None}
    return pack(kind, about, {name: _as_sent(value) for name, value in there.items()})


def _as_sent(array: np.ndarray) -> np.ndarray:
    """Of the types that the browser reads."""
    narrower = {"float64": np.float32, "int64": np.int32}.get(array.dtype.name)
    return array if narrower is None else array.astype(narrower)
