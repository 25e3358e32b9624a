"""`Supervisor`: starts the workers, gives each run to one, restarts a worker that died."""

import json
import os
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aelib.device import available_devices, choose_device
from aelib.errors import ConfigError, RunError
from aelib.experiment import Experiment
from aelib.runs.cell import cell_snapshot
from aelib.runs.commands import Command, Pause, Play, Resume
from aelib.runs.folder import RunFolder
from aelib.runs.store import ACTIVE, RunStore, Status
from aelib.sweep import AnySweep

#: A run whose worker has not written for this long, in seconds, has no worker.
STALE_AFTER = 10.0
#: Runs of a sweep that cannot be stacked, at most.
MAX_PARALLEL = 16
#: Restarts of one worker within a minute before it is given up.
MAX_RESTARTS = 5


@dataclass
class _WorkerProcess:
    device: str
    threads: int
    process: subprocess.Popen[str]
    runs: set[str] = field(default_factory=set)
    restarts: list[float] = field(default_factory=list)

    def hang_up(self) -> None:
        """Close its standard input, which tells it to leave."""
        assert self.process.stdin
        with suppress(BrokenPipeError):  # it left already, and did not read the last order
            self.process.stdin.close()


class Supervisor:
    """Owns worker processes. All methods are quick, and may be called from any thread.

    ``devices``: one worker is started for each; by default one a CUDA card, and for the CPU one for
    every four cores (at most four). ``url``: of the store's database.
    """

    def __init__(self, store: RunStore, devices: list[str] | None = None, url: str | None = None) -> None:
        self.store, self._url = store, url
        self._lock = threading.RLock()
        self._workers: list[_WorkerProcess] = []
        self._stopping = threading.Event()
        self._devices = devices or _default_devices()

    def start(self) -> None:
        """Start all workers (they warm up by themselves) and the thread that watches them."""
        self._release_orphans(ACTIVE)
        for device in self._devices:
            threads = _threads(device, self._devices)
            self._workers.append(_WorkerProcess(device, threads, self._spawn(device, threads)))
        threading.Thread(target=self._watch, name="supervisor", daemon=True).start()

    def stop(self, timeout: float = 10.0) -> None:
        """Let every worker save its runs and leave; kill one that does not in time."""
        self._stopping.set()
        with self._lock:
            for worker in self._workers:
                worker.hang_up()
        deadline = time.monotonic() + timeout
        for worker in self._workers:
            try:
                worker.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()

    @property
    def devices(self) -> list[str]:
        """Devices that runs can be given to, best first."""
        return list(dict.fromkeys(self._devices))

    def worker_pids(self) -> list[int]:
        """Process ids of the workers."""
        return [worker.process.pid for worker in self._workers]

    # --- runs --------------------------------------------------------------------------------------

    def launch(self, experiment: Experiment, device: str = "auto", title: str = "") -> str:
        """Create a run and start it; returns its id. `ConfigError` when there is no such device."""
        choose_device(device)
        run_id = self.store.create(experiment, device, title)
        self.send(run_id, Play())
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
            self._open(run_id, self.store.get(run_id).device)
        return run_id

    def fork(self, source: RunFolder, experiment: Experiment, device: str = "auto", title: str = "") -> str:
        """A new run that continues from a copy of another one's folder."""
        run_id = self.store.create(experiment, device, title)
        source.copy_to(self.store.folder(run_id))
        self.send(run_id, Play())
        return run_id

    def send(self, run_id: str, command: Command) -> None:
        """Give a run a command, opening it in a worker first if need be. `RunError` if there is no such run."""
        with self._lock:
            worker = self._worker_of(run_id)
            if worker is None:
                row = self.store.get(run_id)
                if row.status in ACTIVE and row.step and time.time() - row.heartbeat < STALE_AFTER:
                    raise RunError("This run is being trained by another program; here you can only watch it.")
                if isinstance(command, Pause):
                    return  # what is not open is not running
                worker = self._open(run_id, row.device)
            if isinstance(command, Play | Pause):
                self.store.update(run_id, unattended=isinstance(command, Pause) and command.unattended)
            self._order(worker, run_id, command.model_dump())

    def close(self, run_id: str) -> None:
        """Let the worker save a run and forget it."""
        with self._lock:
            worker = self._worker_of(run_id)
            if worker:
                worker.runs.discard(run_id)
                self._order(worker, run_id, "close")

    def delete_sweep(self, sweep_id: str) -> None:
        """Remove a sweep with its runs, except those that somebody saved. `RunError` if there is none."""
        kept = {row.id for row in self.store.rows(saved=True)}
        for run_id in set(self.store.sweep(sweep_id).members) - kept:
            self.delete(run_id)
        self.store.delete_sweep(sweep_id)

    def delete(self, run_id: str) -> None:
        """Remove a run with all that it has."""
        folder = RunFolder(self.store.folder(run_id))
        self.store.delete(run_id)
        with self._lock:
            worker = self._worker_of(run_id)
            if worker is None:
                folder.remove()
            else:  # only the worker knows when it has stopped writing
                worker.runs.discard(run_id)
                self._order(worker, run_id, "delete")

    def is_open(self, run_id: str) -> bool:
        """Whether a worker has the run."""
        return self._worker_of(run_id) is not None

    def _worker_of(self, run_id: str) -> _WorkerProcess | None:
        return next((w for w in self._workers if run_id in w.runs), None)

    def _open(self, run_id: str, device: str) -> _WorkerProcess:
        worker = self._least_busy(device)
        worker.runs.add(run_id)
        self._order(worker, run_id, "open")
        return worker

    def _least_busy(self, device: str) -> _WorkerProcess:
        wish = self._devices[0].split(":")[0] if device == "auto" else device
        fitting = [w for w in self._workers if wish in (w.device, w.device.split(":")[0])]
        if not fitting:
            raise RunError(f"No worker has the device {wish}; choose one of {', '.join(self.devices)}.")
        return min(fitting, key=lambda worker: len(worker.runs))

    def _order(self, worker: _WorkerProcess, run_id: str, command: Any) -> None:
        try:
            assert worker.process.stdin
            worker.process.stdin.write(json.dumps({"run": run_id, "command": command}) + "\n")
            worker.process.stdin.flush()
        except (BrokenPipeError, ValueError):
            pass  # it just died: the watcher opens its runs again in the next one

    # --- processes ---------------------------------------------------------------------------------

    def _spawn(self, device: str, threads: int) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "aelib.runs.worker"]
        command += ["--home", str(self.store.home), "--device", device, "--threads", str(threads)]
        if self._url:
            command += ["--url", self._url]
        # A session of its own: Ctrl-C at the terminal reaches the server, which tells the workers.
        return subprocess.Popen(command, stdin=subprocess.PIPE, text=True, start_new_session=True)

    def _watch(self) -> None:
        released = time.monotonic()
        while not self._stopping.wait(0.1):
            try:
                for worker in self._workers:
                    if worker.process.poll() is not None:
                        self._replace(worker)
                if time.monotonic() - released > STALE_AFTER:
                    released = time.monotonic()
                    self._release_orphans(("running",))
            except Exception:  # a busy database, a full disk: tried again at the next round
                traceback.print_exc()

    def _replace(self, worker: _WorkerProcess) -> None:
        with self._lock:
            if self._stopping.is_set():
                return
            now = time.monotonic()
            worker.restarts = [t for t in worker.restarts if now - t < 60] + [now]
            worker.runs &= {row.id for row in self.store.rows(status=ACTIVE)}
            if len(worker.restarts) > MAX_RESTARTS:
                for run_id in worker.runs:
                    self.store.update(run_id, status="failed", message="Its worker process died again and again.")
                worker.runs.clear()
                worker.restarts.clear()
            worker.hang_up()
            worker.process = self._spawn(worker.device, worker.threads)
            for run_id in worker.runs:
                self._order(worker, run_id, "open")
                self._order(worker, run_id, Resume().model_dump())

    def _release_orphans(self, states: Sequence[Status]) -> None:
        """Runs that a vanished server left in these states become paused ones."""
        for row in self.store.rows(status=states):
            if time.time() - row.heartbeat > STALE_AFTER and self._worker_of(row.id) is None:
                self.store.update(row.id, status="paused", message="The server was stopped here; press Play to go on.")


def _default_devices() -> list[str]:
    devices = [device for device in available_devices() if device != "cpu"]
    return devices + ["cpu"] * min(4, max(1, (os.cpu_count() or 1) // 4))


def _threads(device: str, devices: list[str]) -> int:
    """Threads for one worker: the CPU workers share the cores and leave one to the server."""
    share = max(1, devices.count("cpu"))
    return min(4, max(1, ((os.cpu_count() or 1) - 1) // share)) if device == "cpu" else 1
