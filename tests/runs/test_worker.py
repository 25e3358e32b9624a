"""The worker: its time is shared fairly, and what goes wrong in one run stays there."""

import threading
import time
from collections import Counter
from contextlib import contextmanager

import pytest
import torch

from aelib.runs import RunFolder
from aelib.runs.commands import Pause, Play, SetKnob, Step
from aelib.runs.live import LiveRun
from aelib.runs.orders import Close, Delete, Open, Order
from aelib.runs.worker import Worker


@contextmanager
def serving(store):
    """A worker in a thread, and a function that gives it an order."""
    worker = Worker(store, torch.device("cpu"))
    thread = threading.Thread(target=worker.serve, daemon=True)
    thread.start()

    def order(run_id, what):
        worker.orders.put(Order(run=run_id, what=what))

    try:
        yield worker, order
    finally:
        worker.orders.put(None)
        thread.join(20)
        assert not thread.is_alive()


def wait_for(condition, seconds=20.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def start(store, order, experiment):
    run_id = store.create(experiment)
    order(run_id, Open())
    order(run_id, Play())
    return run_id


@pytest.fixture
def endless(small):
    """An experiment that does not end within a test."""

    def make(variant="denoising", seed=0):
        return small(variant, epochs=100_000, seed=seed)

    return make


def test_a_run_trains_to_its_end(store, small):
    with serving(store) as (_, order):
        run_id = start(store, order, small(epochs=2))
        wait_for(lambda: store.get(run_id).status == "finished")
    row = store.get(run_id)
    assert (row.step, row.epoch, row.rate) == (80, 2, 0.0)  # 1,297 digits in batches of 32


def test_runs_move_alike_however_many_there_are(store, endless, monkeypatch):
    """What each gets is time, in turns, so that a cheap step is done more often."""
    turns, advance = [], LiveRun.advance

    def noted(self, seconds):
        turns.append((self.folder.path.name, seconds))
        advance(self, seconds)

    monkeypatch.setattr(LiveRun, "advance", noted)
    with serving(store) as (worker, order):
        ids = [start(store, order, endless(variant)) for variant in ("linear", "denoising", "denoising", "variational")]
        wait_for(lambda: len(worker.runs) == 4 and all(run.training.step for run in worker.runs.values()))
        before, begun = {run_id: worker.runs[run_id].training.step for run_id in ids}, len(turns)
        wait_for(lambda: len(turns) >= begun + 41)  # the first may have begun before
        assert all(worker.runs[run_id].training.step > before[run_id] for run_id in ids)
    some = turns[begun + 1 : begun + 41]
    assert Counter(run_id for run_id, _ in some) == dict.fromkeys(ids, 10)
    assert len({seconds for _, seconds in some}) == 1


def test_a_paused_run_takes_no_time(store, endless):
    with serving(store) as (worker, order):
        first, second = start(store, order, endless()), start(store, order, endless())
        wait_for(lambda: all(run_id in worker.runs and worker.runs[run_id].training.step for run_id in (first, second)))
        order(first, Pause())
        wait_for(lambda: store.get(first).status == "paused")
        frozen, moving = (worker.runs[run_id].training.step for run_id in (first, second))
        wait_for(lambda: worker.runs[second].training.step > moving + 50)
        assert worker.runs[first].training.step == frozen == store.get(first).step


def test_an_error_in_one_run_ends_only_that_run(store, endless, monkeypatch, capsys):
    advance = LiveRun.advance

    def sometimes(self, seconds):
        if self.experiment.train.seed == 13 and self.training.step > 5:
            raise ValueError("secret detail")
        advance(self, seconds)

    monkeypatch.setattr(LiveRun, "advance", sometimes)
    with serving(store) as (worker, order):
        good, bad = start(store, order, endless()), start(store, order, endless(seed=13))
        wait_for(lambda: store.get(bad).status == "failed")
        assert list(worker.runs) == [good]
        step = worker.runs[good].training.step
        wait_for(lambda: worker.runs[good].training.step > step + 50)
    message = store.get(bad).message
    assert "unexpected error (ValueError)" in message
    assert "secret detail" not in message
    assert "secret detail" in capsys.readouterr().err  # the log has the details
    assert store.get(good).status == "paused"


def test_a_refused_command_leaves_a_message_and_the_run_goes_on(store, endless):
    with serving(store) as (worker, order):
        run_id = start(store, order, endless())
        order(run_id, SetKnob(name="nope", value=1.0))
        wait_for(lambda: "nope" in store.get(run_id).message)
        assert store.get(run_id).status == "running"
        step = worker.runs[run_id].training.step
        wait_for(lambda: worker.runs[run_id].training.step > step + 20)


def test_commands_that_come_while_the_data_load_are_carried_out_in_order(store, endless):
    with serving(store) as (worker, order):
        run_id = store.create(endless())
        for what in (Open(), Step(), Step(), SetKnob(name="level", value=0.5)):
            order(run_id, what)
        wait_for(lambda: store.get(run_id).step == 2)
        wait_for(lambda: worker.runs[run_id].training.knob_values["level"] == 0.5)
    events = RunFolder(store.folder(run_id)).read_events()
    assert [(event.step, event.value) for event in events] == [(2, 0.5)]


def test_a_run_that_cannot_be_opened_fails_with_its_reason(store, endless):
    run_id, good = store.create(endless()), store.create(endless())
    RunFolder(store.folder(run_id)).state.write_bytes(b"\xff" * 100)
    with serving(store) as (worker, order):
        for each in (run_id, good):
            order(each, Open())
            order(each, Play())
        wait_for(lambda: store.get(run_id).status == "failed")
        wait_for(lambda: good in worker.runs)
    assert "state.safetensors" in store.get(run_id).message
    assert store.get(good).status == "paused"


def test_an_order_is_carried_out_as_it_was_read(store, endless, monkeypatch):
    """Nothing parses it again on its way, not even while the data load."""
    obeyed = []
    monkeypatch.setattr(LiveRun, "obey", lambda self, command: obeyed.append(command))
    given = [SetKnob(name="level", value=0.1), SetKnob(name="level", value=0.2)]
    with serving(store) as (_, order):
        run_id = store.create(endless())
        order(run_id, Open())
        order(run_id, given[0])
        wait_for(lambda: len(obeyed) == 1)
        order(run_id, given[1])
        wait_for(lambda: len(obeyed) == 2)
    assert [id(command) for command in obeyed] == [id(command) for command in given]


def test_a_closed_run_is_saved_and_forgotten(store, endless):
    with serving(store) as (worker, order):
        run_id = start(store, order, endless())
        wait_for(lambda: run_id in worker.runs and worker.runs[run_id].training.step > 5)
        order(run_id, Close())
        wait_for(lambda: run_id not in worker.runs)
        row = store.get(run_id)
        assert row.status == "paused"
        assert row.step > 5
        order(run_id, Open())
        wait_for(lambda: run_id in worker.runs)
        assert worker.runs[run_id].training.step == row.step


def test_a_deleted_run_leaves_no_folder(store, endless):
    with serving(store) as (worker, order):
        run_id = start(store, order, endless())
        wait_for(lambda: run_id in worker.runs)
        store.delete(run_id)
        order(run_id, Delete())
        wait_for(lambda: run_id not in worker.runs)
        order(run_id, Play())  # too late, and of no effect
        order(run_id, Open())
        order(other := store.create(endless()), Open())
        wait_for(lambda: other in worker.runs)
    assert not store.folder(run_id).exists()


def test_leaving_saves_every_run(store, endless):
    with serving(store) as (worker, order):
        ids = [start(store, order, endless(seed=seed)) for seed in range(3)]
        wait_for(lambda: len(worker.runs) == 3 and all(run.training.step > 5 for run in worker.runs.values()))
    for run_id in ids:
        row = store.get(run_id)
        state = RunFolder(store.folder(run_id)).read_state()
        assert row.status == "paused"
        assert int(state[0]["step"]) == row.step > 5
