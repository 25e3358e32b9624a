"""Sweeps with a real worker process: they survive its death, and their cells go on as runs."""

import json
import os
import signal
import time

import pytest
import torch

from aelib import ConfigError, Experiment, RunError, load_dataset
from aelib.commands import cli
from aelib.frames.framelog import read_log
from aelib.frames.message import unpack
from aelib.runs import FrameReader, RunFolder, supervisor
from aelib.runs.commands import Pause, Play, SetPace
from aelib.sweep import StackedTraining, StructureSweep, SweepSpec, log_values
from tests.runs.steering import status, wait_for


def messages(server, run_id):
    return [unpack(entry.payload) for entry in read_log(server.store.folder(run_id) / "frames.log")[1]]


def test_a_sweep_through_a_worker_and_through_the_command_gives_equal_figures(server, capsys):
    line = "sweep --variant variational --hidden 16 --epochs 3 --knob beta --from 0.1 --to 10 --count 4 --log --json"
    assert cli.main([*line.split(), "--device", "cpu"]) == 0
    found = json.loads(capsys.readouterr().out)
    sweep = SweepSpec.model_validate(found["sweep"])
    assert sweep.values == log_values(0.1, 10, 4)
    sweep_id = server.supervisor.launch_sweep(sweep, "cpu")
    wait_for(lambda: status(server, sweep_id) == "finished")
    meta, _ = messages(server, sweep_id)[-1]
    assert (meta["kind"], meta["step"]) == ("sweepframe", 60)
    assert meta["trade"] == pytest.approx([cell["trade"] for cell in found["cells"]], rel=1e-6)
    for name, values in meta["test"].items():
        assert values == pytest.approx([cell["figures"][name] for cell in found["cells"]], rel=1e-6), name


def test_a_killed_worker_is_replaced_and_its_sweep_ends_as_if_nothing_had_happened(server, small):
    sweep = SweepSpec(base=small(epochs=25), knob="level", values=(0.1, 0.5, 0.9))  # 1,000 steps
    sweep_id = server.supervisor.launch_sweep(sweep)
    server.supervisor.send(sweep_id, SetPace(steps_per_second=400))  # so that it does not end before it is killed
    reader = FrameReader(RunFolder(server.store.folder(sweep_id)).frames)
    wait_for(lambda: server.store.get(sweep_id).step > 100)
    assert reader.poll()[1]
    [pid] = server.supervisor.worker_pids()
    os.kill(pid, signal.SIGKILL)
    fresh = []
    wait_for(lambda: fresh.extend(reader.poll()[1]) or status(server, sweep_id) == "finished")
    assert server.supervisor.worker_pids() != [pid]
    fresh.extend(reader.poll()[1])
    assert unpack(fresh[-1])[0]["step"] == 1000
    expected = StackedTraining(sweep, load_dataset("digits"))
    for _ in expected:
        pass
    state, _ = RunFolder(server.store.folder(sweep_id)).read_state()
    for name, value in expected.state_dict().items():
        assert torch.equal(state[name], value), name


def test_a_cell_goes_on_as_a_run_while_the_sweep_does_too(server, small):
    sweep = SweepSpec(base=small(epochs=10), knob="level", values=(0.1, 0.9))
    sweep_id = server.supervisor.launch_sweep(sweep)
    server.supervisor.send(sweep_id, SetPace(steps_per_second=150))  # so that it does not end before it is paused
    wait_for(lambda: server.store.get(sweep_id).step > 0)
    server.supervisor.send(sweep_id, Pause())
    wait_for(lambda: status(server, sweep_id) == "paused")
    run_id = server.supervisor.open_cell(sweep_id, 1)
    step = server.store.get(sweep_id).step
    assert (status(server, run_id), server.store.get(run_id).step) == ("paused", step)
    assert server.store.get(run_id).experiment == sweep.cells[1]
    wait_for(lambda: len(messages(server, run_id)) == 2)
    assert [meta["kind"] for meta, _ in messages(server, run_id)] == ["scene", "frame"]
    time.sleep(0.2)
    assert (status(server, run_id), server.store.get(run_id).step) == ("paused", step)  # nobody pressed Play yet
    assert 0 < step < 400
    for each in (run_id, sweep_id):
        server.supervisor.send(each, SetPace())
        server.supervisor.send(each, Play())
    wait_for(lambda: all(status(server, each) == "finished" for each in (run_id, sweep_id)))
    whole, alone = messages(server, sweep_id)[-1][0], messages(server, run_id)[-1][0]
    assert alone["step"] == whole["step"] == 400
    for name in ("loss", "squared_error"):
        assert alone["test"][name] == pytest.approx(whole["test"][name][1], rel=1e-4)
    server.supervisor.delete(run_id)
    assert server.store.sweep(sweep_id)


def test_runs_side_by_side(server, small):
    sweep = StructureSweep(base=small("variational", epochs=1), setting="latent", values=(1, 3))
    sweep_id = server.supervisor.launch_sweep(sweep)
    row = server.store.sweep(sweep_id)
    wait_for(lambda: all(status(server, run_id) == "finished" for run_id in row.members))
    for run_id, latent in zip(row.members, (1, 3), strict=True):
        (scene, _), *_, (frame, arrays) = messages(server, run_id)
        assert arrays["codes"].shape[1] == latent
        assert scene["trade"]["name"] == "kl"
        assert frame["trade"] == pytest.approx(frame["test"]["kl"], rel=1e-5)  # β is 1
    assert server.supervisor.open_cell(sweep_id, 1) == row.members[1]
    server.store.update(row.members[0], saved=True)
    server.supervisor.delete_sweep(sweep_id)
    wait_for(lambda: not server.store.folder(row.members[1]).exists())
    assert server.store.get(row.members[0]).saved  # somebody kept it
    with pytest.raises(RunError, match="sweep is not here"):
        server.store.sweep(sweep_id)


def test_a_deleted_sweep_is_gone(server, small):
    sweep = SweepSpec(base=small(epochs=100_000), knob="seed", values=(0, 1))
    sweep_id = server.supervisor.launch_sweep(sweep)
    wait_for(lambda: server.store.get(sweep_id).step > 0)
    server.supervisor.delete_sweep(sweep_id)
    wait_for(lambda: not server.store.folder(sweep_id).exists())
    for ask in (server.store.get, server.store.sweep, server.supervisor.delete_sweep):
        with pytest.raises(RunError):
            ask(sweep_id)


def test_what_cannot_be_launched_is_refused_before_anything_is_made(server, small):
    count = len(server.store.rows()), len(server.store.sweeps())
    many = StructureSweep(base=small(), setting="latent", values=tuple(range(1, 18)))
    with pytest.raises(ConfigError, match=r"At most 16 runs .* 17 values"):
        server.supervisor.launch_sweep(many)
    convolutions = SweepSpec(base=Experiment.of(variant="convolutional"), knob="seed", values=tuple(range(17)))
    with pytest.raises(ConfigError, match="At most 16 runs"):
        server.supervisor.launch_sweep(convolutions)
    with pytest.raises(ConfigError, match="no device"):
        server.supervisor.launch_sweep(SweepSpec(base=small(), knob="seed", values=(0, 1)), "quantum")
    assert (len(server.store.rows()), len(server.store.sweeps())) == count


def test_cells_that_there_are_not(server, small, monkeypatch):
    monkeypatch.setattr(supervisor.Supervisor, "send", lambda *_: None)  # nobody trains it
    sweep_id = server.supervisor.launch_sweep(SweepSpec(base=small(), knob="seed", values=(0, 1)))
    for k in (-1, 2):
        with pytest.raises(RunError, match="cells 0 to 1"):
            server.supervisor.open_cell(sweep_id, k)
    with pytest.raises(RunError, match="no weights yet"):
        server.supervisor.open_cell(sweep_id, 0)
    for key in ("a" * 22, "../../etc", ""):
        with pytest.raises(RunError, match="not here"):
            server.supervisor.open_cell(key, 0)
