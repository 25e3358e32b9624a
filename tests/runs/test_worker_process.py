"""Workers in trouble: hung, dying again and again, asked to leave before they are warm."""

import os
import signal
import threading

import pytest

from aelib.processes import Child
from aelib.runs import RunFolder, Supervisor, supervisor
from aelib.runs.commands import Play, SetKnob
from tests.children import is_alive
from tests.runs.steering import wait_for

PATIENCE = 60.0


@pytest.fixture
def start(store, monkeypatch):
    """``start(module)``: a supervisor of one worker of another kind, which is stopped at the end."""
    started = []

    def make(module):
        monkeypatch.setattr(supervisor, "WORKER", module)
        started.append(Supervisor(store, devices=["cpu"]))
        started[-1].start()
        return started[-1]

    yield make
    for each in started:
        each.stop(0.1)


def test_nobody_waits_for_a_worker_that_hangs(store, small, start):
    server = start("aelib.runs.worker")
    [pid] = server.worker_pids()
    os.kill(pid, signal.SIGSTOP)

    def order():
        for _ in range(2000):  # more than a pipe holds
            server.send(run_id, SetKnob(name="level", value=0.5))
        server.close(run_id)
        server.delete(run_id)

    run_id = server.launch(small())
    ordering = threading.Thread(target=order, daemon=True)
    ordering.start()
    ordering.join(PATIENCE)
    assert not ordering.is_alive()
    assert is_alive(pid)
    server.stop(0.2)
    assert not is_alive(pid)


def test_what_a_dead_worker_did_not_remove_is_removed(store, small, start):
    server = start("aelib.runs.worker")
    [pid] = server.worker_pids()
    os.kill(pid, signal.SIGSTOP)
    run_id = server.launch(small())
    server.delete(run_id)
    assert store.folder(run_id).exists()  # the worker might still write there
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not store.folder(run_id).exists())


def test_runs_of_a_worker_that_dies_again_and_again_are_given_up(store, small, start):
    server = start("tests.runs.troubled_worker")
    run_id = server.launch(small())
    wait_for(lambda: store.get(run_id).status == "failed")
    assert store.get(run_id).message == "Its worker process died again and again."
    assert len((store.home / "deaths").read_text().splitlines()) > supervisor.MAX_RESTARTS
    assert not server.is_open(run_id)
    deaths = (store.home / "deaths").stat().st_size
    wait_for(lambda: (store.home / "deaths").stat().st_size > deaths)  # whoever comes next may have more luck


def test_a_worker_leaves_before_it_is_warm(store):
    arguments = ["--home", str(store.home), "--device", "cpu", "--threads", "1"]
    child = Child("tests.runs.cold_worker", arguments)
    wait_for((store.home / "warming up").exists)
    child.stop(PATIENCE)
    assert child.status == 0  # by itself


def test_a_run_whose_worker_left_before_it_was_warm_goes_on_with_the_next(store, small, start):
    first = start("tests.runs.cold_worker")
    run_id = first.launch(small(epochs=1))
    wait_for((store.home / "warming up").exists)
    first.stop(PATIENCE)
    assert store.get(run_id).step == 0
    assert RunFolder(store.folder(run_id)).path.exists()
    second = start("aelib.runs.worker")
    second.send(run_id, Play())
    wait_for(lambda: store.get(run_id).status == "finished")
