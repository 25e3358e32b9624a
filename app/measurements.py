"""Measuring and comparing models in processes beside the server: how far each is, and what was found."""

import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, Literal, TypeVar

from aelib import Report
from aelib.compare import Comparison
from aelib.errors import AelibError

#: What is found knows what it is about: ids of runs or library entries, and when the weights of each were written.
Key = tuple[str | int, ...]
Found = TypeVar("Found")
#: Processes at a time: each takes a core and a few hundred MB.
AT_ONCE = max(1, (os.cpu_count() or 1) // 4)
#: Results that are kept; the oldest go first.
KEPT = 200
#: What the process says of its progress.
PROGRESS = re.compile(r"\s*(\d+)% (.*)")


@dataclass(frozen=True)
class State(Generic[Found]):
    """``text``: what is being done, or what went wrong. ``share``: of the work that is done, from 0 to 1."""

    kind: Literal["none", "waiting", "running", "done", "failed"]
    text: str = ""
    share: float = 0.0
    found: Found | None = None


@dataclass
class _Job(Generic[Found]):
    arguments: list[str]
    files: Path
    process: subprocess.Popen[bytes] | None = None
    ended: State[Found] | None = field(default=None)

    @property
    def log(self) -> list[str]:
        try:
            return self.files.with_suffix(".log").read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return []


class _Processes(Generic[Found]):
    """Starts a module for one task at a time and keeps what it finds; safe to use from several threads.

    ``module``: writes JSON to the file that ``--output`` names, its progress to standard error. ``read``: what that
    JSON holds.
    """

    def __init__(self, module: str, read: Callable[[bytes], Found]) -> None:
        self._module, self._read = module, read
        self._folder = tempfile.TemporaryDirectory(prefix="aelib-found-")
        self._jobs: dict[Key, _Job[Found]] = {}
        self._started = 0
        self._lock = threading.Lock()

    def _start(self, key: Key, arguments: list[str]) -> None:
        """Begin a task, unless that is being done; it waits until others are through."""
        with self._lock:
            job = self._jobs.get(key)
            if job is None or (job.ended and job.ended.kind == "failed"):
                self._started += 1
                self._jobs[key] = _Job(arguments, Path(self._folder.name) / str(self._started))
            self._advance()

    def cancel(self, key: Key) -> None:
        """Stop and forget it."""
        with self._lock:
            job = self._jobs.pop(key, None)
            if job and job.process and job.process.poll() is None:
                job.process.terminate()
                job.process.wait()
            self._advance()

    def state(self, key: Key) -> State[Found]:
        """How far it is."""
        with self._lock:
            self._advance()
            job = self._jobs.get(key)
            if job is None:
                return State("none")
            if job.ended:
                return job.ended
            if job.process is None:
                return State("waiting", "Waiting for another measurement")
            said = PROGRESS.fullmatch(job.log[-1]) if job.log else None
            return State("running", said[2], int(said[1]) / 100) if said else State("running", "Starting")

    def close(self) -> None:
        """Stop everything."""
        for key in list(self._jobs):
            self.cancel(key)
        self._folder.cleanup()

    def _advance(self) -> None:
        """Read what has ended, and start what waits as far as there is room."""
        for job in self._jobs.values():
            if job.process and not job.ended and job.process.poll() is not None:
                job.ended = self._ending(job, job.process.returncode)
        running = sum(job.process is not None and not job.ended for job in self._jobs.values())
        for job in self._jobs.values():
            if job.process is None and running < AT_ONCE:
                job.process = self._spawn(job)
                running += 1
        for key in [key for key, job in self._jobs.items() if job.ended][: -KEPT or None]:
            del self._jobs[key]

    def _spawn(self, job: _Job[Found]) -> subprocess.Popen[bytes]:
        output = str(job.files.with_suffix(".json"))
        with job.files.with_suffix(".log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", self._module, *job.arguments, "--json", "--output", output],
                env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def _ending(self, job: _Job[Found], status: int) -> State[Found]:
        if status == 0:
            try:
                return State("done", share=1.0, found=self._read(job.files.with_suffix(".json").read_bytes()))
            except (AelibError, OSError) as error:
                return State("failed", str(error))
        last = job.log[-1] if job.log else ""
        said = last.removeprefix("aelib: ") if last.startswith("aelib: ") else "The measurement ended without a result."
        return State("failed", said)


class Measurements(_Processes[Report]):
    """Runs of `aelib.report`."""

    def __init__(self) -> None:
        super().__init__("aelib.report", Report.from_json)

    def start(self, key: Key, folder: Path) -> None:
        """Measure the checkpoint in a folder."""
        self._start(key, [str(folder)])


class Comparisons(_Processes[Comparison]):
    """Runs of `aelib.compare`, with the scripts of the runs."""

    def __init__(self) -> None:
        super().__init__("aelib.commands.compare", Comparison.from_json)

    def start(self, key: Key, models: Sequence[tuple[str, Path]], others: Sequence[Path], limit: int) -> None:
        """Compare the checkpoints in some folders, by the names that they are given; ``others`` are for the curve of
        error by code size alone."""
        names, curve = [f"--name={name}" for name, _ in models], [f"--curve={folder}" for folder in others]
        self._start(key, [*(str(folder) for _, folder in models), *names, *curve, f"--limit={limit}"])
