"""The library: pretrained checkpoints and runs that somebody saved."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from aelib.checkpoint import Checkpoint
from aelib.errors import AelibError, RunError
from aelib.experiment import Experiment
from aelib.registry import get_variant
from aelib.runs.folder import RunFolder
from aelib.runs.home import pretrained_folder
from aelib.runs.store import RunRow, RunStore, is_run_id

#: Runs that nobody kept, in a list.
RECENT = 12


@dataclass(frozen=True)
class LibraryEntry:
    """``key``: what stands in a URL. ``kind``: ships with the product, was kept by somebody, or just exists."""

    key: str
    title: str
    experiment: Experiment
    folder: RunFolder
    kind: Literal["pretrained", "saved", "recent"]
    summary: str


class Library:
    """Looks entries up by key; a key is compared with the names that exist, never made into a path."""

    def __init__(self, store: RunStore, pretrained: Path | None = None) -> None:
        self.store = store
        self._pretrained = pretrained or pretrained_folder()

    def entries(self) -> list[LibraryEntry]:
        """Pretrained checkpoints in alphabetical order of their keys, then saved runs, newest first."""
        return [*self._pretrained_entries(), *self._saved_entries()]

    def find(self, key: str) -> LibraryEntry:
        """The entry of that key; `RunError` if there is none."""
        for entry in self.entries():
            if entry.key == key:
                return entry
        raise RunError("There is nothing of this name in the library: choose one of the models that it lists.")

    def folder_of(self, key: str) -> RunFolder:
        """The folder of a run (saved or not) or of a pretrained checkpoint; `RunError` if there is none."""
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
                    experiment = Experiment.from_json(json.dumps(checkpoint.experiment))
                except AelibError:
                    continue  # not a checkpoint, or of another version: not listed
                found.append(
                    LibraryEntry(
                        path.name, checkpoint.title, experiment, RunFolder(path), "pretrained", checkpoint.summary
                    )
                )
        return found

    def _saved_entries(self) -> list[LibraryEntry]:
        return [
            LibraryEntry(
                row.id, row.title, row.experiment, RunFolder(self.store.folder(row.id)), "saved", f"step {row.step:,}"
            )
            for row in self.store.rows(saved=True)
        ]

    def recent(self, limit: int = RECENT) -> list[LibraryEntry]:
        """The newest runs that nobody kept. Their ids are what protects them: only for whoever owns them all."""
        return [self._recent_entry(row) for row in self.store.rows(saved=False)[:limit]]

    def unlisted(self, key: str) -> LibraryEntry | None:
        """The run of that id, in whatever list it is or not; None if there is none."""
        try:
            return self._recent_entry(self.store.get(key)) if is_run_id(key) else None
        except RunError:
            return None

    def _recent_entry(self, row: RunRow) -> LibraryEntry:
        title, summary = get_variant(row.experiment.variant).title, f"{row.status}, step {row.step:,}"
        return LibraryEntry(row.id, title, row.experiment, RunFolder(self.store.folder(row.id)), "recent", summary)
