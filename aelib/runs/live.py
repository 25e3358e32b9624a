"""`LiveRun`: one run inside a worker: it trains in slices, emits frames, takes snapshots, obeys commands."""

import math
import time
from typing import Any

import torch

from aelib.checkpoint import Checkpoint, write_whole
from aelib.data import Dataset
from aelib.device import describe_device
from aelib.errors import DivergenceError
from aelib.experiment import Experiment
from aelib.runs.commands import Command, Pause, Play, Resume, Rewind, SendWeights, SetKnob, SetPace, Step, Stop
from aelib.runs.folder import KnobEvent, RunFolder
from aelib.runs.frame import moment, weights_message
from aelib.runs.framelog import FrameLog
from aelib.runs.history import History, mean_terms
from aelib.runs.probe import Probe
from aelib.runs.store import Status
from aelib.train import Training

#: Frames a second, at most.
FRAME_RATE = 12.0
#: A run trains at least this many times as long as it spends on frames: 4 % overhead. Both are seconds of
#: the processor, so that a busy machine does not make frames look dear.
TRAIN_PER_FRAME = 24.0
#: Bytes of frames a second, at most.
BYTE_RATE = 1.5e6
#: The first frames follow the steps 1, 2, 3, 4, 6, 8, … whatever they cost: there the map moves most.
FIRST_FRAMES_GROWTH, FIRST_FRAMES_UNTIL = 1.3, 500
#: Seconds between two snapshots while training.
SNAPSHOT_EVERY = 3.0


class LiveRun:
    """A run that is open in this process.

    ``status`` and ``message`` are what the user is told. Exceptions of training end the run, never the
    worker: `guarded` turns them into a status.
    """

    def __init__(self, folder: RunFolder, experiment: Experiment, data: Dataset, device: torch.device) -> None:
        self.folder, self.experiment, self.data, self.device = folder, experiment, data, device
        self.status: Status = "paused"
        self.message = ""
        self.pace: float | None = None
        self.rate = 0.0
        self.log = FrameLog(folder.frames)
        self.probe = Probe(data, experiment)
        self._weights_step: int | None = None
        self._interrupted = True  # until a snapshot tells that it was not training
        self._restart(experiment)
        if not self._resume():
            self._begin()

    # --- beginning, resuming, rewinding ------------------------------------------------------------

    def _restart(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.training: Training = experiment.build(self.data, self.device)
        self.history = History()
        self._since = dict.fromkeys(experiment.knobs, 0)
        self._replay: list[KnobEvent] = []
        self._window: list[dict[str, torch.Tensor]] = []  # of the steps since the last frame
        self._knob_turned = False
        self._pace_credit = 0.0
        self._good: dict[str, torch.Tensor] | None = None
        self._next_early_step = 1
        self._frame_cost = self._frame_bytes = 0.0
        self._trained_since_frame = 0.0
        self._last_frame = self._last_snapshot = time.monotonic()

    def _begin(self) -> None:
        """The first frame of a fresh run: the map of the initial weights."""
        self.folder.clear_events()
        self._begin_log()
        self.emit()
        self.snapshot()

    def _begin_log(self) -> None:
        self.log.begin(self.probe.scene(self.experiment, describe_device(self.device), self.training))

    def _resume(self) -> bool:
        """Go on from the snapshot, or from a checkpoint's weights; False if there is neither."""
        found = self.folder.read_state()
        if found:
            tensors, meta = found
            self._restart(Experiment.from_json(meta["experiment"]))
            history = {k.removeprefix("history."): v for k, v in tensors.items() if k.startswith("history.")}
            self.training.load_state_dict({k: v for k, v in tensors.items() if not k.startswith("history.")})
            self.history = History.restored(history, meta["history"])
            self._since, self.pace = meta["since"], meta["pace"]
            self._interrupted = meta["status"] == "running"
            if not self._interrupted:
                self.status, self.message = meta["status"], meta["message"]
            # A change made at the very step of the snapshot may be in it already; once more does no harm.
            self._replay = [e for e in self.folder.read_events() if e.step >= self.training.step]
            self._repeat_events()
        elif (self.folder.path / "model.safetensors").exists():
            model = Checkpoint.read(self.folder.path).load_model(self.folder.path)
            self.training.restore_weights(model.state_dict())
            self.training.continue_from(max(0, self.log.last_step))
            self.history = History.continued(Checkpoint.read_history(self.folder.path))
        else:
            return False
        self._next_early_step = self.training.step + 1
        self._keep_good()
        if self.log.last_step > self.training.step:
            self.log.roll_back(self.training.step)
        elif self.log.last_step < 0:  # lost or damaged
            self._begin_log()
            self.emit()
        return True

    # --- commands ----------------------------------------------------------------------------------

    def obey(self, command: Command) -> None:
        """Carry out a command; `ConfigError` when this run cannot."""
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
                if self.status != "running":
                    self.status = "paused"
                self.message = ""
                self._restart(self.experiment.with_knobs(self.training.knob_values))
                self._begin()
                self._weights_step = None
            case SetKnob():
                self._turn(KnobEvent(self.training.step, command.name, command.value))
                if self.status != "running":
                    self.emit()
            case SetPace():
                self.pace, self._pace_credit = command.steps_per_second, 0.0
            case SendWeights():
                self._send_weights()

    def _play(self) -> None:
        self._extend_if_finished()
        self.status, self.message = "running", ""
        self._last_frame = time.monotonic()
        self._interrupted = False
        self.emit()
        self.snapshot()

    def _extend_if_finished(self) -> None:
        if self.training.step >= self.training.steps:
            self.training.extend()
            self.experiment = self.experiment.model_copy(update={"train": self.training.config})

    def _turn(self, change: KnobEvent) -> None:
        self.training.set_knob(change.name, change.value)
        self.folder.add_event(change)
        self._since[change.name] = change.step
        self._knob_turned = True
        # Whoever turns a knob while a crash is made good for has the last word on it.
        self._replay = [e for e in self._replay if e.name != change.name]

    def _send_weights(self) -> None:
        if self._weights_step != self.training.step:
            write_whole(self.folder.weights, weights_message(self.training.model, self.training.step))
            self._weights_step = self.training.step

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
                self._finish()
                return
            self._train_once()
            self._pace_credit -= 1
            if self.training.step >= self._next_early_step and self.training.step <= FIRST_FRAMES_UNTIL:
                self._next_early_step = math.ceil(self._next_early_step * FIRST_FRAMES_GROWTH)
                self.emit()
            now = time.monotonic()
        self._trained_since_frame += time.thread_time() - busy
        self._emit_if_due(now)
        if now - self._last_snapshot > SNAPSHOT_EVERY:
            self.snapshot()

    def _repeat_events(self) -> None:
        while self._replay and self._replay[0].step <= self.training.step:
            change = self._replay.pop(0)
            self.training.set_knob(change.name, change.value)
            self._since[change.name] = change.step

    def _train_once(self) -> None:
        self._repeat_events()
        record = next(self.training)
        self._window.append(record.tensors)
        self.history.add(record.step, record.tensors)

    def _emit_if_due(self, now: float) -> None:
        pause = max(1 / FRAME_RATE, self._frame_bytes / BYTE_RATE)
        earned = self._trained_since_frame >= self._frame_cost * TRAIN_PER_FRAME
        # A paced run has little training time but nothing to slow down; a turned knob wants to be seen.
        if now - self._last_frame >= pause and (earned or self.pace is not None or self._knob_turned):
            self.emit()

    def emit(self) -> None:
        """Append a frame of this moment to the log."""
        start, busy = time.monotonic(), time.thread_time()
        train = mean_terms(self._window) if self._window else {}
        if self._window and start > self._last_frame:
            self.rate = len(self._window) * self.training.batch_size / (start - self._last_frame)
        rate = self.rate if self.status == "running" else 0.0
        meta = moment(self.training, self._since, train, self.status, self.message, rate, self.pace)
        if not math.isfinite(sum(train.values())):
            raise DivergenceError
        frame = self.probe.frame(self.training.model, meta, self.training.passes)
        self.log.append(frame, self.training.step)
        self._keep_good()
        self._window = []
        self._last_frame = time.monotonic()
        self._frame_cost, self._frame_bytes = time.thread_time() - busy, float(len(frame))
        self._trained_since_frame = 0.0
        self._knob_turned = False

    def _keep_good(self) -> None:
        self._good = {name: value.clone() for name, value in self.training.model.state_dict().items()}

    # --- resting -----------------------------------------------------------------------------------

    def snapshot(self) -> None:
        """Save everything needed to go on exactly from here; `DivergenceError` when that would be of no use."""
        if not all(value.isfinite().all() for value in self.training.model.state_dict().values()):
            raise DivergenceError
        tensors, history = self.history.state()
        state = self.training.state_dict() | {f"history.{k}": v.cpu() for k, v in tensors.items()}
        experiment = self.experiment.with_knobs(self.training.knob_values)
        meta = {"experiment": experiment.model_dump_json(), "history": history, "since": self._since}
        self.folder.write_state(state, {**meta, "status": self.status, "message": self.message, "pace": self.pace})
        self._last_snapshot = time.monotonic()

    def write_checkpoint(self) -> None:
        """Write the files that make the run's folder a checkpoint."""
        experiment = self.experiment.with_knobs(self.training.knob_values)
        model = self.training.model
        Checkpoint(network=model.spec, objective=model.objective, experiment=experiment.model_dump(mode="json")).write(
            self.folder.path, model, history=self.history.points
        )

    def _rest(self, status: Status, message: str) -> None:
        self.status, self.message = status, message
        self.emit()
        self.snapshot()
        self.write_checkpoint()

    def _finish(self) -> None:
        self._rest("finished", "")

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

    def _diverge(self) -> None:
        step = self.training.step
        if self._good is not None:
            self.training.restore_weights(self._good)
        self.status = "diverged"
        self.message = (
            f"The loss stopped being a number near step {step}: lower the learning rate or the weight of the penalty, "
            "then rewind. The last good weights are kept."
        )
        self._window = []
        self.history.discard_window()
        self.emit()
        self.snapshot()
        self.write_checkpoint()
