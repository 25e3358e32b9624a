"""`LiveRun`: the training of one model inside a worker: its knobs, its history, its checkpoint."""

import math
from typing import Any

import torch

from aelib.autoencoder import load_model
from aelib.checkpoint import Checkpoint
from aelib.data import Dataset
from aelib.device import describe_device
from aelib.errors import DivergenceError
from aelib.experiment import Experiment
from aelib.files import write_whole
from aelib.frames.frame import moment, weights_message
from aelib.frames.kept import KeptDecoders
from aelib.frames.probe import Probe
from aelib.runs.commands import Command, SendWeights, SetKnob
from aelib.runs.folder import KnobEvent, RunFolder
from aelib.runs.history import History, history_tensors, mean_terms
from aelib.runs.livetraining import LiveTraining
from aelib.runs.store import Status
from aelib.train import Training


class LiveRun(LiveTraining):
    """A run that is open in this process. ``in_sweep``: whether it is one cell of a sweep."""

    training: Training

    def __init__(
        self, folder: RunFolder, experiment: Experiment, data: Dataset, device: torch.device, *, in_sweep: bool = False
    ) -> None:
        super().__init__(folder, data, device)
        self.probe = Probe(data, experiment, trades=in_sweep)
        self.decoders = KeptDecoders(folder.decoders)
        self._weights_steps: dict[bool, int] = {}  # of the weights last written, without the encoder and with it
        self._restart(experiment)
        if not self._resume():
            self._begin()

    @property
    def experiment_now(self) -> Experiment:
        return self.experiment.with_knobs(self.training.knob_values)

    # --- beginning, resuming, rewinding ------------------------------------------------------------

    def _restart(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.training = experiment.build(self.data, self.device)
        self.history = History()
        self._since = dict.fromkeys(experiment.knobs, 0)
        self._replay: list[KnobEvent] = []
        self._good: dict[str, torch.Tensor] | None = None
        self._from_seed = True  # whether the seed, the knobs' turns and the number of steps lead to these weights
        self._moved = False  # whether some of its steps were computed elsewhere, where sums are rounded differently
        self._start_afresh()

    def _begin(self) -> None:
        self.folder.clear_events()
        self.decoders.clear()
        super()._begin()

    def _begin_log(self) -> None:
        self.log.begin(self.probe.scene(self.experiment, describe_device(self.device), self.training))

    def _resume(self) -> bool:
        """Go on from the snapshot, or from a checkpoint's weights; False if there is neither."""
        found = self.folder.read_state()
        if found:
            tensors, meta = found
            self._restart(Experiment.from_json(meta["experiment"]))
            self._weights_steps.clear()
            self.decoders = KeptDecoders(self.folder.decoders)
            self.training.load_state_dict(tensors)
            self.history = History.restored(history_tensors(tensors, self.device), meta["history"])
            self._since = meta["since"]
            self._from_seed = meta.get("from_seed", False)
            self._moved = meta.get("moved", False) or any(meta.get(key) != here for key, here in self._place.items())
            self._take_up(meta)
            # A change made at the very step of the snapshot may be in it already; once more does no harm.
            self._replay = [e for e in self.folder.read_events() if e.step >= self.training.step]
            self._repeat_events()
        elif (self.folder.path / "model.safetensors").exists():
            model = load_model(Checkpoint.read(self.folder.path), self.folder.path)
            self.training.restore_weights(model.state_dict())
            self._from_seed = False
            self.training.continue_from(max(0, self.log.last_step))
            self.history = History.continued(Checkpoint.read_history(self.folder.path))
        else:
            return False
        self._keep_good()
        self.decoders.roll_back(self.training.step)
        self._continue_log()
        return True

    def _rewind(self) -> None:
        self._restart(self.experiment_now)
        self._begin()
        self._weights_steps.clear()

    # --- commands ----------------------------------------------------------------------------------

    def obey(self, command: Command) -> None:
        match command:
            case SetKnob():
                self._turn(KnobEvent(self.training.step, command.name, command.value))
                if self.status == "finished":  # whoever turns it wants to see what it does
                    self._play()
                elif self.status != "running":
                    self.emit()
            case SendWeights():
                self._send_weights(encoder=command.encoder)
            case _:
                super().obey(command)

    def _extend(self) -> None:
        self.training.extend()
        self.experiment = self.experiment.model_copy(update={"train": self.training.config})

    def _turn(self, change: KnobEvent) -> None:
        self.training.set_knob(change.name, change.value)
        self.folder.add_event(change)
        self._since[change.name] = change.step
        self._urgent = True
        # Whoever turns a knob while a crash is made good for has the last word on it.
        self._replay = [e for e in self._replay if e.name != change.name]

    def _send_weights(self, *, encoder: bool) -> None:
        step = self.training.step
        if self._weights_steps.get(encoder) != step:
            message = weights_message(self.training.model, step, encoder=encoder)
            write_whole(self.folder.weights_for(encoder=encoder), message)
            self._weights_steps[encoder] = step

    # --- training ----------------------------------------------------------------------------------

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

    def _frame(self, rate: float) -> bytes:
        train = mean_terms(self._window) if self._window else {}
        if not math.isfinite(sum(train.values())):
            raise DivergenceError
        meta = moment(self.training, self._since, train, self.status, self.message, rate, self.pace, self.aside)
        model, step = self.training.model, self.training.step
        frame = self.probe.frame(model, meta, self.training.passes)
        self.decoders.offer(step, lambda: weights_message(model, step))
        self._keep_good()
        return frame

    def _keep_good(self) -> None:
        self._good = {name: value.clone() for name, value in self.training.model.state_dict().items()}

    # --- resting -----------------------------------------------------------------------------------

    def _state(self) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
        if not all(value.isfinite().all() for value in self.training.model.state_dict().values()):
            raise DivergenceError
        tensors, history = self.history.state()
        state = self.training.state_dict() | {f"history.{k}": v.cpu() for k, v in tensors.items()}
        # What a script needs to come to the same weights: see `aelib.library.recipe`.
        origin = {"from_seed": self._from_seed, "moved": self._moved, **self._place}
        about = {"experiment": self.experiment_now.model_dump_json(), "extremes": self.training.model.extremes}
        return state, {**about, "history": history, "since": self._since, **origin}

    def write_checkpoint(self) -> None:
        """Write the files that make the run's folder a checkpoint."""
        model = self.training.model
        experiment = self.experiment_now.model_dump(mode="json")
        checkpoint = Checkpoint(
            network=model.spec, objective=model.objective, extremes=model.extremes, experiment=experiment
        )
        checkpoint.write(self.folder.path, model, history=self.history.points)

    @property
    def _place(self) -> dict[str, Any]:
        """Where its steps are computed, as far as sums depend on it."""
        return {"device": self.device.type, "threads": torch.get_num_threads()}

    def _rest(self, status: Status, message: str) -> None:
        super()._rest(status, message)
        self.write_checkpoint()

    def _diverge(self) -> None:
        step = self.training.step
        if self._good is not None:
            self.training.restore_weights(self._good)
            self._from_seed = False
        message = (
            f"The loss stopped being a number near step {step}: lower the learning rate or the weight of the penalty, "
            "then rewind. The last good weights are kept."
        )
        self._window = []
        self.history.discard_window()
        self._rest("diverged", message)
