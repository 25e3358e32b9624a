"""`LiveTraining`: a training inside a worker. It advances in slices, emits frames, takes snapshots, obeys commands."""

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import torch
from torch import Tensor

from aelib.data import Dataset
from aelib.errors import ConfigError, DivergenceError
from aelib.experiment import Experiment
from aelib.frames.framelog import FrameLog
from aelib.runs.commands import Command, Pause, Play, Resume, Rewind, SetPace, Step, Stop, Undo
from aelib.runs.folder import RunFolder
from aelib.runs.store import Status
from aelib.sweep import StackedTraining
from aelib.train import Training

#: Frames a second, at most.
FRAME_RATE = 12.0
#: A run trains at least this many times as long as it spends on frames: 4 % overhead. Both are seconds of
#: the processor, so that a busy machine does not make frames look dear.
TRAIN_PER_FRAME = 24.0
#: Bytes of frames a second, at most.
BYTE_RATE = 1.5e6
#: The first frames follow the steps 1, 2, 3, 4, 6, 8, …, as there the map moves most, whatever each of them costs,
#: but no more than so many seconds of the processor in all: a frame of many stacked models is dear.
FIRST_FRAMES_GROWTH, FIRST_FRAMES_UNTIL, FIRST_FRAMES_SECONDS = 1.3, 500, 0.5
#: Seconds between two snapshots while training, at least, and as a multiple of what the last one took.
SNAPSHOT_EVERY, SNAPSHOT_SPACING = 3.0, 50.0


class LiveTraining(ABC):
    """A training that is open in this process: of one model (`LiveRun`) or of a stack of them (`LiveSweep`).

    ``status`` and ``message`` are what the user is told, and ``aside`` at which step what undoing the last rewind
    brings back is. Exceptions of training end the run, never the worker: `guarded` turns them into a status.
    """

    training: Training | StackedTraining
    #: Models that train at once.
    models = 1

    def __init__(self, folder: RunFolder, data: Dataset, device: torch.device) -> None:
        self.folder, self.data, self.device = folder, data, device
        self.status: Status = "paused"
        self.message = ""
        self.pace: float | None = None
        self.rate = 0.0
        self.log = FrameLog(folder.frames)
        self.aside = folder.aside.step
        self._interrupted = True  # until a snapshot tells that it was not training
        self._start_afresh()

    def _start_afresh(self) -> None:
        self._window: list[Mapping[str, Tensor]] = []  # of the steps since the last frame
        self._urgent = False  # whether something was changed that wants to be seen
        self._pace_credit = 0.0
        self._next_early_step = 1
        self._early_cost = self._frame_cost = self._frame_bytes = self._snapshot_cost = 0.0
        self._trained_since_frame = 0.0
        self._last_frame = self._last_snapshot = time.monotonic()

    # --- what differs ------------------------------------------------------------------------------

    @property
    @abstractmethod
    def experiment_now(self) -> Experiment:
        """What it trains, with the knobs where they stand; of a sweep its base."""

    @abstractmethod
    def _train_once(self) -> None:
        """One step. `DivergenceError` when there is nothing left to train."""

    @abstractmethod
    def _extend(self) -> None:
        """As many epochs again."""

    @abstractmethod
    def _rewind(self) -> None:
        """Back to the initial weights."""

    @abstractmethod
    def _resume(self) -> bool:
        """Go on from the snapshot; False if there is nothing to go on from."""

    @abstractmethod
    def _begin_log(self) -> None:
        """A new log that holds the scene."""

    @abstractmethod
    def _frame(self, rate: float) -> bytes:
        """A frame of this moment. `DivergenceError` when there is nothing finite to show."""

    @abstractmethod
    def _state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """Tensors and metadata to go on from. `DivergenceError` when they would be of no use."""

    @abstractmethod
    def _diverge(self) -> None:
        """Rest with the last good weights."""

    # --- beginning and going on --------------------------------------------------------------------

    def _begin(self) -> None:
        """The first frame of a fresh training: the map of the initial weights."""
        self._begin_log()
        self.emit()
        self.snapshot()

    def _take_up(self, meta: dict[str, Any]) -> None:
        """The status that a snapshot tells."""
        self.pace = meta["pace"]
        self._interrupted = meta["status"] == "running"
        if not self._interrupted:
            self.status, self.message = meta["status"], meta["message"]

    def _continue_log(self) -> None:
        """Frames of steps that are to be done again are forgotten."""
        self._next_early_step = self.training.step + 1
        if self.log.last_step > self.training.step:
            self.log.roll_back(self.training.step)
        elif self.log.last_step < 0:  # lost or damaged
            self._begin_log()
            self.emit()

    # --- commands ----------------------------------------------------------------------------------

    def obey(self, command: Command) -> None:
        """Carry out a command; `ConfigError` when this training cannot."""
        match command:
            case Play():
                self._play()
            case Resume():
                if self._interrupted:
                    self._play()
            case Pause():
                self._rest("paused", "Paused until somebody looks again." if command.unattended else "")
            case Step():
                self.status = "paused"
                self._extend_if_finished()
                self._train_once()
                self._rest("paused", "")
            case Stop():
                self._rest("stopped", "")
            case Rewind():
                self._keep_aside()
                if self.status != "running":
                    self.status = "paused"
                self.message = ""
                self._rewind()
            case Undo():
                self._undo()
            case SetPace():
                self.pace, self._pace_credit = command.steps_per_second, 0.0

    def _play(self) -> None:
        self._extend_if_finished()
        self.status, self.message = "running", ""
        self._last_frame = time.monotonic()
        self._interrupted = False
        self.emit()
        self.snapshot()

    def _keep_aside(self) -> None:
        with suppress(DivergenceError):  # then the snapshot before is the last that is of use
            self.snapshot()
        self.folder.aside.keep()
        self.aside = self.folder.aside.step

    def _undo(self) -> None:
        if self.aside is None:
            raise ConfigError("There is nothing to undo: this run was not rewound.")
        with suppress(DivergenceError):
            self.snapshot()
        self.folder.aside.exchange()
        self.aside = self.folder.aside.step
        self.log.reread()
        self.status, self.message = "paused", ""
        self._resume()
        self._rest(self.status, self.message)

    def _extend_if_finished(self) -> None:
        if self.training.step >= self.training.steps:
            self._extend()

    # --- training ----------------------------------------------------------------------------------

    @property
    def wants_time(self) -> bool:
        """Whether it has anything to do now."""
        return self.status == "running" and (self.pace is None or self._pace_credit >= 1)

    def earn(self, seconds: float) -> None:
        """Let time pass for a run with a pace."""
        if self.pace is not None:
            self._pace_credit = min(self._pace_credit + seconds * self.pace, max(1.0, self.pace / 10))

    def advance(self, seconds: float) -> None:
        """Train for a slice of time, then emit and save what is due."""
        start = now = time.monotonic()
        busy = time.thread_time()
        while self.status == "running" and now - start < seconds and self.wants_time:
            if self.training.step >= self.training.steps:
                self._rest("finished", "")
                return
            self._train_once()
            self._pace_credit -= 1
            if self._is_early_frame_due:
                self._next_early_step = math.ceil(self._next_early_step * FIRST_FRAMES_GROWTH)
                self.emit()
                self._early_cost += self._frame_cost
            now = time.monotonic()
        self._trained_since_frame += time.thread_time() - busy
        self._emit_if_due(now)
        if now - self._last_snapshot > max(SNAPSHOT_EVERY, SNAPSHOT_SPACING * self._snapshot_cost):
            self.snapshot()

    @property
    def _is_early_frame_due(self) -> bool:
        due = self._next_early_step <= self.training.step <= FIRST_FRAMES_UNTIL
        return due and self._early_cost < FIRST_FRAMES_SECONDS

    def _emit_if_due(self, now: float) -> None:
        pause = max(1 / FRAME_RATE, self._frame_bytes / BYTE_RATE)
        earned = self._trained_since_frame >= self._frame_cost * TRAIN_PER_FRAME
        # A paced run has little training time but nothing to slow down; a turned knob wants to be seen.
        if now - self._last_frame >= pause and (earned or self.pace is not None or self._urgent):
            self.emit()

    def emit(self) -> None:
        """Append a frame of this moment to the log."""
        start, busy = time.monotonic(), time.thread_time()
        if self._window and start > self._last_frame:
            examples = len(self._window) * self.training.batch_size * self.models
            self.rate = examples / (start - self._last_frame)
        frame = self._frame(self.rate if self.status == "running" else 0.0)
        self.log.append(frame, self.training.step)
        self._window = []
        self._last_frame = time.monotonic()
        self._frame_cost, self._frame_bytes = time.thread_time() - busy, float(len(frame))
        self._trained_since_frame = 0.0
        self._urgent = False

    # --- resting -----------------------------------------------------------------------------------

    def snapshot(self) -> None:
        """Save everything needed to go on exactly from here; `DivergenceError` when that would be of no use."""
        start = time.monotonic()
        tensors, meta = self._state()
        self.folder.write_state(tensors, {**meta, "status": self.status, "message": self.message, "pace": self.pace})
        self._last_snapshot = time.monotonic()
        self._snapshot_cost = self._last_snapshot - start

    def _rest(self, status: Status, message: str) -> None:
        self.status, self.message = status, message
        self.emit()
        self.snapshot()

    def rest_before_exit(self, message: str) -> None:
        """Save a running run when the worker is asked to leave it."""
        if self.status == "running":
            self._rest("paused", message)

    def guarded(self, action: Any, *arguments: Any) -> None:
        """Call a method of this run; what goes wrong ends the run with a plain message."""
        try:
            action(*arguments)
        except DivergenceError:
            self._diverge()
        except torch.OutOfMemoryError:
            self._out_of_memory()
        except RuntimeError as error:  # what PyTorch raises on a CPU
            if "allocate memory" not in str(error):
                raise
            self._out_of_memory()
        except OSError as error:
            self.status = "failed"
            self.message = f"The run cannot be written to disk ({error.strerror or error})."

    def _out_of_memory(self) -> None:
        self.status = "failed"
        self.message = "The device ran out of memory: choose a smaller network or batch."
