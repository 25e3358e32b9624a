"""`Child`: a process that this one starts, talks with, watches and ends."""

import os
import queue
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import IO

from aelib.processes.packets import Packet, encode_packet, read_packet

Hear = Callable[[Packet], None]
#: Seconds that a process gets to end by itself when nothing more can come from it; a busy machine takes some.
LEAVING = 10.0
#: Deaths that are longer ago, in seconds, are forgotten.
RECENTLY = 60.0


class Child:
    """``python -m module arguments…``, started when it is made; it leaves when this process is gone (see `Parent`).

    ``hear``: gets each packet that it sends; without it, it sends none. ``ended``: gets its exit status, after the
    last packet. Both are called in a thread of the child's own, perhaps before this returns. ``log``: a file for all
    that it prints, which goes where this process prints otherwise. ``environment``: variables beside those of this
    process.

    All methods may be called from any thread, and none waits for the process but `stop` and `join`.
    """

    def __init__(
        self,
        module: str,
        arguments: Sequence[str] = (),
        *,
        hear: Hear | None = None,
        ended: Callable[[int], None] | None = None,
        log: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._module, self._arguments, self._environment = module, tuple(arguments), dict(environment or {})
        self._hear, self._ended, self._log = hear, ended, log
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._gone = threading.Event()
        self._deaths: list[float] = []
        with log.open("wb") if log else nullcontext() as printed:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                env={**os.environ, **self._environment},
                stdin=subprocess.PIPE, stdout=subprocess.PIPE if hear else printed, stderr=printed,
                start_new_session=True,  # Ctrl-C at the terminal reaches this process, which tells its children
            )  # fmt: skip
        # A thread each: while much is written, packets are read on, or both ends would wait for ever.
        self._threads = [threading.Thread(target=job, name=module, daemon=True) for job in (self._write, self._watch)]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended yet."""
        return not self._gone.is_set()

    @property
    def status(self) -> int | None:
        """Its exit status, negative when a signal has ended it; None while it is alive."""
        return None if self.is_alive else self._process.returncode

    @property
    def deaths(self) -> int:
        """How often it, and those that it came after (see `again`), have ended within a minute."""
        return sum(time.monotonic() - moment < RECENTLY for moment in self._deaths)

    def send(self, packet: Packet) -> None:
        """Give it a packet, when it is ready to read it; one for a process that has ended is lost.

        `ConfigError` when it is too long.
        """
        content = encode_packet(packet)
        if self.is_alive:
            self._outbox.put(content)

    def hang_up(self) -> None:
        """Close its standard input after all that was sent, which tells it to leave."""
        self._outbox.put(None)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def stop(self, patience: float = 0.0) -> None:
        """Tell it to leave, and end it if it does not within some seconds. Returns when it is gone."""
        self.hang_up()
        if not self._gone.wait(patience):
            self.kill()
            self._gone.wait()

    def join(self) -> None:
        """Wait until it is gone and everybody has been told."""
        for thread in self._threads:
            thread.join()

    def again(self) -> "Child":
        """The same module once more, in place of this one, which has ended."""
        child = Child(
            self._module, self._arguments,
            hear=self._hear, ended=self._ended, log=self._log, environment=self._environment,
        )  # fmt: skip
        child._deaths += self._deaths
        return child

    def _write(self) -> None:
        pipe = self._process.stdin
        assert pipe
        with suppress(BrokenPipeError):  # it is gone
            while (content := self._outbox.get()) is not None:
                pipe.write(content)
                pipe.flush()
        with suppress(BrokenPipeError):
            pipe.close()

    def _watch(self) -> None:
        if pipe := self._process.stdout:
            self._read(pipe)
            self.hang_up()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(LEAVING)
            self._process.kill()
        status = self._process.wait()
        self._deaths.append(time.monotonic())
        self._gone.set()
        self._outbox.put(None)
        if self._ended:
            self._ended(status)

    def _read(self, pipe: IO[bytes]) -> None:
        assert self._hear
        while (packet := read_packet(pipe)) is not None:
            try:
                self._hear(packet)
            except Exception:  # a fault of who hears it: the next packet may be for somebody else
                traceback.print_exc()
        pipe.close()
