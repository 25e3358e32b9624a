"""`AnalystProcess`: the server's end of one analyst."""

import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from aelib.desk.wire import Reply, read_reply, write_envelope

Tell = Callable[[Reply], None]
ENDED = Reply("failed", text="The computation ended without an answer, perhaps for want of memory: try fewer points.")


class AnalystProcess:
    """Started when it is made. It gets one question at a time, the others wait here, where they can be dropped.

    Its replies are told in a thread of its own; all methods may be called from any, and none waits for the process
    but `stop` and `join`.
    """

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "aelib.desk"],
            env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        self._changed = threading.Condition()
        self._number = 0
        self._waiting: dict[int, Tell] = {}
        self._unsent: deque[dict[str, Any]] = deque()
        self._answering = False
        self._ended = False
        self.used = time.monotonic()
        # A thread each: while a long question is written, replies are read on, or both ends would wait for ever.
        self._threads = [threading.Thread(target=job, name="analyst", daemon=True) for job in (self._read, self._write)]
        for thread in self._threads:
            thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether it can still be asked."""
        return not self._ended and self._process.poll() is None

    @property
    def is_busy(self) -> bool:
        """Whether it owes an answer."""
        return bool(self._waiting)

    def ask(self, folder: Path, ask: str, tell: Tell, start: str = "") -> int:
        """Ask about the model in a folder; ``tell`` hears progress, then one answer or failure. Returns a number for
        `drop`."""
        with self._changed:
            self.used = time.monotonic()
            self._number += 1
            number, ended = self._number, self._ended
            if not ended:
                self._waiting[number] = tell
                self._unsent.append({"number": number, "folder": str(folder), "ask": ask, "start": start})
                self._changed.notify()
        if ended:
            tell(ENDED)
        return number

    def drop(self, number: int) -> None:
        """Nobody wants the answer any more: a question whose turn has not come is not asked, and nobody is told."""
        with self._changed:
            before = len(self._unsent)
            self._unsent = deque(envelope for envelope in self._unsent if envelope["number"] != number)
            if len(self._unsent) < before:
                del self._waiting[number]

    def stop(self) -> None:
        """End it at once; whoever waits is told so."""
        self._process.kill()
        self._process.wait()

    def join(self) -> None:
        """After `stop`: wait until everybody has been told."""
        for thread in self._threads:
            thread.join()

    def _write(self) -> None:
        assert self._process.stdin
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._ended or (self._unsent and not self._answering))
                if self._ended:
                    return
                envelope, self._answering = self._unsent.popleft(), True
            with suppress(BrokenPipeError, ValueError):  # gone: the reader tells those who wait
                write_envelope(self._process.stdin, envelope)

    def _read(self) -> None:
        assert self._process.stdout
        while (found := read_reply(self._process.stdout)) is not None:
            number, reply = found
            self.used = time.monotonic()
            with self._changed:
                if reply.kind == "progress":
                    tell = self._waiting.get(number)
                else:
                    tell, self._answering = self._waiting.pop(number, None), False
                    self._changed.notify()
            if tell:
                tell(reply)
        with self._changed:
            self._ended = True
            left, self._waiting = list(self._waiting.values()), {}
            self._unsent.clear()
            self._changed.notify()
        for tell in left:
            tell(ENDED)
        assert self._process.stdin
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()
