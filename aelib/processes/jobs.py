"""`Jobs`: tasks that are each done by a process of its own, a few at a time: how far each is, and what was found."""

import os
import re
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Literal, TypeVar

from aelib.errors import AelibError
from aelib.processes.child import Child

#: What is found knows what it is about: ids of runs or library entries, and when the weights of each were written.
Key = tuple[str | int, ...]
Found = TypeVar("Found")
#: Processes at a time: each takes a core and a few hundred MB.
AT_ONCE = max(1, (os.cpu_count() or 1) // 4)
#: Results that are kept; the oldest go first.
KEPT = 200
#: Bytes at the end of what a process prints that are looked at: libraries may print much.
TAIL = 1 << 14
#: What a process says of its progress.
PROGRESS = re.compile(r"\s*(\d+)% (.*)")
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}


@dataclass(frozen=True)
class JobState(Generic[Found]):
    """``text``: what is being done, or what went wrong. ``share``: of the work that is done, from 0 to 1."""

    kind: Literal["none", "waiting", "running", "done", "failed"]
    text: str = ""
    share: float = 0.0
    found: Found | None = None


@dataclass(eq=False)
class _Job(Generic[Found]):
    """``files``: the path without suffix of what its process prints and of what it finds."""

    arguments: list[str]
    files: Path
    child: Child | None = None
    ended: JobState[Found] | None = None

    @property
    def log(self) -> Path:
        return self.files.with_suffix(".log")

    @property
    def output(self) -> Path:
        return self.files.with_suffix(".json")

    @property
    def last_lines(self) -> list[str]:
        """What it said last, the latest first."""
        try:
            with self.log.open("rb") as file:
                file.seek(max(0, self.log.stat().st_size - TAIL))
                return file.read(TAIL).decode("utf-8", "replace").splitlines()[::-1]
        except OSError:
            return []


class Jobs(Generic[Found]):
    """Starts a module for each task and keeps what it finds. All methods are quick but `close`, and may be called from
    any thread.

    ``module``: writes JSON to the file that ``--output`` names and its progress to standard error, and takes
    ``--with-parent`` (see `aelib.commands.background`). ``read``: what that JSON holds. ``at_once``: processes that
    are at work at a time. ``kept``: results. ``noun``: what people call a task. ``tidy``: called when a
    process has ended, however that was.
    """

    def __init__(
        self,
        module: str,
        read: Callable[[bytes], Found],
        at_once: int = AT_ONCE,
        kept: int = KEPT,
        noun: str = "measurement",
        tidy: Callable[[], None] = lambda: None,
    ) -> None:
        self._module, self._read, self._at_once, self._kept, self._noun = module, read, at_once, kept, noun
        self._tidy = tidy
        self._folder: tempfile.TemporaryDirectory[str] | None = None  # from the first task on
        self._jobs: dict[Key, _Job[Found]] = {}
        self._children: set[Child] = set()  # also of cancelled tasks, until they are gone
        self._begun = 0
        self._closed = False
        self._lock = threading.Lock()

    def begin(self, key: Key, arguments: list[str]) -> None:
        """Begin a task, unless that is being done or was; it waits until others are through."""
        with self._lock:
            job = self._jobs.get(key)
            if job is None or (job.ended and job.ended.kind == "failed"):
                self._begun += 1
                if self._folder is None:
                    self._folder = tempfile.TemporaryDirectory(prefix="aelib-found-")
                self._jobs[key] = _Job(arguments, Path(self._folder.name) / str(self._begun))
            self._advance()

    def cancel(self, key: Key) -> None:
        """Stop and forget it."""
        with self._lock:
            job = self._jobs.pop(key, None)
            self._advance()
        if job and job.child:
            job.child.kill()  # it has nothing to save

    def state(self, key: Key) -> JobState[Found]:
        """How far it is."""
        with self._lock:
            job = self._jobs.get(key)
        if job is None:
            return JobState("none")
        if job.ended:
            return job.ended
        if job.child is None:
            return JobState("waiting", f"Waiting for another {self._noun}")
        said = next(filter(None, map(PROGRESS.fullmatch, job.last_lines)), None)
        return JobState("running", said[2], int(said[1]) / 100) if said else JobState("running", "Starting")

    def close(self) -> None:
        """Stop everything."""
        with self._lock:
            self._closed = True
            children = list(self._children)
        for child in children:
            child.stop()
            child.join()
        if self._folder:
            self._folder.cleanup()

    def _advance(self) -> None:
        """Start what waits as far as there is room, and forget the oldest results."""
        if self._closed:
            return
        running = sum(job.child is not None and not job.ended for job in self._jobs.values())
        for job in self._jobs.values():
            if not job.child and not job.ended and running < self._at_once:
                try:
                    job.child = self._start(job)
                except (OSError, ValueError) as error:  # no room for its log or one more process, a zero byte
                    reason = getattr(error, "strerror", None) or "a text in it cannot be handed over"
                    job.ended = JobState("failed", f"The {self._noun} could not be started ({reason}): try again.")
                    continue
                self._children.add(job.child)
                running += 1
        for key in [key for key, job in self._jobs.items() if job.ended][: -self._kept or None]:
            del self._jobs[key]

    def _start(self, job: _Job[Found]) -> Child:
        def end(status: int) -> None:
            state = self._ending(job, status)
            with self._lock:
                job.ended = state
                self._children -= {job.child}
                self._advance()
            for file in (job.log, job.output):
                file.unlink(missing_ok=True)
            self._tidy()

        arguments = [*job.arguments, "--json", "--output", str(job.output), "--with-parent"]
        return Child(self._module, arguments, ended=end, log=job.log, environment=ENVIRONMENT)

    def _ending(self, job: _Job[Found], status: int) -> JobState[Found]:
        if status == 0:
            try:
                return JobState("done", share=1.0, found=self._read(job.output.read_bytes()))
            except (AelibError, OSError) as error:
                return JobState("failed", str(error))
        if status < 0:
            return JobState(
                "failed", f"The {self._noun} was ended from outside, as when memory runs out: try again, or with less."
            )
        said = next(iter(job.last_lines), "")
        if said.startswith("aelib: "):
            return JobState("failed", said.removeprefix("aelib: "))
        return JobState("failed", f"The {self._noun} ended without a result.")
