"""Where runs and added data are kept, and where the pretrained checkpoints are."""

import os
from pathlib import Path

import platformdirs


def default_home() -> Path:
    """`AELIB_HOME`, or the user's data folder."""
    return Path(os.environ.get("AELIB_HOME") or platformdirs.user_data_path("aelib"))


def pretrained_folder() -> Path:
    """The pretrained checkpoints: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / "checkpoints"
    return inside if inside.is_dir() else package.parent / "checkpoints"
