"""`Supervisor`: starts the workers, gives each run to one, restarts a worker that died."""

import os
import threading
import time
import traceback
from dataclasses import dataclass, field
from typing import Any

from aelib.device import available_devices, choose_device
from aelib.errors import ConfigError, RunError
from aelib.experiment import Experiment
from aelib.processes import Child, Lifeline
from aelib.processes.lifeline import RENEW_SECONDS, is_held, remove_what_nobody_holds
from aelib.runs.cell import cell_snapshot
from aelib.runs.commands import Command, Pause, Play, Resume, SetPace
from aelib.runs.folder import RunFolder
from aelib.runs.orders import Close, Delete, Open, Order, What
from aelib.runs.store import ACTIVE, Holding, RunRow, RunStore, is_run_id, new_id
from aelib.sweep import AnySweep

#: A run of version 0.1.0, which wrote no owners, has no worker when that has not written for this long, in seconds.
STALE_AFTER = 10.0
#: Seconds between two looks for runs whose owner is gone.
RELEASE_EVERY = 1.0
#: Runs of a sweep that cannot be stacked, at most.
MAX_PARALLEL = 16
#: Restarts of one worker within a minute before its runs are given up.
MAX_RESTARTS = 5
WORKER = "aelib.runs.worker"


@dataclass
class _Worker:
    """``runs``: open in it. ``deleted``: runs whose folders it was told to remove."""

    device: str
    child: Child
    runs: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)


class Supervisor:
    """Owns worker processes, and the runs that are open in them. All methods are quick, and may be called from any
    thread.

    A run that is open belongs to ``owner``, however long nothing is heard of it: it is taken over only when the owner
    is gone, that is, when neither this process nor one of its workers lives (see `Lifeline`).

    ``devices``: one worker is started for each; by default one a CUDA card, and for the CPU one for
    every four cores (at most four). ``url``: of the store's database.
    """

    def __init__(self, store: RunStore, devices: list[str] | None = None, url: str | None = None) -> None:
        self.store, self._url = store, url
        self._lock = threading.RLock()
        self._workers: list[_Worker] = []
        self._stopping = threading.Event()
        self._devices = devices or _default_devices()
        self.owner = new_id()
        self._lifeline: Lifeline | None = None

    def start(self) -> None:
        """Start all workers (they warm up by themselves) and the thread that watches them."""
        file = self.store.owner_file(self.owner)
        try:
            self._lifeline = Lifeline(file)
            remove_what_nobody_holds(file.parent)
        except OSError as error:
            raise ConfigError(
                f"{file.parent} cannot be written ({error.strerror}): make room there, or set AELIB_HOME to another "
                "folder."
            ) from None
        self._release_orphans()
        self._workers = [_Worker(device, self._start_worker(device)) for device in self._devices]
        threading.Thread(target=self._watch, name="supervisor", daemon=True).start()

    def stop(self, timeout: float = 10.0) -> None:
        """Let every worker save its runs and leave; kill one that does not in time."""
        self._stopping.set()
        with self._lock:
            for worker in self._workers:
                worker.child.hang_up()
        deadline = time.monotonic() + timeout
        for worker in self._workers:
            worker.child.stop(max(0.1, deadline - time.monotonic()))
            self._remove_deleted(worker)
        if self._lifeline:
            self._lifeline.end()
            self._lifeline = None

    @property
    def devices(self) -> list[str]:
        """Devices that runs can be given to, best first."""
        return list(dict.fromkeys(self._devices))

    def worker_pids(self) -> list[int]:
        """Process ids of the workers."""
        return [worker.child.pid for worker in self._workers]

    # --- runs --------------------------------------------------------------------------------------

    def launch(self, experiment: Experiment, device: str = "auto", title: str = "", pace: SetPace | None = None) -> str:
        """Create a run and start it, at full speed or a pace; returns its id.

        `ConfigError` when there is no such device.
        """
        choose_device(device)
        run_id = self.store.create(experiment, device, title)
        self._start(run_id, pace)
        return run_id

    def launch_sweep(self, sweep: AnySweep, device: str = "auto") -> str:
        """Create a sweep and start it; returns its id.

        Where its cells can be stacked it is one run, of that id, else it has a run for each cell (see
        `RunStore.sweep`). `ConfigError` when there is no such device, or these would be too many runs.
        """
        choose_device(device)
        if not sweep.is_stackable and len(sweep.cells) > MAX_PARALLEL:
            raise ConfigError(
                f"At most {MAX_PARALLEL} runs are trained side by side (got {len(sweep.cells)} values): take fewer. "
                "Up to 64 values are possible for a knob of a multilayer perceptron that is not too large."
            )
        row = self.store.create_sweep(sweep, device)
        for run_id in row.members:
            self.send(run_id, Play())
        return row.id

    def open_cell(self, sweep_id: str, k: int) -> str:
        """A run that goes on as the k-th cell of a sweep would (0 is the first); returns its id.

        Of a stacked sweep it is a new run, paused, at the sweep's last snapshot; else the cell is a run already.
        `RunError` when there is no such sweep or cell, or it has no snapshot yet.
        """
        row = self.store.sweep(sweep_id)
        if not 0 <= k < len(row.spec.cells):
            raise RunError(f"This sweep has the cells 0 to {len(row.spec.cells) - 1} (got {k}).")
        if not row.is_stacked:
            return self.store.get(row.members[k]).id
        state, meta = cell_snapshot(RunFolder(self.store.folder(sweep_id)), k)
        experiment = Experiment.from_json(meta["experiment"])
        run_id = self.store.create(experiment, self.store.get(sweep_id).device)
        RunFolder(self.store.folder(run_id)).write_state(state, meta)
        self.store.update(run_id, status=meta["status"], message=meta["message"], step=int(state["step"]))
        with self._lock:
            self._open(self.store.get(run_id))
        return run_id

    def fork(
        self,
        source: RunFolder,
        experiment: Experiment,
        device: str = "auto",
        title: str = "",
        pace: SetPace | None = None,
    ) -> str:
        """A new run that continues from a copy of another one's folder, at full speed or a pace."""
        run_id = self.store.create(experiment, device, title)
        source.copy_to(self.store.folder(run_id))
        self._start(run_id, pace)
        return run_id

    def _start(self, run_id: str, pace: SetPace | None) -> None:
        self.send(run_id, Play())
        if pace:
            self.send(run_id, pace)

    def send(self, run_id: str, command: Command) -> None:
        """Give a run a command, opening it in a worker first if need be.

        `RunError` if there is no such run, or it is open in another program.
        """
        changes: dict[str, Any] = {}
        if isinstance(command, Play | Pause):
            changes["unattended"] = isinstance(command, Pause) and command.unattended
        with self._lock:
            worker = self._worker_of(run_id)
            if worker is None:
                row = self.store.get(run_id)
                self._expect_nowhere_else(row)
                if isinstance(command, Pause):
                    return  # what is not open is not running
                worker = self._open(row, **changes)
            elif changes and not self.store.claim(run_id, self.owner, **changes):
                worker.runs.discard(run_id)  # it does not write to it any more, either
                raise _elsewhere(self.store.get(run_id))
            self._order(worker, run_id, command)

    def close(self, run_id: str) -> None:
        """Let the worker save a run and forget it."""
        with self._lock:
            worker = self._worker_of(run_id)
            if worker:
                worker.runs.discard(run_id)
                self._order(worker, run_id, Close())

    def delete_sweep(self, sweep_id: str) -> None:
        """Remove a sweep with its runs, except those that somebody saved.

        `RunError`, and nothing is removed, if there is none, or another program trains one of them.
        """
        members = self.store.sweep(sweep_id).members
        rows = [row for row in self.store.rows(saved=False) if row.id in members]
        for row in rows:
            self._expect_not_trained_elsewhere(row)
        for row in rows:
            self.delete(row.id)
        self.store.delete_sweep(sweep_id)

    def delete(self, run_id: str) -> None:
        """Remove a run with all that it has. `RunError` if another program trains it."""
        folder = RunFolder(self.store.folder(run_id))
        for row in self.store.rows(status=ACTIVE):
            if row.id == run_id:
                self._expect_not_trained_elsewhere(row)
        self.store.delete(run_id)
        with self._lock:
            worker = self._worker_of(run_id)
            if worker is None:
                folder.remove()
            else:  # only the worker knows when it has stopped writing
                worker.runs.discard(run_id)
                worker.deleted.add(run_id)
                self._order(worker, run_id, Delete())

    def is_open(self, run_id: str) -> bool:
        """Whether a worker has the run."""
        return self._worker_of(run_id) is not None

    def _worker_of(self, run_id: str) -> _Worker | None:
        return next((w for w in self._workers if run_id in w.runs), None)

    def _open(self, row: RunRow, **changes: Any) -> _Worker:
        worker = self._least_busy(row.device)
        if not self.store.claim(row.id, self.owner, instead_of=row.owner, **changes):
            raise _elsewhere(self.store.get(row.id))  # somebody was quicker
        worker.runs.add(row.id)
        self._order(worker, row.id, Open())
        return worker

    def _least_busy(self, device: str) -> _Worker:
        wish = self._devices[0].split(":")[0] if device == "auto" else device
        fitting = [w for w in self._workers if wish in (w.device, w.device.split(":")[0])]
        if not fitting:
            raise RunError(f"No worker has the device {wish}; choose one of {', '.join(self.devices)}.")
        return min(fitting, key=lambda worker: len(worker.runs))

    def _order(self, worker: _Worker, run_id: str, what: What) -> None:
        """What reaches no worker, since it has just died, is made up for when it is replaced."""
        worker.child.send(Order(run=run_id, what=what).packet())

    # --- processes ---------------------------------------------------------------------------------

    def _start_worker(self, device: str) -> Child:
        arguments = ["--home", str(self.store.home), "--device", device, "--owner", self.owner]
        arguments += ["--threads", str(_threads(device, self._devices))]
        return Child(WORKER, [*arguments, "--url", self._url] if self._url else arguments)

    def _watch(self) -> None:
        renewed = released = time.monotonic()
        while not self._stopping.wait(0.1):
            try:
                if (lifeline := self._lifeline) and time.monotonic() - renewed > RENEW_SECONDS:
                    renewed = time.monotonic()
                    lifeline.renew()
                for worker in self._workers:
                    if not worker.child.is_alive:
                        self._replace(worker)
                if time.monotonic() - released > RELEASE_EVERY:
                    released = time.monotonic()
                    self._release_orphans()
            except Exception:  # a busy database, a full disk: tried again at the next round
                traceback.print_exc()

    def _replace(self, worker: _Worker) -> None:
        with self._lock:
            if self._stopping.is_set():
                return
            self._remove_deleted(worker)
            worker.runs &= {row.id for row in self.store.rows(status=ACTIVE) if row.owner == self.owner}
            if worker.child.deaths > MAX_RESTARTS:
                for run_id in worker.runs:
                    self.store.release(
                        run_id, self.owner, status="failed", message="Its worker process died again and again."
                    )
                worker.runs.clear()
                worker.child = self._start_worker(worker.device)
            else:
                worker.child = worker.child.again()
            for run_id in worker.runs:
                self._order(worker, run_id, Open())
                self._order(worker, run_id, Resume())

    def _remove_deleted(self, worker: _Worker) -> None:
        """The folders that a worker which is gone may not have removed."""
        with self._lock:
            for run_id in worker.deleted:
                RunFolder(self.store.folder(run_id)).remove()
            worker.deleted.clear()

    # --- owners ------------------------------------------------------------------------------------

    def _release_orphans(self) -> None:
        """Runs that a vanished server left training become paused ones."""
        for row in self.store.active():
            if self._worker_of(row.id) is None and self._is_orphan(row):
                message = "The server was stopped here; press Play to go on."
                self.store.release(row.id, row.owner, status="paused", message=message)

    def _is_orphan(self, row: Holding) -> bool:
        if row.owner in (None, self.owner):  # of version 0.1.0, or its worker died while it was being closed
            return time.time() - row.heartbeat > STALE_AFTER
        return not self._lives(row.owner)

    def _expect_nowhere_else(self, row: RunRow) -> None:
        if row.owner is None:  # as version 0.1.0 leaves it
            is_elsewhere = row.status in ACTIVE and row.step > 0 and time.time() - row.heartbeat < STALE_AFTER
        else:
            is_elsewhere = row.owner != self.owner and self._lives(row.owner)
        if is_elsewhere:
            raise _elsewhere(row)

    def _expect_not_trained_elsewhere(self, row: RunRow) -> None:
        if row.status in ACTIVE and row.owner not in (None, self.owner) and self._lives(row.owner):
            raise RunError("This run is being trained by another program: end it there before you delete it.")

    def _lives(self, owner: str | None) -> bool:
        return owner is not None and is_run_id(owner) and is_held(self.store.owner_file(owner))


def _elsewhere(row: RunRow) -> RunError:
    if row.status in ACTIVE:
        return RunError("This run is being trained by another program; here you can only watch it.")
    return RunError("This run is open in another program: close it there, or continue with a copy of it.")


def _default_devices() -> list[str]:
    devices = [device for device in available_devices() if device != "cpu"]
    return devices + ["cpu"] * min(4, max(1, (os.cpu_count() or 1) // 4))


def _threads(device: str, devices: list[str]) -> int:
    """Threads for one worker: the CPU workers share the cores and leave one to the server."""
    share = max(1, devices.count("cpu"))
    return min(4, max(1, ((os.cpu_count() or 1) - 1) // share)) if device == "cpu" else 1
