"""`cell_snapshot`: one cell of a stacked sweep, as the snapshot of a run."""

from typing import Any

from torch import Tensor

from aelib.errors import CheckpointError, RunError
from aelib.runs.folder import RunFolder
from aelib.runs.history import history_tensors
from aelib.runs.sweephistory import SweepHistory
from aelib.sweep import SweepSpec, state_of_cell


def cell_snapshot(folder: RunFolder, k: int) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Tensors and metadata with which a `LiveRun` goes on as the k-th cell (0 is the first) would, paused.

    A cell that has diverged is at its last good weights, with Adam's moments at zero, and says so. `RunError` when
    the sweep in this folder has no snapshot yet, `CheckpointError` when it is damaged.
    """
    found = folder.read_state()
    if found is None:
        raise RunError("This sweep has no weights yet: let it train for some seconds.")
    tensors, meta = found
    if "sweep" not in meta:
        raise CheckpointError("The snapshot in this folder is not that of a sweep.")
    cell = SweepSpec.from_json(meta["sweep"]).cells[k]
    step = int(tensors["diverged"][k])
    window, history = SweepHistory.restored(history_tensors(tensors), meta["history"]).state_of(k)
    state = state_of_cell(tensors, k) | {f"history.{name}": value for name, value in window.items()}
    message = f"The loss stopped being a number at step {step}. These are the last good weights." if step else ""
    about = {"experiment": cell.model_dump_json(), "history": history, "since": dict.fromkeys(cell.knobs, 0)}
    about["extremes"] = meta["extremes"]
    return state, {**about, "status": "diverged" if step else "paused", "message": message, "pace": None}
