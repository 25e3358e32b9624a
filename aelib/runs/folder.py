"""`RunFolder`: the files of one run, which are also those of a checkpoint.

frames.log          scene and frames (see `framelog`)
state.safetensors   snapshot: everything needed to go on exactly (absent in pretrained checkpoints)
events.jsonl        knob changes with their steps, to repeat them after a crash
weights.safetensors the decoder as last sent to a browser
network.safetensors the same with the encoder, where a browser draws both
decoders/           the decoder as it was at a few moments (see `aelib.frames.kept`)
aside/              the same of before it was rewound, as far as that can be undone (see `Aside`)
config.json, model.safetensors, history.json, README.md    a checkpoint, once the run has rested
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save as save_tensors
from torch import Tensor

from aelib.autoencoder import Autoencoder, load_model
from aelib.checkpoint import Checkpoint, read_tensors
from aelib.corruption import UNIT
from aelib.errors import CheckpointError, ConfigError
from aelib.experiment import Experiment
from aelib.files import write_whole
from aelib.frames.frame import weights_message
from aelib.frames.framelog import read_log
from aelib.runs.aside import Aside


@dataclass(frozen=True)
class KnobEvent:
    """A knob was turned when ``step`` steps had been done."""

    step: int
    name: str
    value: float


class RunFolder:
    """Paths and small files of a run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.frames = path / "frames.log"
        self.state = path / "state.safetensors"
        self.events = path / "events.jsonl"
        self.weights = path / "weights.safetensors"
        self.network = path / "network.safetensors"
        self.decoders = path / "decoders"
        self.aside = Aside(path)
        self._model = path / "model.safetensors"

    def write_state(self, tensors: dict[str, Tensor], meta: dict[str, Any]) -> None:
        """Replace the snapshot, whole or not at all."""
        write_whole(self.state, save_tensors(tensors, metadata={"run": json.dumps(meta)}))

    def read_state(self) -> tuple[dict[str, Tensor], dict[str, Any]] | None:
        """The snapshot, or None when there is none yet; `CheckpointError` when it is damaged.

        Where version 0.1.0 wrote it, its ``extremes`` are those of pictures: that version knew no others.
        """
        if not self.state.exists():
            return None
        tensors = read_tensors(self.state)
        try:
            with safe_open(self.state, framework="pt") as file:
                meta: dict[str, Any] = {"extremes": UNIT, **json.loads(file.metadata()["run"])}
        except (SafetensorError, KeyError, TypeError, ValueError) as error:
            raise CheckpointError(f"{self.state} is not a snapshot of a run ({error}).") from None
        return tensors, meta

    def add_event(self, change: KnobEvent) -> None:
        """Append a knob change, on a line of its own even after one that a crash cut short."""
        with self.events.open("a", encoding="utf-8") as file:
            file.write("\n" + json.dumps(vars(change)))

    def read_events(self) -> list[KnobEvent]:
        """All knob changes in order of their steps; a line cut short by a crash is left out.

        A change annuls those of the same knob at later steps: they were made before the run went back.
        """
        found: list[KnobEvent] = []
        if self.events.exists():
            for line in self.events.read_text(encoding="utf-8", errors="replace").splitlines():
                try:
                    change = KnobEvent(**json.loads(line))
                except (ValueError, TypeError):
                    continue
                found = [e for e in found if e.name != change.name or e.step <= change.step]
                found.append(change)
        return sorted(found, key=lambda change: change.step)

    def clear_events(self) -> None:
        """Forget the knob changes."""
        self.events.unlink(missing_ok=True)

    @property
    def is_at_rest(self) -> bool:
        """Whether the checkpoint in it is as new as the snapshot."""
        model, state = self._model, self.state
        return model.exists() and (not state.exists() or model.stat().st_mtime_ns >= state.stat().st_mtime_ns)

    def newest_weights(self) -> int:
        """When the newest weights in it were written, in ns since 1970; `CheckpointError` when there are none."""
        times = [path.stat().st_mtime_ns for path in (self.state, self._model) if path.exists()]
        if not times:
            raise CheckpointError("There are no weights yet: let the run train for some seconds.")
        return max(times)

    def newest_model(self, dataset: str | None = None) -> tuple[Autoencoder, Experiment, int]:
        """The model as last written, on the CPU, with its experiment and its step.

        Of a run that trains it is that of the last snapshot. ``dataset``: where a checkpoint does not tell the data.
        `CheckpointError` when there is none that can be read, `ConfigError` when nobody tells the data.
        """
        found = None if self.is_at_rest else self.read_state()
        if found is None:
            checkpoint = Checkpoint.read(self.path)
            experiment = Experiment.of_checkpoint(checkpoint, self.path, dataset)
            return load_model(checkpoint, self.path), experiment, self._last_step()
        tensors, meta = found
        if "sweep" in meta:
            raise CheckpointError("These are the models of a sweep: open one of its cells as a run to look into it.")
        try:
            experiment = Experiment.from_json(meta["experiment"])
            model = Autoencoder(experiment.network, experiment.objective)
            model.load_state_dict({k.removeprefix("model."): v for k, v in tensors.items() if k.startswith("model.")})
            low, high = meta["extremes"]
            model.extremes = (float(low), float(high))
            return model, experiment, int(tensors["step"])
        except (RuntimeError, KeyError, TypeError, ValueError, ConfigError) as error:
            raise CheckpointError(f"The snapshot of this run cannot be read ({error}).") from None

    def _last_step(self) -> int:
        _, entries = read_log(self.frames)
        return entries[-1].step if entries else 0

    def weights_for(self, *, encoder: bool) -> Path:
        """The file of the weights that a browser asks for: the decoder's, or those of the whole network."""
        return self.network if encoder else self.weights

    def decoder_message(self, *, encoder: bool = False) -> bytes:
        """The decoder of the checkpoint in this folder, with ``encoder`` the encoder, too, for the browser;
        `CheckpointError` if there is none."""
        return weights_message(Autoencoder.load(self.path), self._last_step(), encoder=encoder)

    def copy_to(self, target: Path) -> None:
        """Copy everything, to continue from it elsewhere; what can be undone here stays here."""
        ignored = shutil.ignore_patterns(f"{self.aside.path.name}*")
        shutil.copytree(self.path, target, dirs_exist_ok=True, ignore=ignored)

    def remove(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self.path, ignore_errors=True)
