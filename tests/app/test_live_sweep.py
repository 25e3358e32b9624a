"""The live socket of a stacked sweep."""

import numpy as np
import pytest

from aelib import Experiment
from aelib.runs import RunFolder
from aelib.sweep import StructureSweep, SweepSpec
from app.service.sockets import NO_SUCH_RUN
from tests.app.livesocket import closing_code, message_of, note_of, send
from tests.runs.steering import wait_for

TRAIN = {"epochs": 100_000, "evaluate_every": 0}


@pytest.fixture
def sweep_id(site):
    """A sweep that goes on until it is deleted."""
    base = Experiment.of(variant="denoising", network={"hidden": (16,)}, train=TRAIN)
    sweep_id = site.supervisor.launch_sweep(SweepSpec(base=base, knob="level", values=(0.1, 0.5, 0.9)), "cpu")
    yield sweep_id
    site.supervisor.delete_sweep(sweep_id)


def frame_of(socket, wanted=lambda meta: True):
    return message_of(socket, lambda meta: meta.get("kind") == "sweepframe" and wanted(meta))


def test_the_scene_comes_first_then_frames_as_they_appear(site, sweep_id):
    with site.connect(sweep_id) as socket:
        meta, arrays = message_of(socket, lambda meta: "kind" in meta)
        assert meta["kind"] == "sweep"
        assert meta["sweep"]["values"] == [0.1, 0.5, 0.9]
        assert arrays["images"].shape == (500, 64)
        found = [frame_of(socket) for _ in range(12)]
    steps = [meta["step"] for meta, _ in found]
    assert steps[0] == 0
    assert steps == sorted(steps)
    assert found[-1][1]["codes"].shape == (3, 500, 2)


def test_the_transport_acts(site, sweep_id):
    with site.connect(sweep_id) as socket:
        frame_of(socket, lambda meta: meta["step"] > 3)
        send(socket, type="pause")
        step = frame_of(socket, lambda meta: meta["status"] == "paused")[0]["step"]
        send(socket, type="step")
        assert frame_of(socket)[0]["step"] == step + 1
        send(socket, type="rewind")
        assert message_of(socket, lambda meta: "kind" in meta)[0]["kind"] == "sweep"
        assert frame_of(socket)[0]["step"] == 0
        send(socket, type="pace", steps_per_second=200)
        send(socket, type="play")
        assert frame_of(socket, lambda meta: meta["step"] > 3)[0]["pace"] == 200
        send(socket, type="stop")
        frame_of(socket, lambda meta: meta["status"] == "stopped")


def test_a_reload_and_a_second_viewer_see_the_same(site, sweep_id):
    with site.connect(sweep_id) as first, site.connect(sweep_id) as second:
        frame_of(first, lambda meta: meta["step"] > 5)
        send(first, type="pause")
        one, other = (
            frame_of(s, lambda meta: meta["status"] == "paused" and meta["step"] > 5) for s in (first, second)
        )
    with site.connect(sweep_id) as again:
        assert message_of(again, lambda meta: "kind" in meta)[0]["kind"] == "sweep"
        third = frame_of(again, lambda meta: meta["status"] == "paused" and meta["step"] > 5)
    assert one[0] == other[0] == third[0]
    for _, arrays in (other, third):
        assert np.array_equal(arrays["codes"], one[1]["codes"])
        assert np.array_equal(arrays["strip"], one[1]["strip"])


@pytest.mark.parametrize("command", [{"type": "knob", "name": "level", "value": 0.5}, {"type": "weights"}])
def test_what_only_a_run_can_do_is_refused_to_the_sender_alone(site, sweep_id, command):
    with site.connect(sweep_id) as socket, site.connect(sweep_id) as other:
        frame_of(socket, lambda meta: meta["step"] > 0)
        send(socket, **command)
        assert "open one of its cells as a run" in note_of(socket, "error")["message"]
        step = frame_of(socket)[0]["step"]
        frame_of(socket, lambda meta: meta["step"] > step)
        seen = []
        frame_of(other, lambda meta: seen.append(meta) or meta["step"] > step)
    assert not [meta for meta in seen if meta.get("message")]
    assert site.store.get(sweep_id).message == ""


def test_a_cell_opens_as_a_run_with_knobs(site, sweep_id):
    with site.connect(sweep_id) as socket:
        frame_of(socket, lambda meta: meta["step"] > 3)
        send(socket, type="pause")
        step = frame_of(socket, lambda meta: meta["status"] == "paused")[0]["step"]
    wait_for(lambda: int(RunFolder(site.store.folder(sweep_id)).read_state()[0]["step"]) == step)
    run_id = site.supervisor.open_cell(sweep_id, 2)
    with site.connect(run_id) as socket:
        meta, _ = message_of(socket, lambda meta: meta.get("kind") == "frame")
        assert (meta["step"], meta["status"], meta["knobs"]["level"]) == (step, "paused", [0.9, 0])
        send(socket, type="knob", name="level", value=0.2)
        message_of(socket, lambda meta: meta.get("kind") == "frame" and meta["knobs"]["level"] == [0.2, step])
    site.supervisor.delete(run_id)


def test_runs_side_by_side_have_a_socket_each_and_their_sweep_none(site):
    base = Experiment.of(network={"hidden": (16,)}, train={**TRAIN, "epochs": 1})
    sweep_id = site.supervisor.launch_sweep(StructureSweep(base=base, setting="latent", values=(1, 2)))
    for k, run_id in enumerate(site.store.sweep(sweep_id).members):
        with site.connect(run_id) as socket:
            meta, _ = message_of(socket, lambda meta: meta.get("kind") == "scene")
            assert meta["latent"] == k + 1
    with site.connect(sweep_id) as socket:
        assert note_of(socket, "status")["status"] == "failed"
        assert closing_code(socket) == NO_SUCH_RUN
    site.supervisor.delete_sweep(sweep_id)
