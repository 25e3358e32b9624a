"""What a live socket asks of the database, and that it never waits for it where frames do."""

import asyncio
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from aelib import Experiment
from aelib.runs import RunFolder
from aelib.runs.commands import SetKnob, SetPace
from app.service import live_socket
from app.service.live_socket import Viewer
from app.service.watching import FileWatch
from tests.app.livesocket import message_of
from tests.runs.steering import wait_for

RUN_ID = "a" * 22


class Drag:
    """A socket on which somebody drags a knob and leaves."""

    query_params = ()

    def __init__(self, turns):
        self._texts = [json.dumps({"type": "knob", "name": "level", "value": value}) for value in turns]
        self.told = []

    async def receive(self):
        await asyncio.sleep(0)
        if self._texts:
            return {"type": "websocket.receive", "text": self._texts.pop(0)}
        return {"type": "websocket.disconnect"}

    async def send_text(self, text):
        self.told.append(json.loads(text))


@pytest.fixture
def server():
    """Counts how often a run is read."""
    row = SimpleNamespace(status="running", message="", experiment=Experiment.of(variant="denoising"))
    reads, commands = [], []

    async def came(key):
        pass

    def get(key):
        reads.append(key)
        return row

    return SimpleNamespace(
        reads=reads, commands=commands, row=row,
        store=SimpleNamespace(get=get),
        supervisor=SimpleNamespace(send=lambda key, command: commands.append(command)),
        files=FileWatch(), viewer_came=came, viewer_left=lambda key: None,
    )  # fmt: skip


def serve(socket, server, folder):
    async def conversation():
        await Viewer(socket, server, RUN_ID, RunFolder(folder)).serve()

    # In a thread: where browser tests ran before, this one has a loop of theirs.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(conversation())).result()


def test_a_drag_reads_the_run_once(server, tmp_path, monkeypatch):
    monkeypatch.setattr(live_socket, "STATUS_SECONDS", 600.0)
    turns = [k / 100 for k in range(100)]
    serve(Drag(turns), server, tmp_path)
    assert server.commands == [SetKnob(name="level", value=value) for value in turns]
    assert len(server.reads) == 2  # once for its status


def test_each_turn_of_a_drag_is_checked(server, tmp_path):
    socket = Drag([0.5, 7.0, 0.25])
    serve(socket, server, tmp_path)
    assert [command.value for command in server.commands] == [0.5, 0.25]
    assert [note["message"] for note in socket.told if note["type"] == "error"]


class Watching:
    """A socket on which somebody presses Pause, and leaves when a status has been told."""

    query_params = ()

    def __init__(self):
        self._texts = ['{"type": "pause"}', '{"type": "pause"}']
        self.told, self._is_told = [], asyncio.Event()

    async def receive(self):
        if self._texts:
            return {"type": "websocket.receive", "text": self._texts.pop(0)}
        await self._is_told.wait()
        return {"type": "websocket.disconnect"}

    async def send_text(self, text):
        self.told.append(json.loads(text))
        if self.told[-1]["type"] == "status":
            self._is_told.set()


def test_who_watches_stays_while_the_database_is_busy_for_long(server, tmp_path, monkeypatch):
    monkeypatch.setattr(live_socket, "STATUS_SECONDS", 0.01)
    locked = OperationalError("", {}, Exception("database is locked"))
    server.row.status, refusals = "paused", [locked] * 3

    def get(key):
        if refusals:
            raise refusals.pop()
        return server.row

    def send(key, command):
        if not server.commands:
            server.commands.append(command)
            raise locked
        server.commands.append(command)

    server.store.get, server.supervisor.send, socket = get, send, Watching()
    serve(socket, server, tmp_path)
    assert len(server.commands) == 2
    notes = {note["type"]: note for note in socket.told}
    assert notes["status"]["status"] == "paused"
    assert "busy" in notes["error"]["message"]
    assert len(socket.told) == 2


@contextmanager
def busy(store):
    """The database answers nothing; gives the list of the threads that wait for it."""
    answers, waiting = threading.Event(), []

    def wait(*_):
        waiting.append(threading.current_thread())
        answers.wait(60)

    event.listen(store._engine, "before_cursor_execute", wait)
    try:
        yield waiting
    finally:
        answers.set()
        event.remove(store._engine, "before_cursor_execute", wait)


#: More than there are threads, for the database or for everything else.
VIEWERS = 40


def test_while_the_database_is_busy_frames_flow_and_questions_are_answered(site):
    train = {"epochs": 100_000, "evaluate_every": 0}
    run_id = site.supervisor.launch(Experiment.of(variant="denoising", network={"hidden": (16,)}, train=train), "cpu")
    site.supervisor.send(run_id, SetPace(steps_per_second=4))
    try:
        with ExitStack() as stack:
            viewers = [stack.enter_context(site.connect(run_id)) for _ in range(VIEWERS)]
            latent = stack.enter_context(site.connect("made", path="latent"))
            for viewer in viewers:
                step_of(viewer)
            waiting = stack.enter_context(busy(site.store))
            wait_for(lambda: waiting)
            time.sleep(2 * live_socket.STATUS_SECONDS)  # until each of them would have asked how the run is
            newest = max(map(step_of, viewers))
            for viewer in viewers:
                step_of(viewer, beyond=newest)
            latent.send(json.dumps({"id": 1, "ask": "score", "axes": [0, 1], "limit": 50}))
            while isinstance(latent.recv(timeout=60), str):
                pass
    finally:
        site.supervisor.delete(run_id)


def step_of(viewer, beyond=-1):
    """The step of the next frame after some step."""
    return message_of(viewer, lambda meta: meta.get("kind") == "frame" and meta["step"] > beyond)[0]["step"]
