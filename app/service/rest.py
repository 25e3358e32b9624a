"""Whether the weights of a model rest, so that something can be said of them."""

from aelib.errors import AelibError
from aelib.runs import RunFolder
from aelib.runs.store import ACTIVE, is_run_id

from .server import current


def unrest(key: str, folder: RunFolder) -> str:
    """Why the weights of a run or a library entry cannot be measured now, in one sentence; empty when they can."""
    if is_run_id(key):
        try:
            row = current().store.get(key)
        except AelibError as error:
            return str(error)
        if row.status in ACTIVE:
            return "Pause the run first: what is being trained cannot be measured."
    return "" if folder.is_at_rest else "There are no weights to measure yet."


def stamp(folder: RunFolder) -> int:
    """When the weights were written; 0 where there are none."""
    try:
        return (folder.path / "model.safetensors").stat().st_mtime_ns
    except FileNotFoundError:
        return 0
