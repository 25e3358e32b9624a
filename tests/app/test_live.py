"""The live socket: frames out, commands in, and manners towards those who send nonsense."""

import time

import numpy as np
import pytest
from websockets.exceptions import InvalidStatus

from aelib import Autoencoder, Experiment
from aelib.frames.frame import weights_message
from aelib.frames.framelog import read_log
from aelib.frames.kept import kept_steps
from aelib.frames.message import unpack
from aelib.runs.commands import Pause
from app.service import server as app_server
from app.service.sockets import MAX_MISTAKES, NO_SUCH_RUN, NOT_ALLOWED
from tests.app.livesocket import closing_code, message_of, note_of, send
from tests.runs.steering import wait_for


def frame_of(socket, wanted=lambda meta: True):
    return message_of(socket, lambda meta: meta.get("kind") == "frame" and wanted(meta))


@pytest.fixture
def run_id(site):
    """A run that goes on until it is deleted."""
    network, train = {"hidden": (16,)}, {"epochs": 100_000, "evaluate_every": 0}
    run_id = site.supervisor.launch(Experiment.of(variant="denoising", network=network, train=train), "cpu")
    yield run_id
    site.supervisor.delete(run_id)


def test_the_scene_comes_first_then_frames_as_they_appear(site, run_id):
    with site.connect(run_id) as socket:
        meta, _ = message_of(socket, lambda meta: "kind" in meta)
        assert meta["kind"] == "scene"
        steps = [frame_of(socket)[0]["step"] for _ in range(12)]
    assert steps[0] == 0
    assert steps == sorted(steps)
    assert steps[-1] > 5


def test_who_wants_the_newest_alone_gets_no_past(site):
    """Of the frames that are there; the checkpoint has several."""

    def steps(key):
        with site.connect(key) as socket:
            messages = [message_of(socket, lambda meta: "kind" in meta)[0]]
            while messages[-1].get("step") != last:
                messages.append(message_of(socket, lambda meta: "kind" in meta)[0])
        return [meta.get("step") for meta in messages]

    last = read_log(site.server.library.folder_of("made").frames)[1][-1].step
    assert len(steps("made?look=1")) > 2
    assert steps("made?look=1&newest=1") == [None, last]


def test_commands_act(site, run_id):
    with site.connect(run_id) as socket:
        frame_of(socket, lambda meta: meta["step"] > 3)
        send(socket, type="knob", name="level", value=0.75)
        meta, _ = frame_of(socket, lambda meta: meta["knobs"]["level"][0] == 0.75)
        assert 3 < meta["knobs"]["level"][1] <= meta["step"]
        send(socket, type="pause")
        step = frame_of(socket, lambda meta: meta["status"] == "paused")[0]["step"]
        send(socket, type="step")
        assert frame_of(socket)[0]["step"] == step + 1
        send(socket, type="rewind")
        assert message_of(socket, lambda meta: "kind" in meta)[0]["kind"] == "scene"
        assert frame_of(socket)[0]["step"] == 0


def test_weights_come_when_they_are_asked_for_and_fit_the_frame(site, run_id):
    with site.connect(run_id) as socket:
        frame_of(socket, lambda meta: meta["step"] > 3)
        send(socket, type="pause")
        step = frame_of(socket, lambda meta: meta["status"] == "paused")[0]["step"]
        send(socket, type="weights")
        meta, arrays = message_of(socket, lambda meta: meta.get("kind") == "weights")
        assert meta["step"] == step
    model = Autoencoder.load(site.store.folder(run_id))
    assert np.array_equal(arrays["0.weight"], model.network.decoder[0].weight.detach())


def test_the_encoder_goes_to_the_sockets_that_asked_for_it(site, run_id):
    def weights_of(socket, wanted=lambda meta: True):
        return message_of(socket, lambda meta: meta.get("kind") == "weights" and wanted(meta))

    with site.connect(run_id) as plain, site.connect(run_id) as drawing:
        frame_of(plain, lambda meta: meta["step"] > 3)
        for _ in range(2):
            send(drawing, type="weights", encoder=True)
            send(plain, type="weights")
            meta, arrays = weights_of(drawing)
            assert f"encoder.{len(meta['encoder']) - 2}.weight" in arrays
            assert "encoder" not in weights_of(plain)[0]
        send(drawing, type="pause")
        step = frame_of(drawing, lambda meta: meta["status"] == "paused")[0]["step"]
        send(drawing, type="weights", encoder=True)
        _, arrays = weights_of(drawing, lambda meta: meta["step"] == step and "encoder" in meta)
        send(drawing, type="weights")
        weights_of(drawing, lambda meta: meta["step"] == step and "encoder" not in meta)
    model = Autoencoder.load(site.store.folder(run_id))
    assert np.array_equal(arrays["encoder.0.weight"], model.network.encoder[0].weight.detach())


def test_the_decoder_of_a_moment_that_has_passed(site, run_id):
    with site.connect(run_id) as socket:
        send(socket, type="weights")
        message_of(socket, lambda note: note.get("type") == "kept" and len(note["steps"]) > 5)
        send(socket, type="pause")
        frame_of(socket, lambda meta: meta["status"] == "paused")
    with site.connect(run_id) as socket:  # at rest, nothing more is kept
        send(socket, type="weights")
        kept = note_of(socket, "kept")["steps"]
        assert kept == kept_steps(site.store.folder(run_id) / "decoders")
        send(socket, type="weights", step=kept[2])
        meta, arrays = message_of(socket, lambda meta: meta.get("kind") == "weights" and meta.get("kept"))
        assert meta["step"] == kept[2]
        _, now = unpack(weights_message(Autoencoder.load(site.store.folder(run_id)), 0))
        assert {name: array.shape for name, array in arrays.items()} == {name: a.shape for name, a in now.items()}
        send(socket, type="rewind")
        message_of(socket, lambda note: note.get("type") == "kept" and note["steps"] == [0])


@pytest.mark.parametrize("step", [-1, 1.5, "../state", 10**16, [1], "NaN"])
def test_a_step_that_is_none_is_refused(site, run_id, step):
    with site.connect(run_id) as socket:
        send(socket, type="weights", step=step)
        message = note_of(socket, "error")["message"]
        assert message.startswith("This message is not a command: step: ")
        assert message.endswith(".")


@pytest.mark.parametrize("key", ["made", "run"])
def test_weights_that_are_not_kept_are_told_in_a_sentence(site, run_id, key):
    """What an older version wrote has kept none, either."""
    with site.connect("made" if key == "made" else run_id) as socket:
        frame_of(socket)
        send(socket, type="weights", step=123_456_789)
        assert (note_of(socket, "kept")["steps"] == []) == (key == "made")
        assert "step 123,456,789 are not kept" in note_of(socket, "gone")["message"]


def test_two_viewers_see_the_same(site, run_id):
    with site.connect(run_id) as first, site.connect(run_id) as second:
        frame_of(first, lambda meta: meta["step"] > 5)
        send(first, type="pause")
        paused = [frame_of(s, lambda meta: meta["status"] == "paused" and meta["step"] > 5) for s in (first, second)]
        assert paused[0][0] == paused[1][0]
        assert np.array_equal(paused[0][1]["codes"], paused[1][1]["codes"])


MALFORMED = [
    "",
    "hello",
    "[]",
    '{"type": "explode"}',
    '{"type": "knob", "name": "level", "value": NaN}',
    "x" * 5000,
    b"\xff\x00",
]


def test_malformed_messages_get_one_sentence_each_and_the_socket_lives_on(site, run_id):
    with site.connect(run_id) as socket:
        for text in MALFORMED:
            socket.send(text)
            message = note_of(socket, "error")["message"]
            assert message.endswith(".")
            assert "\n" not in message
        send(socket, type="pause")
        frame_of(socket, lambda meta: meta["status"] == "paused")


def test_a_command_that_the_run_refuses_is_told(site, run_id):
    with site.connect(run_id) as socket:
        frame_of(socket, lambda meta: meta["step"] > 0)
        send(socket, type="knob", name="nonsense", value=1)
        message_of(socket, lambda note: note.get("type") == "error" and "nonsense" in note["message"])
        step = frame_of(socket)[0]["step"]
        frame_of(socket, lambda meta: meta["step"] > step)


def test_who_sends_nothing_but_nonsense_is_sent_away(site, run_id):
    with site.connect(run_id) as socket:
        for _ in range(MAX_MISTAKES):
            socket.send("nonsense")
        assert closing_code(socket) == NOT_ALLOWED
    with site.connect(run_id) as socket:  # the server goes on
        frame_of(socket)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
def test_pages_of_other_sites_are_refused(site, run_id, origin):
    with site.connect(run_id, origin=origin) as socket:
        assert closing_code(socket) == NOT_ALLOWED


def test_pages_of_this_site_are_served(site, run_id):
    with site.connect(run_id, origin=f"http://{site.address}") as socket:
        frame_of(socket)


@pytest.mark.parametrize("key", ["a" * 22, "nothing", "..%5C..", "made%00", "%20"])
def test_an_unknown_run(site, key):
    with site.connect(key) as socket:
        note = note_of(socket, "status")
        assert note["status"] == "failed"
        assert note["message"].endswith(".")
        assert closing_code(socket) == NO_SUCH_RUN


@pytest.mark.parametrize("key", ["..%2F..%2Fetc", "a/b", ""])
def test_a_path_that_is_no_key_is_not_even_opened(site, key):
    with pytest.raises(InvalidStatus):
        site.connect(key)


def test_a_run_deleted_while_somebody_looks(site, run_id):
    with site.connect(run_id) as socket:
        frame_of(socket)
        site.supervisor.delete(run_id)
        message_of(socket, lambda note: note.get("type") == "status" and note["status"] == "failed")
        assert closing_code(socket) == NO_SUCH_RUN


def test_a_failed_run_says_why(site, run_id):
    site.supervisor.send(run_id, Pause())
    wait_for(lambda: site.store.get(run_id).status == "paused")
    site.store.update(run_id, status="failed", message="The reason.")
    with site.connect(run_id) as socket:
        assert note_of(socket, "status") == {"type": "status", "status": "failed", "message": "The reason."}


def test_a_pretrained_checkpoint_is_for_looking(site):
    with site.connect("made") as socket:
        assert message_of(socket, lambda meta: True)[0]["kind"] == "scene"
        frame_of(socket, lambda meta: meta["step"] == 40)
        send(socket, type="weights")
        meta, _ = message_of(socket, lambda meta: meta.get("kind") == "weights")
        assert meta["step"] == 40
        for command in ("play", "rewind", "step", "stop"):
            send(socket, type=command)
            assert "Continue training" in note_of(socket, "error")["message"]
    assert "made" not in [row.id for row in site.store.rows()]


def test_an_unattended_run_is_paused_and_goes_on_when_somebody_looks_again(site, run_id, monkeypatch):
    monkeypatch.setattr(app_server, "GRACE_SECONDS", 0.3)
    with site.connect(run_id) as socket:
        frame_of(socket, lambda meta: meta["step"] > 3)
    wait_for(lambda: site.store.get(run_id).status == "paused")
    row = site.store.get(run_id)
    assert row.unattended
    assert "looks again" in row.message
    with site.connect(run_id) as socket:
        frame_of(socket, lambda meta: meta["step"] > row.step)
    assert not site.store.get(run_id).unattended


def test_within_the_grace_period_a_reload_disturbs_nothing(site, run_id, monkeypatch):
    monkeypatch.setattr(app_server, "GRACE_SECONDS", 1.0)
    with site.connect(run_id) as socket:
        frame_of(socket, lambda meta: meta["step"] > 3)
    with site.connect(run_id) as socket:
        time.sleep(1.5)
        assert site.store.get(run_id).status == "running"
        step = site.store.get(run_id).step
        frame_of(socket, lambda meta: meta["step"] > step)


def test_a_run_paused_by_hand_stays_paused_when_somebody_looks_again(site, run_id, monkeypatch):
    monkeypatch.setattr(app_server, "GRACE_SECONDS", 0.1)
    with site.connect(run_id) as socket:
        frame_of(socket, lambda meta: meta["step"] > 3)
        send(socket, type="pause")
        frame_of(socket, lambda meta: meta["status"] == "paused")
    time.sleep(0.5)
    with site.connect(run_id) as socket:
        frame_of(socket)
        time.sleep(0.3)
    assert site.store.get(run_id).status == "paused"
