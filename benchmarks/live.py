"""What being watched costs a training: one run of the app, with and without viewers, in turns.

The speed is taken from the store (step and time of the worker's own heartbeat), at the beginning and the end of
a phase, so that nobody else reads while the run is headless. The run in this process has one thread, as a worker
on two cores has; it goes while the worker's run is paused.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from websockets.exceptions import ConnectionClosed

from aelib import Experiment, load_dataset
from benchmarks.appserver import FOR_EVER, AppServer, app_server, wait_for
from benchmarks.bare import bare_loop
from benchmarks.browser import chromium, fresh_context, wait_for_status
from benchmarks.data import find_mnist
from benchmarks.figure import Figure, UnavailableError
from benchmarks.timing import Times, interleave, ratio, spread

#: The app pauses a run that nobody has looked at for a minute; a run is not used for longer than this.
LIFE_SECONDS = 50.0


def run(quick: bool) -> list[Figure]:
    """Steps per second of a watched run over those of an unwatched one, and of both over train() and the bare loop."""
    found = []
    with app_server() as server:
        found += _measure(server, "digits", 64, quick)
        if find_mnist():
            found += _measure(server, "mnist", 256, quick)
    return found


def _measure(server: AppServer, dataset: str, batch_size: int, quick: bool) -> list[Figure]:
    experiment = Experiment.of(dataset, "variational", train={**FOR_EVER, "batch_size": batch_size})
    seconds, rounds = (1.5, 3) if quick else (3.0, 12)
    run = _Run(server, experiment, seconds)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        here = _in_process(experiment, batch_size, seconds)
        socket = interleave(
            {
                "bare": run.paused(here["bare"]),
                "train": run.paused(here["train"]),
                "headless": run.headless,
                "socket": run.with_socket,
            },
            rounds,
        )
    finally:
        torch.set_num_threads(threads)
        run.end()
    figures = [
        _figure(f"{dataset}: with a viewer's socket / headless", socket, "headless", "socket", 0.95),
        _figure(f"{dataset}: worker, headless / train()", socket, "train", "headless", 0.95),
        _figure(f"{dataset}: with a viewer's socket / bare loop", socket, "bare", "socket", 0.95),
    ]
    return [*figures, *_with_browser(server, experiment, dataset, seconds, rounds)]


def _with_browser(server: AppServer, experiment: Experiment, dataset: str, seconds: float, rounds: int) -> list[Figure]:
    try:
        with chromium() as browser, fresh_context(browser) as context:
            page = context.new_page()
            run = _Run(server, experiment, seconds)

            def watched() -> float:
                with run.fresh_enough() as run_id:
                    page.goto(f"{server.url}/train?run={run_id}")
                    wait_for_status(page, "running")
                    time.sleep(1.5)  # what loading the page costs is not what watching costs
                    speed = run.seconds_per_step()
                    page.goto("about:blank")
                    return speed

            try:
                times = interleave({"headless": run.headless, "browser": watched}, rounds)
            finally:
                run.end()
    except UnavailableError as error:
        print(f"without a browser: {error}")
        return []
    note = "Chromium paints in software here, on the same cores"
    return [_figure(f"{dataset}: with the page open / headless", times, "headless", "browser", 0.95, note)]


def _figure(name: str, times: Times, over: str, under: str, target: float, note: str = "") -> Figure:
    notes = "; ".join(filter(None, [spread(times, over, under), note]))
    return Figure(name, ratio(times, over, under), "×", ("≥", target), notes)


def _in_process(experiment: Experiment, batch_size: int, seconds: float) -> dict[str, Callable[[], float]]:
    """Turns of train() and of the bare loop in this process; as long as a phase of the worker."""
    data = load_dataset(experiment.dataset)
    network = experiment.network
    loops: dict[str, Iterator[object]] = {
        "bare": bare_loop(data.train.x.flatten(1), network.hidden, network.latent, batch_size),
        "train": experiment.build(data),
    }

    def turn_of(loop: Iterator[object]) -> Callable[[], float]:
        def turn() -> float:
            start, steps = time.perf_counter(), 0
            while (elapsed := time.perf_counter() - start) < seconds:
                next(loop)
                steps += 1
            return elapsed / steps

        return turn

    return {name: turn_of(loop) for name, loop in loops.items()}


class _Run:
    """A run of the app that trains for ever; replaced by an equal one before the app would pause it."""

    def __init__(self, server: AppServer, experiment: Experiment, seconds: float) -> None:
        self.server, self.experiment, self.seconds = server, experiment, seconds
        self._id = ""
        self._born = 0.0

    @contextmanager
    def fresh_enough(self) -> Iterator[str]:
        """The id of a running run with enough of its life before it."""
        if self._id and time.monotonic() - self._born > LIFE_SECONDS - 2 * self.seconds - 4:
            self.end()
        if not self._id:
            self._id, self._born = self.server.launch(self.experiment), time.monotonic()
            time.sleep(1.0)  # its first frames follow every step
        yield self._id

    def end(self) -> None:
        """Stop it."""
        if self._id:
            self.server.stop(self._id)
            self._id = ""

    def seconds_per_step(self) -> float:
        """Seconds per step from now on, for about as long as a phase."""
        before = self.server.store.get(self._id)
        time.sleep(self.seconds)
        after = self.server.store.get(self._id)
        if after.status != "running" or after.step <= before.step:
            raise RuntimeError(f"The run did not train: {after.status}, step {before.step} to {after.step}.")
        return (after.heartbeat - before.heartbeat) / (after.step - before.step)

    def headless(self) -> float:
        """A phase that nobody watches."""
        with self.fresh_enough():
            time.sleep(0.6)  # one heartbeat
            return self.seconds_per_step()

    def with_socket(self) -> float:
        """A phase in which somebody reads all frames from the live socket."""
        with self.fresh_enough() as run_id, self.server.socket(run_id) as viewer:
            reader = threading.Thread(target=_read_all, args=(viewer,), daemon=True)
            reader.start()
            time.sleep(0.6)
            return self.seconds_per_step()

    def paused(self, turn: Callable[[], float]) -> Callable[[], float]:
        """The turn, while the worker rests."""

        def quiet_turn() -> float:
            with self.fresh_enough() as run_id:
                self.server.tell(run_id, type="pause")
                wait_for(lambda: self.server.store.get(run_id).status == "paused", 10, "the run to pause")
                measured = turn()
                self.server.tell(run_id, type="play")
                wait_for(lambda: self.server.store.get(run_id).status == "running", 10, "the run to go on")
                return measured

        return quiet_turn


def _read_all(viewer: object) -> None:
    try:
        for _ in viewer:  # type: ignore[attr-defined]
            pass
    except ConnectionClosed:
        pass
