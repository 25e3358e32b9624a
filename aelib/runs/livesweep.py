"""`LiveSweep`: the training of a stacked sweep inside a worker: frames of all cells, one snapshot, no knobs."""

from typing import Any

import torch
from torch import Tensor

from aelib.data import Dataset
from aelib.device import describe_device
from aelib.errors import DivergenceError
from aelib.experiment import Experiment
from aelib.frames.sweepprobe import SweepProbe
from aelib.runs.commands import Command, check_for_sweep
from aelib.runs.folder import RunFolder
from aelib.runs.history import history_tensors
from aelib.runs.livetraining import LiveTraining
from aelib.runs.sweephistory import SweepHistory
from aelib.sweep import StackedTraining, SweepSpec


class LiveSweep(LiveTraining):
    """A stacked sweep that is open in this process. It goes on until every cell has diverged."""

    training: StackedTraining

    def __init__(self, folder: RunFolder, sweep: SweepSpec, data: Dataset, device: torch.device) -> None:
        super().__init__(folder, data, device)
        self.models = len(sweep.values)
        self.probe = SweepProbe(data, sweep)
        self._restart(sweep)
        if not self._resume():
            self._begin()

    @property
    def experiment_now(self) -> Experiment:
        return self.sweep.base

    # --- beginning, resuming, rewinding ------------------------------------------------------------

    def _restart(self, sweep: SweepSpec) -> None:
        self.sweep = sweep
        self.training = StackedTraining(sweep, self.data, self.device)
        self.history = SweepHistory()
        self._start_afresh()

    def _begin_log(self) -> None:
        self.log.begin(self.probe.scene(self.sweep, describe_device(self.device), self.training))

    def _resume(self) -> bool:
        """Go on from the snapshot; False if there is none."""
        found = self.folder.read_state()
        if not found:
            return False
        tensors, meta = found
        self._restart(SweepSpec.from_json(meta["sweep"]))
        self.training.load_state_dict(tensors)
        self.history = SweepHistory.restored(history_tensors(tensors, self.device), meta["history"])
        self._take_up(meta)
        self._continue_log()
        return True

    def _rewind(self) -> None:
        self._restart(self.sweep)
        self._begin()

    # --- commands ----------------------------------------------------------------------------------

    def obey(self, command: Command) -> None:
        check_for_sweep(command)
        super().obey(command)

    def _extend(self) -> None:
        self.training.extend()
        base = self.sweep.base.model_copy(update={"train": self.training.config})
        self.sweep = self.sweep.model_copy(update={"base": base})

    # --- training ----------------------------------------------------------------------------------

    def _train_once(self) -> None:
        if self.training.all_diverged:
            raise DivergenceError
        record = next(self.training)
        self._window.append(record.terms)
        self.history.add(record.step, record.terms)

    def _frame(self, rate: float) -> bytes:
        meta = {"status": self.status, "message": self.message, "rate": rate, "pace": self.pace, "aside": self.aside}
        return self.probe.frame(self.training, self._window, meta)

    def _state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        tensors, history = self.history.state()
        state = self.training.state_dict() | {f"history.{name}": value for name, value in tensors.items()}
        about = {"sweep": self.sweep.model_dump_json(), "extremes": self.training.model.extremes}
        return state, {**about, "history": history}

    def _diverge(self) -> None:
        message = "The loss of every cell stopped being a number: choose other values. The last good weights are kept."
        self._rest("diverged", message)
