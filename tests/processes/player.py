"""``python -m tests.processes.player PART``: a child that plays a part for the tests."""

import os
import signal
import sys
import time
from pathlib import Path

GARBAGE = b"Downloading: 100%\n" * 1000


def echo() -> None:
    """Sends back what it gets, and prints meanwhile."""
    import queue

    from aelib.processes import Packet, Parent

    heard: queue.SimpleQueue[Packet | None] = queue.SimpleQueue()
    parent = Parent(heard.put, lambda: heard.put(None))
    while packet := heard.get():
        print("a word of a library")
        os.write(1, b"Downloading: 100%\n")
        parent.send(packet)


def busy() -> None:
    """Computes for ever, whatever happens; says so first."""
    from aelib.processes import Packet, Parent

    Parent().send(Packet({"is": "busy"}))
    while True:
        pass


def command() -> None:
    """A command of the background that never comes to an end."""
    from aelib.commands.background import run_behind

    def run(options: object) -> int:
        while True:
            print(" 50% At work", file=sys.stderr, flush=True)
            time.sleep(0.05)

    sys.argv = sys.argv[:1] + sys.argv[2:]
    run_behind(lambda parser: parser.add_argument("--json", "--output", nargs="?"), run)


def deaf() -> None:
    """Reads nothing and does not leave when it is asked to."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print(" 10% Not listening", file=sys.stderr, flush=True)
    time.sleep(600)


def garbage() -> None:
    """Prints where packets belong."""
    os.write(1, GARBAGE)
    deaf()


def stray() -> None:
    """Gets something between its packets, and computes on."""
    from aelib.processes import Parent

    out = os.dup(1)
    Parent()
    os.write(out, GARBAGE)
    while True:
        pass


def whole_and_half() -> None:
    """Dies within its second packet."""
    from aelib.processes.packets import Packet, encode_packet

    os.write(1, encode_packet(Packet({"number": 1}, b"whole")) + encode_packet(Packet({"number": 2}, b"half"))[:-2])


def speak() -> None:
    """Prints what is in its environment."""
    print(os.environ["PART"], flush=True)
    print("Something is wrong", file=sys.stderr)
    sys.exit(3)


def job() -> None:
    """Writes what it is given to ``--output``."""
    Path(sys.argv[sys.argv.index("--output") + 1]).write_text(sys.argv[2])


def failure() -> None:
    print("aelib: There is a reason.", file=sys.stderr)
    sys.exit(1)


if __name__ == "__main__":
    signal.alarm(600)  # if a test leaves it behind
    globals()[sys.argv[1]]()
