"""Where Numba keeps the machine code of UMAP: it refuses to load without such a folder, which a container may lack."""

import atexit
import os
import shutil
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import platformdirs

from aelib.errors import ConfigError
from aelib.files import expect_folder

#: Packages whose functions Numba compiles and keeps.
COMPILED = ("umap", "pynndescent")


def provide_cache() -> None:
    """Name a temporary folder in ``NUMBA_CACHE_DIR`` where Numba could write nowhere else; `ConfigError` without one.

    Call it before UMAP is imported. Processes that are started afterwards inherit the folder, which is deleted when
    this one ends. It is this user's alone and new: what lies in such a folder is run.
    """
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    installed = [spec.origin for name in COMPILED if (spec := find_spec(name)) and spec.origin]
    if (
        (chosen and _is_writable(Path(chosen)))
        or all(_is_writable(Path(origin).parent / "__pycache__") for origin in installed)
        or _is_writable(platformdirs.user_cache_path("numba", appauthor=False))
    ):
        return
    try:
        folder = tempfile.mkdtemp(prefix="aelib-numba-")
    except OSError as error:
        raise ConfigError(
            f"UMAP needs a folder for its machine code, and none can be written to ({error.strerror}): set "
            "NUMBA_CACHE_DIR to one that can, or choose PCA or t-SNE."
        ) from None
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["NUMBA_CACHE_DIR"] = folder
    if numba := sys.modules.get("numba"):  # it has read the environment already
        numba.config.CACHE_DIR = folder


def _is_writable(folder: Path) -> bool:
    try:
        expect_folder(folder.absolute())
    except OSError:
        return False
    return True
