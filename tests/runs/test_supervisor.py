"""The supervisor with real worker processes: runs survive the death of whatever trains them."""

import json
import os
import signal
import subprocess
import sys

import pytest
import torch

from aelib import Autoencoder, ConfigError, RunError
from aelib.runs import RunFolder, Supervisor, supervisor
from aelib.runs.commands import Pause, Play, SetKnob, SetPace, Stop
from aelib.runs.history import History
from tests.children import is_alive
from tests.runs.steering import status, wait_for


def solo(experiment, data, events=()):
    """The run alone in this process, with its recorded knob changes."""
    training, history = experiment.build(data), History()
    while training.step < training.steps:
        for event in events:
            if event.step == training.step:
                training.set_knob(event.name, event.value)
        record = next(training)
        history.add(record.step, record.tensors)
    return training.model, history


def assert_equals_solo(server, run_id, experiment, data):
    """Losses of all windows and final weights, bit for bit."""
    folder = RunFolder(server.store.folder(run_id))
    model, history = solo(experiment, data, folder.read_events())
    assert json.loads((folder.path / "history.json").read_text()) == history.points
    saved = Autoencoder.load(folder.path).state_dict()
    for name, value in model.state_dict().items():
        assert torch.equal(saved[name], value), name


def test_a_run_trains_to_its_end_and_equals_its_solo(server, small, digits):
    experiment = small("variational", epochs=3)
    run_id = server.supervisor.launch(experiment, title="first")
    wait_for(lambda: status(server, run_id) == "finished")
    assert server.store.get(run_id).title == "first"
    assert_equals_solo(server, run_id, experiment, digits)


def test_runs_with_different_seeds_do_not_disturb_each_other(server, small, digits):
    experiments = [small(epochs=8, seed=seed) for seed in (1, 2)]
    ids = [server.supervisor.launch(experiment, "cpu") for experiment in experiments]
    wait_for(lambda: all(status(server, run_id) == "finished" for run_id in ids))
    for run_id, experiment in zip(ids, experiments, strict=True):
        assert_equals_solo(server, run_id, experiment, digits)


def test_a_killed_worker_is_replaced_and_its_run_ends_as_if_nothing_had_happened(server, small, digits):
    experiment = small(epochs=50)  # 2,000 steps
    run_id = server.supervisor.launch(experiment)
    other = server.supervisor.launch(small(epochs=100_000))
    server.supervisor.send(run_id, SetPace(steps_per_second=500))  # so that it does not end before it is killed
    server.supervisor.send(other, Pause())
    wait_for(lambda: server.store.get(run_id).step > 100)
    server.supervisor.send(run_id, Pause())  # takes a snapshot
    wait_for(lambda: status(server, run_id) == "paused")
    rested = server.store.get(run_id).step
    server.supervisor.send(run_id, SetKnob(name="learning_rate", value=3e-3))
    server.supervisor.send(run_id, Play())
    wait_for(lambda: server.store.get(run_id).step > rested + 50)
    server.supervisor.send(run_id, SetKnob(name="level", value=0.5))
    wait_for(lambda: server.store.get(run_id).step > rested + 200)
    assert server.store.get(run_id).status == "running"
    [pid] = server.supervisor.worker_pids()
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: status(server, run_id) == "finished")
    assert server.supervisor.worker_pids() != [pid]
    assert status(server, other) == "paused"
    assert_equals_solo(server, run_id, experiment, digits)
    server.supervisor.delete(other)


def test_after_a_restart_runs_are_listed_and_go_on(server, small, digits):
    experiment = small(epochs=40, seed=3)
    run_id = server.supervisor.launch(experiment)
    server.supervisor.send(run_id, SetPace(steps_per_second=300))
    wait_for(lambda: server.store.get(run_id).step > 50)
    server.supervisor.stop()
    row = server.store.get(run_id)
    assert row.status == "paused"
    assert "press Play" in row.message
    assert 50 < row.step < 1600
    server.supervisor = Supervisor(server.store, devices=["cpu"])
    server.supervisor.start()
    assert run_id in [row.id for row in server.store.rows()]
    assert server.store.get(run_id).step == row.step
    server.supervisor.send(run_id, Play())
    wait_for(lambda: status(server, run_id) == "finished")
    assert_equals_solo(server, run_id, experiment, digits)


OTHER_SERVER = """
import sys, time
from pathlib import Path
from aelib import Experiment
from aelib.runs import RunStore, Supervisor, supervisor
from aelib.runs.commands import SetPace
supervisor._threads = lambda *_: 1
store = RunStore(Path(sys.argv[1]))
server = Supervisor(store, devices=["cpu"])
server.start()
run_id = server.launch(Experiment.from_json(sys.argv[2]))
server.send(run_id, SetPace(steps_per_second=300))
print(run_id, *server.worker_pids(), flush=True)
time.sleep(600)
"""


def test_when_a_server_is_killed_its_worker_saves_the_runs_and_leaves(server, small, digits):
    experiment = small(epochs=40, seed=4)
    command = [sys.executable, "-c", OTHER_SERVER, str(server.store.home), experiment.model_dump_json()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        run_id, pid = process.stdout.readline().split()
        wait_for(lambda: server.store.get(run_id).step > 50)
        with pytest.raises(RunError, match="another program"):
            server.supervisor.send(run_id, Stop())
        process.kill()
    wait_for(lambda: not is_alive(int(pid)))
    row = server.store.get(run_id)
    assert row.status == "paused"
    state, _ = RunFolder(server.store.folder(run_id)).read_state()
    assert row.step == int(state["step"])
    server.supervisor.send(run_id, Play())
    wait_for(lambda: status(server, run_id) == "finished")
    assert_equals_solo(server, run_id, experiment, digits)


def test_a_run_whose_server_and_worker_both_vanished_is_released(server, small, monkeypatch):
    """Even when the new server was there before the silence was long enough to be noticed."""
    run_id = server.store.create(small())
    server.store.update(run_id, status="running", step=5)
    monkeypatch.setattr(supervisor, "STALE_AFTER", 0.3)
    wait_for(lambda: status(server, run_id) == "paused", 15)
    assert "press Play" in server.store.get(run_id).message


def test_pausing_what_is_not_open_opens_nothing(server, small):
    run_id = server.store.create(small())
    server.supervisor.send(run_id, Pause())
    assert status(server, run_id) == "waiting"


def test_a_copy_goes_on_where_its_source_stands(server, small):
    source = server.supervisor.launch(small(epochs=2))
    wait_for(lambda: status(server, source) == "finished")
    experiment = server.store.get(source).experiment
    copy = server.supervisor.fork(RunFolder(server.store.folder(source)), experiment, title="copy")
    wait_for(lambda: server.store.get(copy).step == 160)  # as many epochs again
    assert server.store.get(source).step == 80


def test_a_deleted_run_is_gone(server, small):
    run_id = server.supervisor.launch(small(epochs=100_000))
    wait_for(lambda: server.store.get(run_id).step > 0)
    server.supervisor.delete(run_id)
    wait_for(lambda: not server.store.folder(run_id).exists())
    with pytest.raises(RunError):
        server.supervisor.send(run_id, Play())
    closed = server.supervisor.launch(small(epochs=1))
    wait_for(lambda: status(server, closed) == "finished")
    server.supervisor.close(closed)
    server.supervisor.delete(closed)
    wait_for(lambda: not server.store.folder(closed).exists())


def test_what_cannot_be_trained_here_is_refused_before_a_run_is_made(server, small):
    count = len(server.store.rows())
    with pytest.raises(ConfigError, match="no device"):
        server.supervisor.launch(small(), device="quantum")
    assert len(server.store.rows()) == count
    with pytest.raises(RunError):
        server.supervisor.send("../../etc", Play())
