"""The library: pretrained checkpoints and runs that somebody saved."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from aelib.checkpoint import Checkpoint
from aelib.data import remove_dataset
from aelib.errors import AelibError, RunError
from aelib.experiment import Experiment
from aelib.home import pretrained_folder
from aelib.library.rivals import RivalKey, Rivals
from aelib.registry import get_variant
from aelib.runs.folder import RunFolder
from aelib.runs.store import RunRow, RunStore, SweepRow, is_run_id

#: Runs that nobody kept, in a list.
RECENT = 12


@dataclass(frozen=True)
class LibraryEntry:
    """``key``: what stands in a URL. ``kind``: ships with the product, was kept by somebody, just exists, or is a
    rival of models (see `aelib.library.rivals`)."""

    key: str
    title: str
    experiment: Experiment
    folder: RunFolder
    kind: Literal["pretrained", "saved", "recent", "rival"]
    summary: str

    @property
    def title_on_data(self) -> str:
        """Its title and that of its data, which older titles end with themselves."""
        data = f" on {self.experiment.info.title}"
        return self.title if self.title.endswith(data) else self.title + data


class Library:
    """Looks entries up by key; a key is compared with the names that exist, never made into a path."""

    def __init__(self, store: RunStore, pretrained: Path | None = None) -> None:
        self.store = store
        self._pretrained = pretrained or pretrained_folder()
        self._rivals = Rivals(store.home)

    def entries(self) -> list[LibraryEntry]:
        """Pretrained checkpoints in alphabetical order of their keys, then saved runs, newest first."""
        return [*self._pretrained_entries(), *self._saved_entries()]

    def find(self, key: str) -> LibraryEntry:
        """The entry of that key; `RunError` if there is none."""
        for entry in self.entries():
            if entry.key == key:
                return entry
        raise RunError("There is nothing of this name in the library: choose one of the models that it lists.")

    def pretrained_like(self, experiment: Experiment) -> LibraryEntry | None:
        """The pretrained model of the same variant and data; of several the one with the most equal settings."""
        wanted = _settings(experiment)
        fitting = [
            entry
            for entry in self._pretrained_entries()
            if entry.experiment.variant == experiment.variant and entry.experiment.info.name == experiment.info.name
        ]
        return max(fitting, key=lambda entry: len(wanted & _settings(entry.experiment)), default=None)

    def folder_of(self, key: str) -> RunFolder:
        """The folder of a run (saved or not), of a pretrained checkpoint or of a rival; `RunError` if there is none.

        A rival is made when it is first asked for: `ConfigError` or `DataError` when it cannot be.
        """
        if rival := RivalKey.parse(key):
            return self._rivals.folder_of(rival)
        if is_run_id(key):
            self.store.get(key)
            return RunFolder(self.store.folder(key))
        return self.find(key).folder

    def _pretrained_entries(self) -> list[LibraryEntry]:
        found = []
        if self._pretrained.is_dir():
            for path in sorted(self._pretrained.iterdir()):
                try:
                    checkpoint = Checkpoint.read(path)
                    experiment = Experiment.of_checkpoint(checkpoint, path)
                except AelibError:
                    continue  # not a checkpoint, of another version, or of unknown data: not listed
                title = checkpoint.title or get_variant(experiment.variant).title
                found.append(
                    LibraryEntry(path.name, title, experiment, RunFolder(path), "pretrained", checkpoint.summary)
                )
        return found

    def _saved_entries(self) -> list[LibraryEntry]:
        return [self._saved_entry(row) for row in self.store.rows(saved=True)]

    def recent(self, limit: int = RECENT) -> list[LibraryEntry]:
        """The newest runs that nobody kept. Their ids are what protects them: only for whoever owns them all."""
        of_sweeps = self.store.runs_of_sweeps()
        alone = [row for row in self.store.rows(saved=False) if row.id not in of_sweeps]
        return [self._recent_entry(row) for row in alone[:limit]]

    def sweeps(self, limit: int = RECENT) -> list[SweepRow]:
        """The newest sweeps, for whoever owns them all."""
        return self.store.sweeps(limit)

    def runs_on(self, data_id: str) -> list[RunRow]:
        """The runs that use an added data set, newest first: they can be looked at, but not trained, without it."""
        return [row for row in self.store.rows() if data_id in (row.experiment.dataset, row.experiment.info.name)]

    def remove_data(self, data_id: str) -> None:
        """Delete an added data set of this home, and what was computed from it alone; `DataError` if there is none."""
        remove_dataset(data_id, self.store.home)
        self._rivals.forget(data_id)

    def unlisted(self, key: str) -> LibraryEntry | None:
        """The run of that id, in whatever list it is or not, or the rival of that key; None if there is none."""
        try:
            return self.look_up(key) if is_run_id(key) or RivalKey.parse(key) else None
        except AelibError:
            return None

    def look_up(self, key: str) -> LibraryEntry:
        """The library entry, run or rival of that key; an `AelibError` says why there is none."""
        if rival := RivalKey.parse(key):
            return self._rival_entry(rival)
        if not is_run_id(key):
            return self.find(key)
        if self.store.is_sweep(key):
            raise RunError("This is a sweep of many models: open one of them as a run first.")
        row = self.store.get(key)
        return self._saved_entry(row) if row.saved else self._recent_entry(row)

    def _rival_entry(self, rival: RivalKey) -> LibraryEntry:
        folder = self._rivals.folder_of(rival)
        checkpoint = Checkpoint.read(folder.path)
        experiment = Experiment.of_checkpoint(checkpoint, folder.path)
        return LibraryEntry(str(rival), checkpoint.title, experiment, folder, "rival", "not trained")

    def _saved_entry(self, row: RunRow) -> LibraryEntry:
        folder = RunFolder(self.store.folder(row.id))
        return LibraryEntry(row.id, row.title, row.experiment, folder, "saved", f"step {row.step:,}")

    def _recent_entry(self, row: RunRow) -> LibraryEntry:
        title, summary = get_variant(row.experiment.variant).title, f"{row.status}, step {row.step:,}"
        return LibraryEntry(row.id, title, row.experiment, RunFolder(self.store.folder(row.id)), "recent", summary)


def _settings(experiment: Experiment) -> set[tuple[str, str]]:
    """What describes the model and its loss, as pairs of a name and a value."""
    parts = (experiment.network, experiment.objective)
    return {(name, repr(value)) for part in parts for name, value in part.model_dump().items()}
