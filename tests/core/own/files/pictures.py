"""Pictures for tests, as files."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image

#: Red, green, blue and grey quarters.
QUARTERS = np.array([[(255, 0, 0), (0, 255, 0)], [(0, 0, 255), (128, 128, 128)]], np.uint8)


def noise(seed: int, height: int = 8, width: int = 8, channels: int = 3) -> np.ndarray:
    """A picture of random bytes, (height, width, channels), or (height, width) for one channel."""
    values = np.random.default_rng(seed).integers(0, 256, (height, width, channels), np.uint8)
    return values[..., 0] if channels == 1 else values


def file_of(values: np.ndarray | Image.Image, kind: str = "PNG", **options) -> bytes:
    """A picture as the bytes of a file."""
    picture = values if isinstance(values, Image.Image) else Image.fromarray(values)
    with io.BytesIO() as stream:
        picture.save(stream, kind, **options)
        return stream.getvalue()


def write_all(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Files in a folder, and in those within it."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """Files as a zip archive."""
    with io.BytesIO() as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return stream.getvalue()
