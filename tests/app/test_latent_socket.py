"""The socket that answers questions about a latent space: answers, progress, cancelling, and manners."""

import asyncio
import json
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from starlette.websockets import WebSocketDisconnect
from websockets.exceptions import ConnectionClosed

from aelib import Experiment
from aelib.desk.answers import asks
from aelib.frames.message import unpack
from app.service.latent_socket import MAX_OPEN, _Conversation, _MessageError, _read
from app.service.sockets import MAX_MISTAKES, NO_SUCH_RUN, NOT_ALLOWED
from tests.children import is_alive
from tests.runs.steering import wait_for

PATIENCE = 90.0


@pytest.fixture
def socket(site):
    with site.connect("made", path="latent") as socket:
        assert json.loads(socket.recv(timeout=PATIENCE))["type"] == "moved"
        yield socket


def ask(socket, number, **question):
    socket.send(json.dumps({"id": number, **question}))


def next_of(socket, kinds):
    """The next message of some kinds: (number, meta, arrays) of an answer, or a note."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        content = socket.recv(timeout=PATIENCE)
        if isinstance(content, bytes):
            if "answer" in kinds:
                return struct.unpack("<Q", content[:8])[0], *unpack(content[8:])
        elif json.loads(content)["type"] in kinds:
            return json.loads(content)
    raise AssertionError("waited in vain")


def test_answers_carry_the_number_of_their_question(socket):
    ask(socket, 7, ask="space", limit=100)
    ask(socket, 8, ask="weights", limit=100)
    answers = dict(next_of(socket, ["answer"])[:2] for _ in range(2))
    assert answers[7]["kind"] == "space"
    assert answers[7]["count"] == 100
    assert answers[8]["kind"] == "weights"


def test_a_failure_is_one_sentence_and_the_next_question_is_answered(socket):
    ask(socket, 1, ask="score", axes=[5, 6], limit=100)
    failed = next_of(socket, ["failed"])
    assert failed["id"] == 1
    assert "units" in failed["message"]
    ask(socket, 2, ask="score", axes=[0, 1], limit=100)
    assert next_of(socket, ["answer"])[0] == 2


@pytest.mark.parametrize(
    "text",
    ["nonsense", "[]", '{"ask": "space"}', '{"id": true, "ask": "space"}', '{"id": -1, "ask": "space"}', "[" * 9000],
)
def test_what_has_no_number_is_refused(socket, text):
    socket.send(text)
    assert next_of(socket, ["failed"])["id"] is None


def test_who_sends_nothing_but_nonsense_is_shown_the_door(socket):
    for _ in range(MAX_MISTAKES):
        socket.send("nonsense")
    assert closing_code(socket) == NOT_ALLOWED


def test_a_question_can_be_cancelled_and_stays_unanswered(socket):
    ask(socket, 1, ask="project", projection={"method": "tsne", "seed": 5}, limit=300)
    assert next_of(socket, ["progress"])["id"] == 1
    ask(socket, 1, ask="cancel")
    ask(socket, 2, ask="score", axes=[0, 1], limit=100)
    assert next_of(socket, ["answer", "failed"])[0] == 2


def test_cancelling_what_was_never_asked_does_nothing(socket):
    ask(socket, 99, ask="cancel")
    ask(socket, 2, ask="score", axes=[0, 1], limit=100)
    assert next_of(socket, ["answer"])[0] == 2


def test_open_questions_are_limited(socket):
    for number in range(MAX_OPEN + 1):
        ask(socket, number, ask="project", projection={"method": "tsne", "seed": 100 + number}, limit=200)
    refused = next_of(socket, ["failed"])
    assert refused["id"] == MAX_OPEN
    assert "are open" in refused["message"]
    for number in range(MAX_OPEN):
        ask(socket, number, ask="cancel")


def test_other_sites_are_refused(site):
    with site.connect("made", path="latent", origin="http://elsewhere.example") as socket:
        assert closing_code(socket) == NOT_ALLOWED


def test_an_unknown_model_is_one_sentence(site):
    with site.connect("nothing", path="latent") as socket:
        assert "nothing of this name" in next_of(socket, ["failed"])["message"]
        assert closing_code(socket) == NO_SUCH_RUN


def closing_code(socket):
    try:
        while True:
            socket.recv(timeout=PATIENCE)
    except ConnectionClosed as closed:
        return closed.rcvd and closed.rcvd.code


def test_word_comes_when_a_run_has_moved_on(site):
    run_id = site.supervisor.launch(Experiment.of("digits", "linear", train={"epochs": 1000}))
    try:
        with site.connect(run_id, path="latent") as socket:
            steps, stamps = [0], set()
            while steps[-1] == 0:  # the first snapshots are of the initial weights
                if (stamp := next_of(socket, ["moved"])["stamp"]) != "0":
                    stamps.add(stamp)
                    ask(socket, len(stamps), ask="space", limit=50)
                    steps.append(next_of(socket, ["answer"])[1]["step"])
            assert len(stamps) > 1
    finally:
        site.supervisor.delete(run_id)


def test_a_run_that_is_deleted_while_one_looks_at_it_is_one_sentence(site):
    run_id = site.supervisor.launch(Experiment.of("digits", "linear", train={"epochs": 1000}))
    with site.connect(run_id, path="latent") as socket:
        while next_of(socket, ["moved"])["stamp"] == "0":
            pass
        site.supervisor.delete(run_id)
        gone = next_of(socket, ["failed"])
        assert gone["id"] is None
        assert "not there any more" in gone["message"]
        assert closing_code(socket) == NO_SUCH_RUN


def test_the_number_of_an_open_question_is_not_given_again(socket):
    ask(socket, 1, ask="project", projection={"method": "tsne", "seed": 7}, limit=300)
    ask(socket, 1, ask="score", axes=[0, 1], limit=100)
    refused = next_of(socket, ["failed"])
    assert refused["id"] == 1
    assert "is open already" in refused["message"]
    ask(socket, 1, ask="cancel")
    ask(socket, 1, ask="score", axes=[0, 1], limit=100)
    assert next_of(socket, ["answer"])[1]["kind"] == "score"


def test_what_is_computed_for_a_viewer_who_left_is_stopped(site):
    with site.connect("made", path="latent") as socket:
        ask(socket, 1, ask="project", projection={"method": "tsne", "seed": 8}, limit=1000)
        assert next_of(socket, ["progress"])["id"] == 1
        assert site.server.desk.is_busy
        before = set(site.server.desk.analyst_pids)
    wait_for(lambda: not site.server.desk.is_busy)
    [stopped] = before - set(site.server.desk.analyst_pids)  # of one that has finished the process would rest
    wait_for(lambda: not is_alive(stopped))


def test_what_is_being_asked_when_its_viewer_leaves_is_cancelled():
    """The connection breaks before the desk has taken the question."""
    asked, cancelled = [], []

    class Socket:
        async def receive(self):
            if asked:
                await asyncio.Event().wait()
            asked.append(1)
            return {"type": "websocket.receive", "text": json.dumps({"id": 1, "ask": "space"})}

        async def send_text(self, text):
            while not asked:
                await asyncio.sleep(0)
            raise WebSocketDisconnect

    def slowly(folder, question, tell, text):
        time.sleep(0.2)
        return "ticket"

    desk = SimpleNamespace(ask=slowly, cancel=cancelled.append)
    folder = SimpleNamespace(newest_weights=lambda: 1)

    async def serve():
        await _Conversation(Socket(), SimpleNamespace(desk=desk), folder, follows=True).serve()

    # In a thread: where browser tests ran before, this one has a loop of theirs.
    with ThreadPoolExecutor(1) as thread, pytest.raises(WebSocketDisconnect):
        thread.submit(lambda: asyncio.run(serve())).result()
    assert cancelled == ["ticket"]


def test_a_question_is_read_once_and_goes_on_as_it_came(monkeypatch):
    """An uploaded picture has tens of thousands of numbers."""
    read, asked = [], []
    monkeypatch.setattr(
        "app.service.latent_socket.parse_message", lambda text: read.append(text) or asks.parse_message(text)
    )
    picture = json.dumps({"ask": "own", "x": [0.25, 1e-3, 1], "id": 4}, indent=1)
    texts = [picture, json.dumps({"id": 4, "ask": "cancel"})]

    class Socket:
        async def receive(self):
            if texts:
                return {"type": "websocket.receive", "text": texts.pop(0)}
            return {"type": "websocket.disconnect"}

        async def send_text(self, text):
            assert json.loads(text)["type"] == "moved"

    desk = SimpleNamespace(ask=lambda *arguments: asked.append(arguments), cancel=lambda ticket: None)
    folder = SimpleNamespace(newest_weights=lambda: 1)

    async def serve():
        await _Conversation(Socket(), SimpleNamespace(desk=desk), folder, follows=False).serve()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(serve())).result()
    [(_, question, _, text)] = asked
    assert text is picture
    assert question == asks.Own(id=4, x=[0.25, 1e-3, 1])
    assert read.count(picture) == 1
    assert asks.parse_ask(text) == question  # which is what the analyst does


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ('{"id": 5, "ask": "erase"}', 5), ('{"id": 5, "ask": "space", "limit": 0}', 5), ('{"id": 5}', 5),
        ('{"id": 1.0, "ask": "space"}', None), ('{"id": 9007199254740992, "ask": "space"}', None),
        ('{"id": null, "ask": "space"}', None), ('{"ask": "cancel"}', None), ("5", None), ("", None),
    ],
)  # fmt: skip
def test_what_is_no_question_is_refused_by_its_number_if_it_has_one(text, number):
    with pytest.raises(_MessageError, match="not a question") as refused:
        _read(text)
    assert refused.value.number == number
