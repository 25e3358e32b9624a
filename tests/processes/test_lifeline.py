"""Whether processes live that hold a file: told by a lock, which nothing but their end can loosen."""

import errno
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from aelib.processes import Lifeline, lifeline
from aelib.processes.lifeline import LEASE_SECONDS, is_held, remove_what_nobody_holds
from tests.processes import holder as holding


@pytest.fixture
def path(tmp_path):
    return tmp_path / "owners" / "one"


@contextmanager
def holder(path, *more):
    """Another process that holds it."""
    command = [sys.executable, holding.__file__, str(path), *more]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "True\n"
        try:
            yield process
        finally:
            process.kill()


def long_ago(path):
    then = time.time() - 10 * LEASE_SECONDS
    os.utime(path, (then, then))


def far_away(path):
    """As another machine writes it, whose lock is not seen here."""
    path.parent.mkdir(exist_ok=True)
    path.write_text("another machine")


def test_it_is_held_from_its_beginning_to_its_end(path):
    assert not is_held(path)
    mine = Lifeline(path)
    assert is_held(path)
    mine.end()
    assert not is_held(path)
    assert not path.exists()


def test_looking_at_it_loosens_nothing(path):
    mine = Lifeline(path)
    assert all(is_held(path) for _ in range(3))
    mine.end()


def test_a_process_that_lives_holds_it_however_long_it_says_nothing(path):
    with holder(path) as process:
        long_ago(path)
        assert is_held(path)
        process.send_signal(signal.SIGSTOP)
        assert is_held(path)


def test_a_killed_process_has_let_go_although_its_id_is_still_taken(path):
    """It is a zombie here: whatever asks for a process of that id finds one, as it does when ids are used again."""
    with holder(path) as process:
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        os.kill(process.pid, 0)
        assert not is_held(path)


def test_it_is_held_until_the_last_one_lets_go(path):
    with holder(path) as first, holder(path, "join") as second:
        first.kill()
        first.wait()
        assert is_held(path)
        second.kill()
        second.wait()
        assert not is_held(path)


def test_nobody_joins_what_is_gone(path):
    assert not Lifeline.join(path)
    assert not path.exists()


def test_children_do_not_inherit_it(path):
    path.parent.mkdir()
    path.write_text(lifeline._machine())
    mine = lifeline._hold(path)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL):
        os.close(mine)
        assert not is_held(path)


def test_on_another_machine_the_time_tells(path):
    far_away(path)
    assert is_held(path)
    long_ago(path)
    assert not is_held(path)


def test_renewing_tells_other_machines(path):
    mine = Lifeline(path)
    long_ago(path)
    mine.renew()
    assert time.time() - path.stat().st_mtime < LEASE_SECONDS
    mine.end()
    mine.renew()  # its thread may be late


def test_where_files_have_no_locks_the_time_tells(path, monkeypatch):
    def flock(file, how):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(lifeline.fcntl, "flock", flock)
    mine = Lifeline(path)
    assert is_held(path)
    long_ago(path)
    assert not is_held(path)
    mine.end()


def test_what_killed_processes_left_is_removed_and_nothing_else(path):
    folder = path.parent
    with holder(folder / "held"):
        for name in ("left", "new"):
            (folder / name).write_text(lifeline._machine())
        far_away(folder / "far")
        for name in ("held", "left"):
            long_ago(folder / name)
        remove_what_nobody_holds(folder)
        assert sorted(file.name for file in folder.iterdir()) == ["far", "held", "new"]


def test_machines_have_names(monkeypatch, tmp_path):
    assert lifeline._machine()
    monkeypatch.setattr(lifeline, "_BOOT", tmp_path / "no such file")
    assert lifeline._machine() == lifeline.platform.node()
