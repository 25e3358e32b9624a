"""`Parent`: in a process that was started as a `Child`, the one that started it."""

import os
import sys
import threading
import traceback
from collections.abc import Callable

from aelib.processes.packets import Packet, encode_packet, read_packet


def leave() -> None:
    """End this process at once, whatever it is doing."""
    os._exit(0)


class Parent:
    """Takes over standard input and output for packets; what is printed goes to standard error from now on.

    ``hear``: gets each packet that the parent sends. ``gone``: called when the parent has hung up, or is not there any
    more; by default the process leaves at once. Both are called in a thread of their own,
    perhaps before this returns.
    """

    def __init__(self, hear: Callable[[Packet], None] = lambda packet: None, gone: Callable[[], None] = leave) -> None:
        self._hear, self._gone = hear, gone
        # What libraries print must not get between the packets, and what they read must not be packets.
        self._in, self._out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)
        sys.stdout = sys.stderr
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        threading.Thread(target=self._listen, name="parent", daemon=True).start()

    def send(self, packet: Packet) -> None:
        """Send a packet, from one thread. `ConfigError` when it is too long."""
        content = encode_packet(packet)
        try:
            self._out.write(content)
            self._out.flush()
        except BrokenPipeError:
            leave()

    def _listen(self) -> None:
        while (packet := read_packet(self._in)) is not None:
            try:
                self._hear(packet)
            except Exception:  # the next one may make sense
                traceback.print_exc()
        self._gone()
