"""A running app with an empty home, for the benchmarks that look at it from outside."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from websockets.sync.client import ClientConnection, connect

from aelib import Experiment
from aelib.runs import RunStore
from benchmarks.data import ROOT

START_SECONDS, STOP_SECONDS = 90.0, 30.0
#: A run that no benchmark sees the end of.
FOR_EVER = {"epochs": 1_000_000, "evaluate_every": 0}


@dataclass
class AppServer:
    """``url`` without a slash at its end. ``home``: where its runs are. ``store``: the same one that it uses."""

    url: str
    home: Path
    store: RunStore

    def socket(self, key: str) -> ClientConnection:
        """The live socket of a run or checkpoint."""
        address = f"{self.url.replace('http', 'ws', 1)}/live/{key}"
        return connect(address, max_size=None, compression=None, proxy=None)

    def tell(self, run_id: str, **command: object) -> None:
        """Give a run a command, as a viewer would, and leave."""
        with self.socket(run_id) as viewer:
            viewer.send(json.dumps(command))
            # The answer to a command that is none comes after all commands before it were carried out.
            viewer.send("{}")
            while not isinstance(message := viewer.recv(timeout=10), str) or json.loads(message)["type"] != "error":
                pass

    def launch(self, experiment: Experiment, seconds: float = 60.0) -> str:
        """Start a run and wait until it trains; returns its id."""
        run_id = self.store.create(experiment)
        self.tell(run_id, type="play")
        wait_for(lambda: self.store.get(run_id).step > 0, seconds, "the run to begin")
        return run_id

    def stop(self, run_id: str) -> None:
        """End a run and wait until it rests."""
        self.tell(run_id, type="stop")
        wait_for(lambda: self.store.get(run_id).status == "stopped", 20, "the run to stop")


@contextmanager
def app_server(module: str = "app") -> Iterator[AppServer]:
    """Start ``python -m <module>`` on a free port, wait until it answers and its worker is warm; stop it at the end."""
    with tempfile.TemporaryDirectory(prefix="aelib-bench-") as folder, Path(folder, "log").open("w+") as log:
        home = Path(folder, "home")
        port = _free_port()
        process = subprocess.Popen(
            [sys.executable, "-m", module, "--port", str(port)],
            cwd=ROOT,
            env=os.environ | {"AELIB_HOME": str(home)},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches the benchmark, which then stops the server
        )
        try:
            server = AppServer(f"http://127.0.0.1:{port}", home, RunStore(home))
            wait_for(lambda: _answers(server.url, process, log), START_SECONDS, "the app to answer")
            # Orders wait until the worker is warm: a run that has moved shows that it is.
            server.stop(server.launch(Experiment.of("digits", "variational", train=FOR_EVER)))
            yield server
            server.store.close()
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                print(f"The app did not stop within {STOP_SECONDS:.0f} s of SIGINT; it was killed.")
                process.kill()
                process.wait()


def wait_for(condition: object, seconds: float, what: str) -> None:
    """Ask again and again until it is true; `TimeoutError` after so many seconds."""
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"Waited {seconds:.0f} s in vain for {what}.")
        time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(url: str, process: subprocess.Popen[bytes], log: IO[str]) -> bool:
    if process.poll() is not None:
        log.seek(0)
        raise RuntimeError(f"The app ended with status {process.returncode}: {log.read()[-2000:]}")
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
