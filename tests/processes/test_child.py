"""Children: real processes that talk, hang, die, print where they should not, and lose their parent."""

import contextlib
import subprocess
import sys
import threading

import pytest

from aelib.processes import Child, Packet, child
from tests.children import is_alive
from tests.runs.steering import wait_for

PATIENCE = 60.0


class Heard:
    """What a child says, and how it ends."""

    def __init__(self):
        self.packets, self.statuses = [], []
        self.spoke, self.is_over = threading.Event(), threading.Event()

    def hear(self, packet):
        self.packets.append(packet)
        self.spoke.set()

    def end(self, status):
        self.statuses.append(status)
        self.is_over.set()


@pytest.fixture
def play():
    """``play(part)`` starts a child and gives it with what is heard of it; all are gone at the end."""
    with contextlib.ExitStack() as stack:

        def start(part, heard=None, **options):
            heard = heard or Heard()
            one = Child("tests.processes.player", [part], ended=heard.end, **{"hear": heard.hear, **options})
            stack.callback(one.stop)
            return one, heard

        yield start


def test_packets_come_and_go_however_many_wait_and_whatever_is_printed(play):
    one, heard = play("echo")
    sent = [Packet({"number": number}, bytes([number]) * 100_000) for number in range(50)]
    for packet in sent:
        one.send(packet)
    one.hang_up()
    one.join()
    assert heard.packets == sent
    assert heard.statuses == [one.status] == [0]
    assert not one.is_alive


def test_a_fault_of_who_hears_one_packet_loses_no_other(play, capsys):
    class Faulty(Heard):
        def hear(self, packet):
            super().hear(packet)
            raise ValueError("secret detail")

    one, heard = play("echo", Faulty())
    for number in range(3):
        one.send(Packet({"number": number}))
    one.hang_up()
    one.join()
    assert [packet.head["number"] for packet in heard.packets] == [0, 1, 2]
    assert heard.statuses == [0]
    assert capsys.readouterr().err.count("ValueError: secret detail") == 3


def test_who_computes_leaves_when_it_is_asked_to(play):
    one, heard = play("busy")
    assert heard.spoke.wait(PATIENCE)
    one.stop(PATIENCE)
    assert one.status == 0  # by itself


def test_nobody_waits_for_a_child_that_does_not_listen(play):
    one, heard = play("deaf")

    def send():
        for _ in range(100):  # more than a pipe holds
            one.send(Packet(body=bytes(100_000)))
        one.hang_up()

    sending = threading.Thread(target=send, daemon=True)
    sending.start()
    sending.join(PATIENCE)
    assert not sending.is_alive()
    assert one.is_alive
    one.stop(0.2)
    assert one.status == -9
    one.send(Packet())  # which is lost
    one.join()
    assert heard.statuses == [-9]


def test_who_sends_what_is_no_packet_is_asked_to_leave(play):
    one, heard = play("stray")
    one.join()
    assert not heard.packets
    assert heard.statuses == [0]


def test_who_prints_where_packets_belong_and_does_not_listen_is_ended(play, monkeypatch):
    monkeypatch.setattr(child, "LEAVING", 0.1)
    one, heard = play("garbage")
    assert heard.is_over.wait(PATIENCE)
    assert not heard.packets
    assert heard.statuses == [-9]
    assert not is_alive(one.pid)


def test_what_was_whole_is_heard_before_the_end(play):
    one, heard = play("whole_and_half")
    one.join()
    assert heard.packets == [Packet({"number": 1}, b"whole")]
    assert heard.statuses == [0]


def test_a_child_prints_to_its_log_and_has_its_environment(play, tmp_path):
    one, heard = play("speak", hear=None, log=tmp_path / "log", environment={"PART": "Hamlet"})
    one.join()
    assert heard.statuses == [3]
    assert sorted((tmp_path / "log").read_text().splitlines()) == ["Hamlet", "Something is wrong"]


def test_deaths_are_counted_until_they_are_long_ago(play, monkeypatch):
    one, heard = play("speak", hear=None, environment={"PART": "a ghost"})
    for count in (1, 2, 3):
        one.join()
        assert one.deaths == count
        one = one.again()
    one.join()
    assert heard.statuses == [3, 3, 3, 3]
    monkeypatch.setattr(child, "RECENTLY", 0.0)
    assert one.deaths == 0
    one = one.again()
    one.join()
    assert one.deaths == 0


SERVER = """
import time
from aelib.processes import Child
one = Child("tests.processes.player", ["busy"], hear=lambda packet: print(one.pid, flush=True))
time.sleep(600)
"""


def test_a_child_leaves_when_its_parent_is_killed():
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True) as server:
        pid = int(server.stdout.readline())
        assert is_alive(pid)
        server.kill()
    wait_for(lambda: not is_alive(pid))
