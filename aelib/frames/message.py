"""Messages for the browser: one safetensors blob each, with a JSON object as metadata."""

import json
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from aelib.errors import CheckpointError


def pack(kind: str, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> bytes:
    """One message."""
    tidy = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    return bytes(save_arrays(tidy, metadata={"message": json.dumps({"kind": kind, **meta})}))


def pack_file(name: str, media_type: str, content: bytes, about: dict[str, Any]) -> bytes:
    """A message that is a file to be kept under a name."""
    return pack("file", {**about, "name": name, "type": media_type}, {"content": np.frombuffer(content, np.uint8)})


def read_meta(message: bytes) -> dict[str, Any]:
    """The metadata of a message; `CheckpointError` when it is not one."""
    try:
        length = int.from_bytes(message[:8], "little")
        meta = json.loads(json.loads(message[8 : 8 + length])["__metadata__"]["message"])
    except (ValueError, KeyError, TypeError, RecursionError):
        meta = None
    if not isinstance(meta, dict):
        raise CheckpointError("This is not a frame: its header cannot be read.")
    return meta


def unpack(message: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Metadata and arrays of a message; `CheckpointError` when it is not one."""
    meta = read_meta(message)
    try:
        return meta, load_arrays(message)
    except (SafetensorError, ValueError, KeyError) as error:
        raise CheckpointError(f"This frame is damaged ({error}).") from None
