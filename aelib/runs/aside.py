"""`Aside`: what a run was before it was rewound, so that this can be undone."""

import shutil
from pathlib import Path

from safetensors import SafetensorError, safe_open

#: What a training writes about where it stands, in the order in which it is put back: the snapshot last, as a run that
#: is cut off in between goes on from that.
PARTS = ("frames.log", "events.jsonl", "decoders", "state.safetensors")


class Aside:
    """A folder ``aside`` in that of a run, with the same files as there; one past is kept, the last."""

    def __init__(self, run: Path) -> None:
        self._run = run
        self.path = run / "aside"
        self._fresh = run / "aside.new"

    @property
    def step(self) -> int | None:
        """How far the training was that is kept; None when there is none (or none that can be read)."""
        try:
            with safe_open(self.path / "state.safetensors", framework="pt") as file:
                return int(file.get_tensor("step"))
        except (OSError, SafetensorError, ValueError):
            return None

    def keep(self) -> None:
        """Copy what is in the run's folder, in place of what was kept before."""
        self._copy_present()
        self._replace_kept()

    def exchange(self) -> None:
        """Put back what is kept, and keep what was in its place."""
        self._copy_present()
        for name in PARTS:
            there = self._run / name
            _remove(there)
            if (self.path / name).exists():
                (self.path / name).rename(there)
        self._replace_kept()

    def _copy_present(self) -> None:
        _remove(self._fresh)
        self._fresh.mkdir()
        for name in PARTS:
            part = self._run / name
            if part.is_dir():
                shutil.copytree(part, self._fresh / name)
            elif part.exists():
                shutil.copy2(part, self._fresh / name)

    def _replace_kept(self) -> None:
        _remove(self.path)
        self._fresh.rename(self.path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
