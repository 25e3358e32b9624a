"""A worker process: owns one device and shares its time fairly among the runs that are open on it.

Started by the supervisor as ``python -m aelib.runs.worker``; takes orders (see `aelib.runs.orders`) from it and
leaves when it hangs up or is gone, saving every run first. Whoever wants to know how a run is doing reads the store
and the frame log.
"""

import argparse
import queue
import threading
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from sqlalchemy.exc import OperationalError

from aelib.data import Dataset, load_dataset
from aelib.device import choose_device
from aelib.errors import AelibError
from aelib.experiment import Experiment
from aelib.frames.probe import Probe
from aelib.processes import Lifeline, Parent
from aelib.processes.parent import leave
from aelib.runs.commands import SendWeights
from aelib.runs.folder import RunFolder
from aelib.runs.live import LiveRun
from aelib.runs.livesweep import LiveSweep
from aelib.runs.livetraining import LiveTraining
from aelib.runs.orders import Close, Delete, Open, Order
from aelib.runs.store import RunStore
from aelib.sweep import SweepSpec

#: A round over all runs takes about this long, so that thirty runs all move.
ROUND_SECONDS = 0.12
SHORTEST_SLICE, LONGEST_SLICE = 0.008, 0.04
HEARTBEAT_SECONDS = 0.5


class Worker:
    """Round robin over open runs. ``owner``: of the runs that it opens; it opens no others."""

    def __init__(self, store: RunStore, device: torch.device, owner: str | None = None) -> None:
        self.store, self.device, self.owner = store, device, owner
        self.runs: dict[str, LiveTraining] = {}
        self.orders: queue.Queue[Order | None] = queue.Queue()
        self._loading: dict[str, Future[Dataset]] = {}
        self._waiting: dict[str, list[Order]] = {}
        self._loader = ThreadPoolExecutor(1, "loader")
        self._reported: dict[str, tuple[Any, ...]] = {}
        self._lost: set[str] = set()  # deleted, or taken over while another machine heard nothing from this one
        self._last_heartbeat = self._last_round = time.monotonic()

    # --- the loop ----------------------------------------------------------------------------------

    def serve(self) -> None:
        """Work until an order of None."""
        while self._take_orders():
            self._open_what_has_loaded()
            now = time.monotonic()
            elapsed, self._last_round = now - self._last_round, now
            for run in self.runs.values():
                run.earn(elapsed)
            busy = [(run_id, run) for run_id, run in self.runs.items() if run.wants_time]
            slice_seconds = min(LONGEST_SLICE, max(SHORTEST_SLICE, ROUND_SECONDS / max(1, len(busy))))
            for run_id, run in busy:
                self._attempt(run_id, run.advance, slice_seconds)
            if now - self._last_heartbeat > HEARTBEAT_SECONDS:
                self._report()
        for run_id, run in list(self.runs.items()):
            self._attempt(run_id, run.rest_before_exit, "The server was stopped here; press Play to go on.")
        self._report()
        for run_id in self.runs:
            self._release(run_id)
        self._loader.shutdown(wait=False, cancel_futures=True)

    def _take_orders(self) -> bool:
        """Carry out all orders that are there; wait for one when there is nothing to train."""
        running = any(run.wants_time for run in self.runs.values())
        paced = self._loading or any(run.status == "running" for run in self.runs.values())
        timeout = 0.0 if running else 0.004 if paced else HEARTBEAT_SECONDS
        try:
            order = self.orders.get(timeout=timeout) if timeout else self.orders.get_nowait()
            while True:
                if order is None:
                    return False
                self._carry_out(order)
                order = self.orders.get_nowait()
        except queue.Empty:
            return True

    def _carry_out(self, order: Order) -> None:
        run_id = order.run
        match order.what:
            case Open():
                self._start_loading(run_id)
            case Close():
                self._close(run_id)
            case Delete():
                self._forget(run_id)
                RunFolder(self.store.folder(run_id)).remove()
            case command if run_id in self.runs:
                self._attempt(run_id, self.runs[run_id].obey, command)
                self._report()
            case SendWeights():
                pass  # there are none
            case _:  # a run that failed is tried again when somebody asks something of it
                self._start_loading(run_id)
                if run_id in self._loading:
                    self._waiting[run_id].append(order)

    # --- opening and closing -----------------------------------------------------------------------

    def _start_loading(self, run_id: str) -> None:
        if run_id in self.runs or run_id in self._loading:
            return
        try:
            if not self.store.claim(run_id, self.owner):
                return
            experiment = self.store.get(run_id).experiment
        except AelibError:
            return  # deleted in the meantime

        def progress(share: float, text: str) -> None:
            self._write(run_id, message=f"{text} ({share:.0%})")

        self._waiting[run_id] = []
        self._loading[run_id] = self._loader.submit(experiment.load_data, progress)

    def _open_what_has_loaded(self) -> None:
        for run_id in [r for r, future in self._loading.items() if future.done()]:
            future = self._loading.pop(run_id)
            orders = self._waiting.pop(run_id)
            try:
                experiment = self.store.get(run_id).experiment
                self.runs[run_id] = self._open(run_id, experiment, future.result())
            except Exception as error:
                self._fail(run_id, error)
                continue
            for order in orders:
                self._carry_out(order)
            self._report()

    def _open(self, run_id: str, experiment: Experiment, data: Dataset) -> LiveTraining:
        folder = RunFolder(self.store.folder(run_id))
        if not self.store.is_sweep(run_id):
            in_sweep = run_id in self.store.runs_of_sweeps()
            return LiveRun(folder, experiment, data, self.device, in_sweep=in_sweep)
        spec = self.store.sweep(run_id).spec
        assert isinstance(spec, SweepSpec)  # no other can be stacked
        return LiveSweep(folder, spec, data, self.device)

    def _close(self, run_id: str) -> None:
        if run_id in self.runs:
            self._attempt(run_id, self.runs[run_id].rest_before_exit, "Paused when its user turned to another run.")
            self._report()
        elif run_id in self._loading:
            self._write(run_id, status="paused", message="")
        self._forget(run_id)
        self._release(run_id)

    def _release(self, run_id: str) -> None:
        with surviving_a_busy_database():
            self.store.release(run_id, self.owner)

    def _forget(self, run_id: str) -> None:
        self.runs.pop(run_id, None)
        if future := self._loading.pop(run_id, None):
            future.cancel()
        self._reported.pop(run_id, None)

    # --- what goes wrong, and what is reported -------------------------------------------------------

    def _attempt(self, run_id: str, action: Any, *arguments: Any) -> None:
        """An error in one run is that run's end, and nobody else's."""
        try:
            self.runs[run_id].guarded(action, *arguments) if run_id in self.runs else action(*arguments)
        except AelibError as error:  # the command was refused; the run goes on
            self.runs[run_id].message = str(error)
        except Exception as error:
            del self.runs[run_id]
            self._fail(run_id, error)

    def _fail(self, run_id: str, error: Exception) -> None:
        if isinstance(error, AelibError):
            message = str(error)
        else:
            traceback.print_exc()
            message = (
                f"The run ended on an unexpected error ({type(error).__name__}); the server's log has the details."
            )
        self._write(run_id, status="failed", message=message)

    def _report(self) -> None:
        """Write to the store what changed since the last time."""
        self._last_heartbeat = time.monotonic()
        for run_id, run in self.runs.items():
            state = (run.status, run.training.step, run.message)
            if state != self._reported.get(run_id) or run.status == "running":
                written = self._write(
                    run_id,
                    status=run.status,
                    message=run.message,
                    step=run.training.step,
                    epoch=run.training.epoch,
                    rate=run.rate if run.status == "running" else 0.0,
                    experiment=run.experiment_now,
                )
                if written:
                    self._reported[run_id] = state
        while self._lost:  # without a word in its folder: others may be writing there
            self._forget(self._lost.pop())

    def _write(self, run_id: str, **values: Any) -> bool:
        """Change a row of a run that is still this worker's; whether that was possible."""
        with surviving_a_busy_database():
            if self.store.claim(run_id, self.owner, **values):
                return True
            self._lost.add(run_id)
        return False


@contextmanager
def surviving_a_busy_database() -> Iterator[None]:
    """That the database is busy for long is no reason to stop training."""
    try:
        yield
    except OperationalError:
        traceback.print_exc()


def warm_up(device: torch.device) -> None:
    """Do once what is slow the first time: load small data, run a step of training, make a frame."""
    experiment, data = Experiment.of("digits", "variational"), load_dataset("digits")
    training = experiment.build(data, device)
    next(training)
    Probe(data, experiment).frame(training.model, {})


def main() -> None:
    """Entry point of the process."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--url", default=None)
    parser.add_argument("--owner", default=None)
    parser.add_argument("--device", required=True)
    parser.add_argument("--threads", type=int, required=True)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    device = choose_device(options.device)
    store = RunStore(options.home, options.url)
    if options.owner and not Lifeline.join(store.owner_file(options.owner)):
        return  # it is gone, and has left no runs to this worker
    worker, is_warm = Worker(store, device, options.owner), threading.Event()

    def finish() -> None:
        if not is_warm.is_set():
            leave()  # nothing is open that would have to be saved
        worker.orders.put(None)

    Parent(hear=lambda packet: worker.orders.put(Order.of(packet)), gone=finish)
    warm_up(device)
    is_warm.set()
    worker.serve()


if __name__ == "__main__":
    main()
