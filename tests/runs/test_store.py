"""The store and the folders of runs."""

import json
import sqlite3
import subprocess
import sys

import pytest
import torch

from aelib import CheckpointError, Experiment, RunError
from aelib.runs import RunFolder, RunStore
from aelib.runs.folder import KnobEvent
from aelib.runs.store import ACTIVE, is_run_id
from aelib.sweep import StructureSweep, SweepSpec

BAD_IDS = [
    "",
    "x",
    "../../etc",
    "../../etc/passwd/aaaaaa",
    "a" * 21,
    "a" * 23,
    "a" * 21 + "/",
    "a" * 21 + "é",
    "a" * 22 + "\n",
]


def test_create_and_get(store, small):
    experiment = small()
    run_id = store.create(experiment, "cpu", "A title")
    row = store.get(run_id)
    assert is_run_id(run_id)
    assert (row.experiment, row.device, row.title) == (experiment, "cpu", "A title")
    assert (row.status, row.step, row.saved, row.unattended) == ("waiting", 0, False, False)
    assert row.status in ACTIVE
    assert store.folder(run_id).is_dir()


def test_ids_are_never_the_same(store, small):
    assert len({store.create(small()) for _ in range(20)}) == 20


def test_rows_newest_first_and_filtered(store, small):
    ids = [store.create(small(), title=str(i)) for i in range(4)]
    store.update(ids[1], saved=True, status="running")
    store.update(ids[2], saved=True)
    assert [row.id for row in store.rows()] == ids[::-1]
    assert [row.id for row in store.rows(saved=True)] == [ids[2], ids[1]]
    assert [row.id for row in store.rows(saved=False, status=("waiting",))] == [ids[3], ids[0]]
    assert [row.id for row in store.rows(status=("running", "paused"))] == [ids[1]]


def test_who_has_the_runs_that_should_be_worked_on(store, small):
    """Also those of a version whose experiments mean nothing here: only `rows` reads what a run is."""
    mine, ended, foreign = (store.create(small()) for _ in range(3))
    assert store.claim(mine, "a" * 22, status="running")
    store.update(ended, status="finished")
    store.update(foreign, experiment='{"schema_version": 99}', status="running")
    assert {run.id: run.owner for run in store.active()} == {mine: "a" * 22, foreign: None}
    assert store.get(mine).heartbeat in [run.heartbeat for run in store.active()]


def test_update_changes_columns_and_the_heartbeat(store, small):
    run_id = store.create(small())
    before = store.get(run_id).heartbeat
    store.update(run_id, step=7, message="β", experiment=small(seed=3))
    row = store.get(run_id)
    assert (row.step, row.message, row.experiment.train.seed) == (7, "β", 3)
    assert row.heartbeat > before


def test_a_run_of_another_version_is_not_listed(store, small):
    run_id, other = store.create(small()), store.create(small())
    with sqlite3.connect(store.home / "runs.sqlite") as writer:
        writer.execute("UPDATE runs SET experiment = '{\"schema_version\": 9}' WHERE id = ?", (run_id,))
    writer.close()
    assert [row.id for row in store.rows()] == [other]
    with pytest.raises(RunError):
        store.get(run_id)


def test_delete(store, small):
    run_id, other = store.create(small()), store.create(small())
    store.delete(run_id)
    with pytest.raises(RunError, match=r"not here.*\.$"):
        store.get(run_id)
    assert [row.id for row in store.rows()] == [other]
    store.update(run_id, step=1)  # a worker may still be writing
    store.delete(run_id)


def test_an_unknown_run(store):
    with pytest.raises(RunError):
        store.get("a" * 22)


@pytest.mark.parametrize("text", BAD_IDS)
def test_what_is_no_id_is_never_made_into_a_path(store, text):
    assert not is_run_id(text)
    with pytest.raises(RunError) as caught:
        store.folder(text)
    assert "\n" not in str(caught.value)
    with pytest.raises(RunError):
        store.get(text)


def test_readers_do_not_wait_for_a_writer(store, small):
    run_id = store.create(small())
    writer = sqlite3.connect(store.home / "runs.sqlite")
    try:
        assert writer.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE runs SET step = 5")
        assert store.get(run_id).step == 0
        writer.commit()
        assert store.get(run_id).step == 5
    finally:
        writer.close()


WRITER = """
import sys
from pathlib import Path
from aelib import Experiment
from aelib.runs import RunStore
store = RunStore(Path(sys.argv[1]))
for i in range(60):
    store.update(store.create(Experiment.of(), title=sys.argv[2]), step=i)
store.close()
"""


def test_two_processes_write_at_once_even_when_the_database_is_new(tmp_path):
    home = tmp_path / "home"
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, home, name]) for name in "ab"]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    store = RunStore(home)
    rows = store.rows()
    store.close()
    assert sorted((row.title, row.step) for row in rows) == [(name, i) for name in "ab" for i in range(60)]


# --- the folder of a run -----------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    return RunFolder(tmp_path)


def test_state_round_trip(folder):
    assert folder.read_state() is None
    tensors = {"a": torch.arange(3), "b": torch.tensor(0.1), "c": torch.empty(0)}
    meta = {"history": [1.5], "text": "β", "extremes": [-2.5, 3.5]}
    folder.write_state(tensors, meta)
    found, told = folder.read_state()
    assert told == meta
    assert found.keys() == tensors.keys()
    assert all(torch.equal(found[name], value) for name, value in tensors.items())
    folder.write_state({"a": torch.zeros(1)}, {})
    assert folder.read_state()[0].keys() == {"a"}


def test_a_state_without_extremes_is_of_pictures(folder):
    folder.write_state({"a": torch.zeros(1)}, {"history": []})
    assert folder.read_state()[1] == {"history": [], "extremes": (0.0, 1.0)}


@pytest.mark.parametrize("damage", [lambda b: b"", lambda b: b[:20], lambda b: b[:-1], lambda b: b"\xff" * len(b)])
def test_a_damaged_state(folder, damage):
    folder.write_state({"a": torch.arange(3)}, {})
    folder.state.write_bytes(damage(folder.state.read_bytes()))
    with pytest.raises(CheckpointError, match=r"state\.safetensors"):
        folder.read_state()


def test_a_foreign_safetensors_file_is_no_state(folder):
    from safetensors.torch import save_file

    save_file({"a": torch.arange(3)}, folder.state)
    with pytest.raises(CheckpointError, match="not a snapshot"):
        folder.read_state()
    save_file({"a": torch.arange(3)}, folder.state, metadata={"run": "[1, 2]"})
    with pytest.raises(CheckpointError, match="not a snapshot"):
        folder.read_state()


def test_events_round_trip(folder):
    assert folder.read_events() == []
    events = [KnobEvent(1, "beta", 2.0), KnobEvent(4, "beta", 0.1), KnobEvent(4, "learning_rate", 1e-5)]
    for event in events:
        folder.add_event(event)
    assert folder.read_events() == events
    folder.clear_events()
    assert folder.read_events() == []
    folder.clear_events()


def test_a_torn_event_is_left_out_and_later_ones_count(folder):
    folder.add_event(KnobEvent(1, "beta", 2.0))
    folder.add_event(KnobEvent(2, "beta", 3.0))
    folder.events.write_bytes(folder.events.read_bytes()[:-7])
    assert folder.read_events() == [KnobEvent(1, "beta", 2.0)]
    folder.add_event(KnobEvent(5, "beta", 4.0))
    assert folder.read_events() == [KnobEvent(1, "beta", 2.0), KnobEvent(5, "beta", 4.0)]


@pytest.mark.parametrize("line", ["[]", "3", "{}", '{"step": 1}', '{"step": 1, "name": "a", "value": 2, "more": 3}'])
def test_a_foreign_line_among_the_events_is_left_out(folder, line):
    folder.events.write_text(line + "\n" + json.dumps({"step": 1, "name": "beta", "value": 2.0}))
    assert folder.read_events() == [KnobEvent(1, "beta", 2.0)]


def test_a_change_annuls_later_ones_of_the_same_knob(folder):
    """After a crash a run stands at an earlier step; who then turns a knob means it from there on."""
    for event in (KnobEvent(10, "beta", 1.0), KnobEvent(30, "beta", 2.0), KnobEvent(40, "learning_rate", 0.1)):
        folder.add_event(event)
    folder.add_event(KnobEvent(20, "beta", 3.0))
    assert folder.read_events() == [
        KnobEvent(10, "beta", 1.0), KnobEvent(20, "beta", 3.0), KnobEvent(40, "learning_rate", 0.1),
    ]  # fmt: skip


def test_copy_and_remove(folder, tmp_path):
    folder.write_state({"a": torch.arange(3)}, {})
    folder.add_event(KnobEvent(1, "beta", 2.0))
    target = RunFolder(tmp_path.parent / "copy")
    folder.copy_to(target.path)
    assert target.read_state()[0].keys() == {"a"}
    assert target.read_events() == folder.read_events()
    target.remove()
    target.remove()
    assert not target.path.exists()


# --- sweeps ------------------------------------------------------------------------------------------


def stacked(small):
    return SweepSpec(base=small(), knob="level", values=(0.1, 0.5, 0.9))


def parallel(small):
    return StructureSweep(base=small(), setting="latent", values=(1, 2))


def test_a_stacked_sweep_is_one_run_of_its_own_id(store, small):
    row = store.create_sweep(stacked(small), "cpu")
    assert row.is_stacked
    assert row.members == (row.id,)
    assert store.sweep(row.id) == row
    run = store.get(row.id)
    assert (run.experiment, run.device, run.status, run.saved) == (small(), "cpu", "waiting", False)


def test_any_other_sweep_is_a_run_for_each_cell(store, small):
    row = store.create_sweep(parallel(small), "cpu")
    assert not row.is_stacked
    assert is_run_id(row.id)
    assert [store.get(run_id).experiment for run_id in row.members] == list(row.spec.cells)
    with pytest.raises(RunError):
        store.get(row.id)
    convolutional = SweepSpec(base=Experiment.of(variant="convolutional"), knob="seed", values=(0, 1))
    assert not store.create_sweep(convolutional).is_stacked


def test_sweeps_are_listed_newest_first_and_survive_a_restart(store, small):
    rows = [store.create_sweep(spec) for spec in (stacked(small), parallel(small), stacked(small))]
    again = RunStore(store.home)
    assert again.sweeps() == rows[::-1]
    assert again.sweeps(limit=2) == rows[:0:-1]
    assert again.runs_of_sweeps() == {run_id for row in rows for run_id in row.members}
    assert [again.is_sweep(key) for key in (rows[0].id, rows[1].id, rows[1].members[0], "")] == [
        True,
        True,
        False,
        False,
    ]
    again.close()


def test_a_sweep_is_gone_with_the_last_of_its_runs(store, small):
    one, other = store.create_sweep(stacked(small)), store.create_sweep(parallel(small))
    store.delete(one.id)
    assert store.sweeps() == [other]
    store.delete(other.members[0])
    assert store.sweeps() == [other]
    store.delete(other.members[1])
    assert store.sweeps() == []


@pytest.mark.parametrize("key", BAD_IDS)
def test_there_is_no_such_sweep(store, key):
    with pytest.raises(RunError, match="sweep is not here") as caught:
        store.sweep(key)
    assert "\n" not in str(caught.value)


def test_a_sweep_of_another_version_is_left_out(store, small):
    row = store.create_sweep(stacked(small))
    with sqlite3.connect(store.home / "runs.sqlite") as connection:
        connection.execute('UPDATE sweeps SET spec = replace(spec, \'"kind":"knob"\', \'"kind":"dial"\')')
    connection.close()
    assert store.sweeps() == []
    with pytest.raises(RunError):
        store.sweep(row.id)


def test_a_store_without_sweeps_gets_their_table(tmp_path, small):
    """One that was made before there were any."""
    first = RunStore(tmp_path)
    run_id = first.create(small())
    first.close()
    with sqlite3.connect(tmp_path / "runs.sqlite") as connection:
        connection.execute("DROP TABLE sweeps")
    connection.close()
    again = RunStore(tmp_path)
    assert [row.id for row in again.rows()] == [run_id]
    assert again.sweeps() == []
    again.close()
