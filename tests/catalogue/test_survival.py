"""A run on a table of one's own outlives its worker and its server, and its script comes to its error."""

import os
import re
import signal
import subprocess
import sys

import numpy as np
import pytest
from pandas import DataFrame

from aelib import Autoencoder, Dataset, Experiment, evaluate, load_dataset
from aelib.commands.cli import main
from aelib.data import add_dataset
from aelib.data.table import TableOptions
from aelib.runs import RunStore, Supervisor, supervisor
from aelib.runs.commands import Pause, Play, SetPace
from tests.runs.steering import wait_for

ROWS = 320


@pytest.fixture
def people(home):
    random = np.random.default_rng(0)
    age = random.integers(18, 90, ROWS)
    frame = DataFrame({
        "age": age,
        "height, cm": random.normal(172, 9, ROWS).round(1),
        "income": np.where(random.random(ROWS) < 0.05, np.nan, age * 700 + random.normal(0, 3_000, ROWS)).round(2),
        "city": random.choice(["Oslo", "Rome", "Zürich"], ROWS),
        "smokes": random.choice(["yes", "no"], ROWS),
    })  # fmt: skip
    return add_dataset(Dataset.from_table(frame, TableOptions(labels=("smokes",))), title="people")


def supervise(store):
    found = Supervisor(store, devices=["cpu"])
    found.start()
    return found


def test_a_run_on_an_own_table_outlives_worker_and_server_and_its_script_comes_to_its_error(
    people, home, monkeypatch, tmp_path, capsys
):
    monkeypatch.setattr(supervisor, "_threads", lambda *_: 1)
    store = RunStore(home)
    server = supervise(store)
    try:
        network, train = {"hidden": (8,), "latent": 2}, {"batch_size": 16, "epochs": 30}
        run_id = server.launch(Experiment.of(people.name, "denoising", network=network, train=train))
        server.send(run_id, SetPace(steps_per_second=300))
        wait_for(lambda: store.get(run_id).step > 20)
        [pid] = server.worker_pids()
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: server.worker_pids() not in ([], [pid]) and store.get(run_id).step > 40)
        server.send(run_id, Pause())
        wait_for(lambda: store.get(run_id).status == "paused")
        server.stop()
        server = supervise(store)
        server.send(run_id, SetPace(steps_per_second=100_000))
        server.send(run_id, Play())
        wait_for(lambda: store.get(run_id).status == "finished")
    finally:
        server.stop()
        store.close()
    script = tmp_path / "again.py"
    assert main(["script", str(store.folder(run_id)), "--output", str(script)]) == 0
    capsys.readouterr()
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=True, cwd=tmp_path, timeout=120
    )
    told = re.search(r"Held-out squared error, all [\d,]+ examples: ([\d.e+-]+)", done.stdout)
    held_out = load_dataset(people.name).test
    found = evaluate(Autoencoder.load(store.folder(run_id)), held_out.x, held_out.y)["squared_error"]
    assert float(told[1]) == pytest.approx(found, rel=1e-4)
