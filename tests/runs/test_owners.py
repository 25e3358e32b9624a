"""A living run belongs to its process: no other one ends it, however long nothing is heard of it."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from types import SimpleNamespace

import pytest
import sqlalchemy
import torch

from aelib import ConfigError, RunError
from aelib.commands import cli, train
from aelib.frames.framelog import read_log
from aelib.processes import Lifeline
from aelib.processes.lifeline import is_held
from aelib.runs import RunFolder, RunStore, Supervisor, supervisor
from aelib.runs.commands import Pause, Play
from aelib.runs.orders import Open, Order
from aelib.runs.store import new_id
from aelib.runs.worker import Worker
from aelib.sweep import StructureSweep
from tests.children import is_alive
from tests.oldhome import OLD
from tests.runs.steering import wait_for


@pytest.fixture
def start(store, monkeypatch):
    """``start(module)``: a supervisor of one worker of some kind, which is stopped at the end."""
    monkeypatch.setattr(supervisor, "_threads", lambda *_: 1)
    started = []

    def make(module="tests.runs.mute_worker"):
        with monkeypatch.context() as patch:
            patch.setattr(supervisor, "WORKER", module)
            started.append(Supervisor(store, devices=["cpu"]))
            started[-1].start()
        return started[-1]

    yield make
    for each in started:
        each.stop(0.1)


def silence(store, run_id):
    """Its worker wrote an hour ago."""
    with sqlite3.connect(store.home / "runs.sqlite") as connection:
        connection.execute("UPDATE runs SET heartbeat = heartbeat - 3600 WHERE id = ?", (run_id,))
    connection.close()


def let_it_look(store, small):
    """Until the supervisors of this process have looked for runs without an owner, of which it makes one."""
    orphan = store.create(small())
    store.update(orphan, status="running", owner=new_id())
    wait_for(lambda: store.get(orphan).status == "paused")


SERVER = """
import sys
from pathlib import Path
from aelib import Experiment
from aelib.runs import RunStore, Supervisor, supervisor
from aelib.runs.commands import SetPace
supervisor._threads = lambda *_: 1
supervisor.WORKER = sys.argv[3]
server = Supervisor(RunStore(Path(sys.argv[1])), devices=["cpu"])
server.start()
run_id = server.launch(Experiment.from_json(sys.argv[2]))
server.send(run_id, SetPace(steps_per_second=300))
print(run_id, *server.worker_pids(), flush=True)
sys.stdin.read()
"""


@contextmanager
def other_server(store, experiment, module="aelib.runs.worker"):
    """Another process that trains a run: the process, the id of the run, the process id of its worker."""
    command = [sys.executable, "-c", SERVER, str(store.home), experiment.model_dump_json(), module]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        run_id, pid = process.stdout.readline().split()
        try:
            yield process, run_id, int(pid)
        finally:
            process.kill()
            with suppress(ProcessLookupError):  # it may have been stopped
                os.kill(int(pid), signal.SIGKILL)


# --- who owns what -----------------------------------------------------------------------------------


def test_a_run_is_somebodys_while_it_is_open(store, small, start):
    server = start("aelib.runs.worker")
    run_id = server.launch(small(epochs=1))
    assert store.get(run_id).owner == server.owner
    wait_for(lambda: store.get(run_id).status == "finished")
    assert store.get(run_id).owner == server.owner
    server.close(run_id)
    wait_for(lambda: store.get(run_id).owner is None)


def test_what_was_closed_and_opened_again_at_once_is_owned(store, small, start):
    server = start("aelib.runs.worker")
    run_id = server.launch(small(epochs=100_000))
    wait_for(lambda: store.get(run_id).step > 0)
    server.close(run_id)
    server.send(run_id, Play())
    before = store.get(run_id).step
    wait_for(lambda: store.get(run_id).step > before and store.get(run_id).status == "running")
    assert store.get(run_id).owner == server.owner


def test_of_several_who_claim_a_run_one_gets_it(store, small):
    run_id, owners = store.create(small()), [new_id() for _ in range(8)]
    got, ready = [], threading.Barrier(len(owners))

    def claim(owner):
        ready.wait()
        if store.claim(run_id, owner, step=7):
            got.append(owner)

    threads = [threading.Thread(target=claim, args=(owner,)) for owner in owners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [store.get(run_id).owner]
    other = next(owner for owner in owners if owner not in got)
    assert not store.claim(run_id, other, step=8)
    assert not store.claim(run_id, other, instead_of=new_id(), step=8)
    assert not store.release(run_id, other, step=8)
    assert not store.claim("a" * 22, other)
    assert store.get(run_id).step == 7
    assert store.claim(run_id, other, instead_of=got[0])
    assert store.release(run_id, other, status="paused")
    assert (store.get(run_id).owner, store.get(run_id).status) == (None, "paused")


def test_an_owner_that_has_no_such_form_is_gone(store, small, start):
    """Nothing that stands in a database is made into a path unseen."""
    run_id = store.create(small())
    store.update(run_id, status="running", owner="../../runs.sqlite")
    start()
    assert store.get(run_id).status == "paused"
    with pytest.raises(RunError, match="owner"):
        store.owner_file("../../runs.sqlite")


# --- silent is not dead ------------------------------------------------------------------------------


def test_a_run_whose_worker_is_silent_stays_its_owners_and_is_trained_to_its_end(store, small, start):
    first = start("tests.runs.silent_worker")
    run_id = first.launch(small(epochs=1))
    silence(store, run_id)
    second = start()
    assert store.get(run_id).status == "waiting"
    let_it_look(store, small)
    assert store.get(run_id).status == "waiting"
    for command in (Play(), Pause()):
        with pytest.raises(RunError, match="another program"):
            second.send(run_id, command)
    (store.home / "speak").touch()
    wait_for(lambda: store.get(run_id).status == "finished")
    assert store.get(run_id).owner == first.owner


def test_so_is_one_whose_supervisor_hangs(store, small, start):
    with other_server(store, small(epochs=100_000), "tests.runs.mute_worker") as (process, run_id, pid):
        process.send_signal(signal.SIGSTOP)
        os.kill(pid, signal.SIGSTOP)
        silence(store, run_id)
        server = start()
        let_it_look(store, small)
        assert store.get(run_id).status == "waiting"
        with pytest.raises(RunError, match="another program"):
            server.delete(run_id)


def test_a_run_whose_owner_was_killed_is_taken_over_at_once(store, small, start, monkeypatch):
    monkeypatch.setattr(supervisor, "STALE_AFTER", 1e9)  # no time has to pass
    with other_server(store, small(epochs=100_000), "tests.runs.mute_worker") as (process, run_id, pid):
        there = start()
        process.kill()
        wait_for(lambda: not is_alive(pid))
        wait_for(lambda: store.get(run_id).status == "paused")  # by one that was there already
        assert "press Play" in store.get(run_id).message
    with other_server(store, small(epochs=100_000), "tests.runs.mute_worker") as (process, run_id, pid):
        there.stop()
        process.kill()
        wait_for(lambda: not is_alive(pid))
        process.wait()
        start()
        assert store.get(run_id).status == "paused"  # and by one that comes


def test_but_not_before_its_worker_has_saved_it(store, small, start):
    """Else two would write into one folder."""
    with other_server(store, small(epochs=100_000)) as (process, run_id, pid):
        wait_for(lambda: store.get(run_id).step > 20)
        os.kill(pid, signal.SIGSTOP)
        process.kill()
        process.wait()
        server = start("aelib.runs.worker")
        let_it_look(store, small)
        assert store.get(run_id).status == "running"
        with pytest.raises(RunError, match="another program"):
            server.send(run_id, Play())
        owner = store.get(run_id).owner
        os.kill(pid, signal.SIGCONT)
        wait_for(lambda: not is_held(store.owner_file(owner)))
    row, (state, _) = store.get(run_id), RunFolder(store.folder(run_id)).read_state()
    assert (row.status, row.step) == ("paused", int(state["step"]))
    server.send(run_id, Play())
    wait_for(lambda: store.get(run_id).step > row.step)
    assert store.get(run_id).owner == server.owner


def test_a_run_that_rests_is_its_owners_too_until_it_is_closed(store, small, start):
    """Two workers with one run would each write what the other does not know of."""
    first, second = start("aelib.runs.worker"), start("aelib.runs.worker")
    run_id = first.launch(small(epochs=1))
    wait_for(lambda: store.get(run_id).status == "finished")
    with pytest.raises(RunError, match="open in another program"):
        second.send(run_id, Play())
    first.close(run_id)
    wait_for(lambda: store.get(run_id).owner is None)
    second.send(run_id, Play())
    wait_for(lambda: store.get(run_id).epoch == 2)
    with pytest.raises(RunError, match="another program"):
        first.send(run_id, Play())


# --- what is taken over or deleted all the same -------------------------------------------------------


def test_a_worker_that_lost_a_run_leaves_it_alone(store, small):
    """As when its machine was asleep for longer than another one waits."""
    owner, other = new_id(), new_id()
    worker = Worker(store, torch.device("cpu"), owner)
    thread = threading.Thread(target=worker.serve, daemon=True)
    thread.start()
    try:
        taken, deleted = store.create(small(epochs=100_000)), store.create(small(epochs=100_000))
        for run_id in (taken, deleted):
            worker.orders.put(Order(run=run_id, what=Open()))
            worker.orders.put(Order(run=run_id, what=Play()))
        wait_for(lambda: all(store.get(run_id).step > 0 for run_id in (taken, deleted)))
        assert store.claim(taken, other, instead_of=owner)
        store.delete(deleted)
        wait_for(lambda: not worker.runs)
        row, log = store.get(taken), read_log(store.folder(taken) / "frames.log")[1]
        for what in (Open(), Play()):
            worker.orders.put(Order(run=taken, what=what))
    finally:
        worker.orders.put(None)
        thread.join(20)
    assert not thread.is_alive()
    assert store.get(taken) == row
    assert (row.owner, row.status) == (other, "running")
    assert len(read_log(store.folder(taken) / "frames.log")[1]) == len(log)


def test_a_supervisor_that_lost_a_run_says_so(store, small, start):
    server = start()
    run_id = server.launch(small())
    lifeline = Lifeline(store.owner_file(other := new_id()))
    assert store.claim(run_id, other, instead_of=server.owner)
    for _ in range(2):
        with pytest.raises(RunError, match="another program"):
            server.send(run_id, Play())
    assert not server.is_open(run_id)
    lifeline.end()
    server.send(run_id, Play())
    assert store.get(run_id).owner == server.owner


def test_nobody_deletes_what_another_trains(store, small, start):
    first, second = start(), start()
    run_id = first.launch(small())
    row = first.launch_sweep(StructureSweep(base=small(), setting="latent", values=(1, 2)))
    members = store.sweep(row).members
    first.close(members[0])
    store.release(members[0], first.owner, status="paused")
    with pytest.raises(RunError, match="trained by another program"):
        second.delete(run_id)
    with pytest.raises(RunError, match="trained by another program"):
        second.delete_sweep(row)
    assert {row.id for row in store.rows()} == {run_id, *members}
    store.update(run_id, status="finished")
    second.delete(run_id)
    assert {row.id for row in store.rows()} == set(members)


# --- homes of version 0.1.0 --------------------------------------------------------------------------

OPEN = "import sys; from pathlib import Path; from aelib.runs import RunStore; RunStore(Path(sys.argv[1])).close()"


def test_a_list_of_version_0_1_0_gets_owners_even_from_two_at_once(tmp_path):
    shutil.copytree(OLD / "home", tmp_path / "home")
    both = [subprocess.Popen([sys.executable, "-c", OPEN, tmp_path / "home"]) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    with sqlite3.connect(tmp_path / "home" / "runs.sqlite") as connection:
        owners = connection.execute("SELECT owner FROM runs").fetchall()
        assert len(owners) > 3
        assert {owner for (owner,) in owners} == {None}
        # What that version writes when it makes a run: it can go on, too.
        connection.execute(
            "INSERT INTO runs (id, title, experiment, device, status, message, step, epoch, rate, saved, unattended, "
            "created, heartbeat) SELECT 'aaaaaaaaaaaaaaaaaaaaaa', title, experiment, device, status, message, step, "
            "epoch, rate, saved, unattended, created, heartbeat FROM runs LIMIT 1"
        )
    connection.close()
    store = RunStore(tmp_path / "home")
    assert store.get("a" * 22).owner is None
    store.close()


def test_a_list_that_cannot_be_changed_is_one_sentence(tmp_path, monkeypatch):
    shutil.copytree(OLD / "home", tmp_path / "home")
    monkeypatch.setattr("aelib.runs.store.text", lambda statement: sqlalchemy.text("ALTER TABLE runs ADD COLUMN"))
    with pytest.raises(ConfigError, match=r"runs\.sqlite.*\.$"):
        RunStore(tmp_path / "home")


# --- what the command says ---------------------------------------------------------------------------


@pytest.fixture
def command(tmp_path, monkeypatch):
    """``command(module)``: ``aelib train`` at work with such a worker: its store, run and status (a list until then
    empty)."""
    monkeypatch.setenv("AELIB_HOME", str(tmp_path / "home"))
    running = []

    def begin(module):
        monkeypatch.setattr(supervisor, "WORKER", module)
        status = []
        line = ["train", "--device", "cpu", "--epochs", "1", "--hidden", "16"]
        running.append(threading.Thread(target=lambda: status.append(cli.main(line)), daemon=True))
        running[-1].start()
        store = RunStore(tmp_path / "home")
        wait_for(lambda: [row for row in store.rows() if row.owner])
        return store, store.rows()[0], status

    yield begin
    for thread in running:
        thread.join(30)
        assert not thread.is_alive()


INTERFERENCES = {
    "paused": (lambda store, row: store.update(row.id, status="paused"), "paused at step 0 by another program"),
    "stopped": (lambda store, row: store.update(row.id, status="stopped"), "stopped at step 0 by another program"),
    "failed": (lambda store, row: store.update(row.id, status="failed", message="No such luck."), "No such luck."),
    "taken over": (lambda store, row: store.claim(row.id, new_id(), row.owner), "taken over at step 0"),
    "deleted": (lambda store, row: store.delete(row.id), "deleted by another program"),
}


@pytest.mark.parametrize(("interfere", "said"), INTERFERENCES.values(), ids=INTERFERENCES)
def test_a_command_whose_run_did_not_come_to_its_own_end_says_so(interfere, said, command, capsys):
    store, row, status = command("tests.runs.mute_worker")
    interfere(store, row)
    wait_for(lambda: status)
    store.close()
    out, err = capsys.readouterr()
    assert status == [1]
    assert out == ""
    complaint = err.splitlines()[-1]
    assert complaint.startswith("aelib: ")
    assert complaint.endswith(".")
    assert said in complaint


def test_a_command_whose_worker_is_silent_is_not_ended_by_another_program(command, start, capsys):
    store, row, status = command("tests.runs.silent_worker")
    silence(store, row.id)
    other = Supervisor(store, devices=["cpu"])
    other.start()
    assert store.get(row.id).status == "waiting"
    (store.home / "speak").touch()
    wait_for(lambda: status)
    other.stop()
    assert status == [0]
    assert "finished at step" in capsys.readouterr().out
    assert store.get(row.id).status == "finished"
    store.close()


@pytest.mark.parametrize(
    ("module", "trained", "status"), [("tests.runs.mute_worker", False, 130), ("aelib.runs.worker", True, 0)]
)
def test_an_interrupted_command_tells_whether_there_is_a_model(module, trained, status, tmp_path, monkeypatch, capsys):
    home = tmp_path / "home"

    def sleep(seconds):
        store = RunStore(home)
        [row] = store.rows()
        store.close()
        if row.step or not trained:
            raise KeyboardInterrupt
        time.sleep(seconds)

    monkeypatch.setenv("AELIB_HOME", str(home))
    monkeypatch.setattr(supervisor, "WORKER", module)
    monkeypatch.setattr(train, "time", SimpleNamespace(sleep=sleep))
    assert cli.main(["train", "--device", "cpu", "--hidden", "16", "--epochs", "100000"]) == status
    store = RunStore(home)
    [row] = store.rows()
    store.close()
    out, err = capsys.readouterr()
    if trained:
        assert f"stopped at step {row.step:,}" in out
    else:
        assert out == ""
        assert "interrupted at step 0" in err.splitlines()[-1]
