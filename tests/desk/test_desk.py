"""The desk: real processes that answer, fail, are cancelled, are killed."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
import torch

from aelib import Autoencoder
from aelib.checkpoint import Checkpoint
from aelib.desk import Desk
from aelib.desk.analyst_process import AnalystProcess
from aelib.desk.answers import asks
from aelib.desk.desk import AT_ONCE
from aelib.desk.wire import Question, Reply
from aelib.errors import RunError
from aelib.frames.message import unpack
from aelib.latent.projection import ProjectionSpec
from aelib.processes import Child
from aelib.runs import RunFolder
from tests.children import is_alive
from tests.runs.steering import wait_for

PATIENCE = 90.0
LIMIT = 300


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    desk = Desk()
    desk.start()
    yield desk
    desk.close()


class Heard:
    """Remembers replies; ``end`` waits for the last one."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self._ended = threading.Event()
        self._any = threading.Event()

    def __call__(self, reply: Reply) -> None:
        self.replies.append(reply)
        if reply.text != "Starting":
            self._any.set()
        if reply.kind != "progress":
            self._ended.set()

    @property
    def end(self) -> Reply:
        assert self._ended.wait(PATIENCE), "no answer"
        return self.replies[-1]

    def wait_for_any(self) -> None:
        """Until the process has said something."""
        assert self._any.wait(PATIENCE), "not a word"


def tsne(seed: int = 0) -> asks.Project:
    return asks.Project(projection=ProjectionSpec(method="tsne", seed=seed), limit=LIMIT)


def test_a_quick_question_is_answered(desk, folder):
    meta, arrays = unpack(desk.wait_for(folder, asks.Space(limit=LIMIT), PATIENCE))
    assert meta["kind"] == "space"
    assert meta["count"] == LIMIT
    assert arrays["codes"].shape == (LIMIT, 3)
    assert arrays["deviation"].shape == (LIMIT, 3)


def test_an_error_is_a_sentence_and_the_process_goes_on(desk, folder):
    with pytest.raises(RunError, match="3 units"):
        desk.wait_for(folder, asks.Score(axes=[7, 8], limit=LIMIT), PATIENCE)
    assert desk.wait_for(folder, asks.Score(axes=[0, 1], limit=LIMIT), PATIENCE)


def test_a_killed_process_is_replaced(desk, folder):
    desk.wait_for(folder, asks.Space(limit=LIMIT), PATIENCE)
    pid = desk.analyst_pids[0]
    os.kill(pid, signal.SIGSTOP)  # so that the question is still open
    heard = Heard()
    desk.ask(folder, asks.Space(limit=LIMIT), heard)
    os.kill(pid, signal.SIGKILL)
    assert heard.end.kind == "failed"
    assert "without an answer" in heard.end.text
    assert desk.wait_for(folder, asks.Space(limit=LIMIT), PATIENCE)
    assert desk.analyst_pids[0] != pid
    assert not is_alive(pid)


def test_a_projection_comes_with_progress_and_is_remembered(desk, folder):
    first = Heard()
    desk.ask(folder, tsne(), first)
    assert first.replies[0].kind == "progress"  # at once, before there is a process
    assert first.end.kind == "answer", first.end.text
    assert len([reply for reply in first.replies if reply.kind == "progress"]) >= 3
    meta, arrays = unpack(first.end.message)
    assert arrays["points"].shape == (LIMIT, 2)
    assert 0.5 < meta["score"]["trustworthiness"] <= 1
    again = Heard()
    desk.ask(folder, tsne(), again)
    assert [reply.message for reply in again.replies] == [first.end.message]  # at once: nothing was computed


def test_a_projection_that_is_cancelled_is_stopped(desk, folder):
    heard = Heard()
    ticket = desk.ask(folder, tsne(seed=1), heard)
    heard.wait_for_any()
    before = desk.analyst_pids
    desk.cancel(ticket)
    [pid] = set(before) - set(desk.analyst_pids)
    wait_for(lambda: not is_alive(pid))
    assert not desk.is_busy
    assert all(reply.kind == "progress" for reply in heard.replies)


def test_who_shares_a_projection_keeps_it_when_another_cancels(desk, folder):
    one, other = Heard(), Heard()
    ticket = desk.ask(folder, tsne(seed=2), one)
    desk.ask(folder, tsne(seed=2), other)
    one.wait_for_any()
    desk.cancel(ticket)
    assert other.end.kind == "answer"
    assert all(reply.kind == "progress" for reply in one.replies)


def test_too_many_projections_wait_their_turn(desk, folder):
    heard = [Heard() for _ in range(AT_ONCE + 1)]
    for seed, hear in enumerate(heard, 10):
        desk.ask(folder, tsne(seed), hear)
    assert "Waiting for another projection" in [reply.text for reply in heard[-1].replies]
    for hear in heard:
        assert hear.end.kind == "answer"


def test_a_layout_follows_the_one_before_when_the_run_has_moved_on(desk, folder, tmp_path):
    copy = RunFolder(tmp_path / "copy")
    folder.copy_to(copy.path)
    first = unpack(_answer(desk, copy))
    model = copy.path / "model.safetensors"
    os.utime(model)
    second = unpack(_answer(desk, copy))
    assert not first[0]["followed"]
    assert second[0]["followed"]
    assert second[0]["stamp"] != first[0]["stamp"]
    before, after = (torch.tensor(arrays["points"]) for _, arrays in (first, second))
    # The codes are the same, so the layout begun from the first stays much like it.
    assert torch.corrcoef(torch.stack([torch.pdist(before), torch.pdist(after)]))[0, 1] > 0.9


def _answer(desk: Desk, folder: RunFolder) -> bytes:
    heard = Heard()
    desk.ask(folder, tsne(), heard)
    assert heard.end.kind == "answer", heard.end.text
    return heard.end.message


def test_only_the_process_that_made_a_projection_places_points_on_it(desk, folder):
    spec = ProjectionSpec(method="umap", seed=99)
    with pytest.raises(RunError, match="make it again"):
        desk.wait_for(folder, asks.Place(projection=spec, codes=[[0.0, 0.0, 0.0]], limit=LIMIT), PATIENCE)


def test_points_are_placed_on_principal_axes(desk, folder):
    spec = ProjectionSpec()
    _, made = unpack(desk.wait_for(folder, asks.Project(projection=spec, limit=LIMIT), PATIENCE))
    _, space = unpack(desk.wait_for(folder, asks.Space(limit=LIMIT), PATIENCE))
    ask = asks.Place(projection=spec, codes=space["codes"][:5].tolist(), limit=LIMIT)
    _, placed = unpack(desk.wait_for(folder, ask, PATIENCE))
    assert abs(placed["points"] - made["points"][:5]).max() < 1e-5


def test_a_closed_desk_tells_those_who_wait(folder):
    desk, heard = Desk(), [Heard() for _ in range(AT_ONCE + 2)]
    desk.ask(folder, asks.Space(limit=LIMIT), heard[0])
    for seed, hear in enumerate(heard[1:]):
        desk.ask(folder, tsne(seed), hear)
    desk.close()
    assert all(hear.end.kind == "failed" for hear in heard)


@pytest.mark.parametrize("question", [asks.Space(limit=LIMIT), tsne()])
def test_a_closed_desk_answers_nothing_and_starts_nothing(folder, question):
    desk, heard = Desk(), Heard()
    desk.close()
    desk.ask(folder, question, heard)
    assert heard.end.kind == "failed"
    assert not desk.analyst_pids


def test_models_written_at_the_same_moment_are_told_apart(desk, folder, tmp_path):
    """As after an installation that gives all files one date."""
    copies = []
    for name, factor in (("one", 1.0), ("other", 3.0)):
        copy = RunFolder(tmp_path / name)
        folder.copy_to(copy.path)
        model = Autoencoder.load(copy.path)
        with torch.no_grad():
            model.network.code_layers()[0].weight.mul_(factor)
        Checkpoint.read(copy.path).write(copy.path, model)
        os.utime(copy.path / "model.safetensors", ns=(10**18, 10**18))
        copies.append(copy)
    ask = asks.Project(projection=ProjectionSpec(), limit=LIMIT)
    one, other = (unpack(desk.wait_for(copy, ask, PATIENCE))[1]["points"] for copy in copies)
    assert abs(one - other).max() > 0.1


def test_a_long_question_while_an_answer_is_on_its_way_blocks_neither(desk, folder):
    # Either is more than a pipe holds: whoever wrote and did not read would wait for ever.
    pictures, long = Heard(), Heard()
    process = AnalystProcess()
    try:
        process.ask(folder.path, asks.Pictures(limit=1797).model_dump_json(), pictures)
        asking = threading.Thread(
            target=process.ask,
            args=(folder.path, asks.Score(axes=[0, 1], limit=LIMIT).model_dump_json(), long, "A" * (1 << 20)),
            daemon=True,
        )
        asking.start()
        assert len(pictures.end.message) > 1 << 16
        assert long.end.kind == "answer"
    finally:
        process.stop()
        process.join()


def test_a_quick_question_that_is_cancelled_before_its_turn_is_not_asked(desk, folder):
    desk.wait_for(folder, asks.Space(limit=LIMIT), PATIENCE)
    pid = desk.analyst_pids[0]
    os.kill(pid, signal.SIGSTOP)  # so that questions wait
    heard = [Heard() for _ in range(3)]
    tickets = [desk.ask(folder, asks.Space(limit=LIMIT), hear) for hear in heard]
    desk.cancel(tickets[1])
    os.kill(pid, signal.SIGCONT)
    assert heard[2].end.kind == "answer"
    assert heard[0].end.kind == "answer"
    assert not heard[1].replies
    assert not desk.is_busy


def test_analysts_share_the_machine_code_of_umap(monkeypatch):
    """They are ended and started again, and each would compile it anew."""

    class Started(Exception):  # noqa: N818
        pass

    def start(*_: object, env: dict[str, str], **__: object) -> None:
        raise Started(env["NUMBA_CACHE_DIR"])

    monkeypatch.setattr(
        "aelib.desk.analyst_process.provide_cache", lambda: monkeypatch.setenv("NUMBA_CACHE_DIR", "/there")
    )
    monkeypatch.setattr("subprocess.Popen", start)
    with pytest.raises(Started, match="/there"):
        AnalystProcess()


SERVER = """
import sys, time
from pathlib import Path
from aelib.desk import Desk, analyst_process, parse_ask
from aelib.runs import RunFolder
analyst_process.ANALYST = "tests.desk.endless_analyst"
desk = Desk()
desk.ask(RunFolder(Path(sys.argv[1])), parse_ask(sys.argv[2]), lambda reply: print(reply.text, flush=True))
print(desk.analyst_pids[-1], flush=True)
time.sleep(600)
"""


def test_an_analyst_leaves_in_the_midst_of_a_projection_when_its_server_is_killed(folder):
    command = [sys.executable, "-c", SERVER, str(folder.path), tsne().model_dump_json()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        said: list[str] = []
        while not ("At work" in said and (pids := [int(line) for line in said if line.isdigit()])):
            said.append(server.stdout.readline().strip())
            assert server.poll() is None
        [pid] = pids
        assert is_alive(pid)
        server.kill()
        server.stdout.read()
    wait_for(lambda: not is_alive(pid))


def test_an_analyst_that_is_asked_to_leave_leaves_in_the_midst_of_a_projection(folder):
    heard = threading.Event()
    child = Child(
        "tests.desk.endless_analyst", hear=lambda packet: Reply.of(packet)[1].text == "At work" and heard.set()
    )
    child.send(Question(1, folder.path, tsne().model_dump_json().encode()).packet())
    assert heard.wait(PATIENCE)
    child.stop(PATIENCE)
    assert child.status == 0  # by itself
