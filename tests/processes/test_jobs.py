"""Jobs: a few at a time, cancelled whatever their processes do, and gone with the server."""

import errno
import os
import signal
import subprocess
import sys

import pytest

from aelib.processes import Jobs
from aelib.processes.jobs import TAIL, _Job
from tests.children import children_of, is_alive
from tests.runs.steering import wait_for

PLAYER = "tests.processes.player"


def read(content: bytes) -> str:
    return content.decode()


@pytest.fixture
def jobs():
    found = Jobs(PLAYER, read, at_once=1)
    yield found
    found.close()


def test_each_task_has_its_turn_and_what_it_found_is_kept(jobs):
    for number in range(3):
        jobs.begin((number,), ["job", f"found {number}"])
    wait_for(lambda: jobs.state((2,)).kind == "done")
    assert [jobs.state((number,)).found for number in range(3)] == ["found 0", "found 1", "found 2"]
    jobs.begin((0,), ["failure"])  # it is there already
    assert jobs.state((0,)).found == "found 0"
    assert jobs.state((3,)).kind == "none"


def test_who_waits_begins_though_nobody_looks(jobs, tmp_path):
    jobs.begin(("first",), ["job", ""])
    jobs.begin(("second",), ["job", "", "--output", str(tmp_path / "begun")])
    wait_for((tmp_path / "begun").exists)


def test_what_went_wrong_is_the_last_sentence_and_can_be_tried_again(jobs):
    for part, sentence in (("failure", "There is a reason."), ("speak", "The measurement ended without a result.")):
        jobs.begin((part,), [part])
        wait_for(lambda part=part: jobs.state((part,)).kind == "failed")
        assert jobs.state((part,)).text == sentence
    jobs.begin(("failure",), ["job", "found"])
    wait_for(lambda: jobs.state(("failure",)).kind == "done")


def test_what_cannot_be_started_says_so_and_can_be_tried_again(jobs, monkeypatch):
    def refuse(*_, **__):
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "Popen", refuse)
        jobs.begin(("one",), ["job", "found"])
        state = jobs.state(("one",))
    assert (state.kind, state.text) == (
        "failed", "The measurement could not be started (Resource temporarily unavailable): try again."
    )  # fmt: skip
    jobs.begin(("one",), ["job", "found"])
    wait_for(lambda: jobs.state(("one",)).kind == "done")


def test_what_no_process_can_be_told_spoils_no_other_task(jobs):
    jobs.begin(("zero",), ["job", "a\0b"])
    assert jobs.state(("zero",)).kind == "failed"
    assert "could not be started" in jobs.state(("zero",)).text
    jobs.begin(("one",), ["job", "found"])
    wait_for(lambda: jobs.state(("one",)).kind == "done")


def test_what_is_killed_from_outside_says_so_and_what_it_left_is_tidied():
    tidied = []
    jobs = Jobs(PLAYER, read, at_once=1, noun="import", tidy=lambda: tidied.append("tidied"))
    jobs.begin(("deaf",), ["deaf"])
    wait_for(lambda: jobs.state(("deaf",)).text == "Not listening")
    [child] = children_of(os.getpid(), PLAYER)
    os.kill(child, signal.SIGKILL)
    wait_for(lambda: jobs.state(("deaf",)).kind == "failed")
    assert "import was ended from outside" in jobs.state(("deaf",)).text
    jobs.begin(("deaf",), ["deaf"])
    wait_for(lambda: jobs.state(("deaf",)).text == "Not listening")
    jobs.cancel(("deaf",))
    wait_for(lambda: tidied == ["tidied"] * 2)
    jobs.close()


def test_progress_is_found_among_what_libraries_print(tmp_path):
    job = _Job(["job"], tmp_path / "1")
    job.log.write_bytes(b" 10% Reading\n" + b"a warning\n" * 100_000 + b" 20% Reading\n" + b"a warning\n" * 9)
    assert next(line for line in job.last_lines if line != "a warning") == " 20% Reading"
    assert sum(map(len, job.last_lines)) <= TAIL
    job.log.unlink()
    assert job.last_lines == []


def test_who_does_not_listen_is_cancelled_too_and_makes_room(jobs):
    jobs.begin(("deaf",), ["deaf"])
    jobs.begin(("next",), ["job", "found"])
    wait_for(lambda: jobs.state(("deaf",)).text == "Not listening")
    assert jobs.state(("deaf",)).share == 0.1
    assert jobs.state(("next",)).kind == "waiting"
    jobs.cancel(("deaf",))
    assert jobs.state(("deaf",)).kind == "none"
    wait_for(lambda: jobs.state(("next",)).kind == "done")
    jobs.cancel(("next",))
    jobs.cancel(("never begun",))
    assert jobs.state(("next",)).kind == "none"


def test_what_is_closed_has_stopped_and_starts_nothing(jobs):
    jobs.begin(("deaf",), ["deaf"])
    jobs.begin(("next",), ["job", "found"])
    wait_for(lambda: jobs.state(("deaf",)).text == "Not listening")
    jobs.close()
    assert jobs.state(("deaf",)).kind == "failed"
    assert jobs.state(("next",)).kind == "waiting"


SERVER = """
import sys, time
from aelib.processes import Jobs
jobs = Jobs("tests.processes.player", bytes)
jobs.begin(("endless",), ["command"])
while jobs.state(("endless",)).text != "At work":
    time.sleep(0.01)
print("At work", flush=True)
time.sleep(600)
"""


def test_a_task_ends_when_its_server_is_killed(tmp_path):
    environment = {**os.environ, "TMPDIR": str(tmp_path)}  # for what a killed server leaves behind
    command = [sys.executable, "-c", SERVER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout.readline() == "At work\n"
        [pid] = children_of(server.pid, PLAYER)
        server.kill()
    wait_for(lambda: not is_alive(pid))


def test_a_command_that_somebody_else_starts_goes_on_without_input():
    command = [sys.executable, "-m", PLAYER, "command"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        words = [process.stderr.readline() for _ in range(20)]
        process.kill()
    assert words == [" 50% At work\n"] * 20
