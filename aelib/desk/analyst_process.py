"""`AnalystProcess`: the server's end of one analyst."""

import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from aelib.desk.wire import Question, Reply
from aelib.errors import ConfigError
from aelib.latent.numba_cache import provide_cache
from aelib.processes import Child, Packet

Tell = Callable[[Reply], None]
ENDED = Reply("failed", text="The computation ended without an answer, perhaps for want of memory: try fewer points.")
ANALYST = "aelib.desk"
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}


class AnalystProcess:
    """Started when it is made. It gets one question at a time, the others wait here, where they can be dropped.

    Its replies are told in a thread of its own; all methods may be called from any, and none waits for the process
    but `join`.
    """

    def __init__(self) -> None:
        with suppress(ConfigError):  # once for all analysts; without a folder, who asks for UMAP is told
            provide_cache()
        self._lock = threading.Lock()
        self._number = 0
        self._waiting: dict[int, Tell] = {}
        self._unsent: deque[Question] = deque()
        self._answering = False
        self._ended = False
        self.used = time.monotonic()
        self._child = Child(ANALYST, hear=self._hear, ended=self._end, environment=ENVIRONMENT)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._child.pid

    @property
    def is_alive(self) -> bool:
        """Whether it can still be asked."""
        return self._child.is_alive

    @property
    def is_busy(self) -> bool:
        """Whether it owes an answer."""
        return bool(self._waiting)

    def ask(self, folder: Path, ask: str, tell: Tell, start: str = "", clusters: str = "") -> int:
        """Ask about the model in a folder; ``tell`` hears progress, then one answer or failure. Returns a number for
        `drop`."""
        with self._lock:
            self.used = time.monotonic()
            self._number += 1
            number, ended = self._number, self._ended
            if not ended:
                self._waiting[number] = tell
                self._unsent.append(Question(number, folder, ask.encode(), start, clusters))
                self._send_next()
        if ended:
            tell(ENDED)
        return number

    def drop(self, number: int) -> None:
        """Nobody wants the answer any more: a question whose turn has not come is not asked, and nobody is told."""
        with self._lock:
            before = len(self._unsent)
            self._unsent = deque(question for question in self._unsent if question.number != number)
            if len(self._unsent) < before:
                del self._waiting[number]

    def stop(self) -> None:
        """End it at once; whoever waits is told so."""
        self._child.kill()

    def join(self) -> None:
        """After `stop`: wait until it is gone and everybody has been told."""
        self._child.join()

    def _send_next(self) -> None:
        if self._unsent and not self._answering:
            self._answering = True
            self._child.send(self._unsent.popleft().packet())

    def _hear(self, packet: Packet) -> None:
        number, reply = Reply.of(packet)
        self.used = time.monotonic()
        with self._lock:
            if reply.kind == "progress":
                tell = self._waiting.get(number)
            else:
                tell, self._answering = self._waiting.pop(number, None), False
                self._send_next()
        if tell:
            tell(reply)

    def _end(self, status: int) -> None:
        with self._lock:
            self._ended = True
            left, self._waiting = list(self._waiting.values()), {}
            self._unsent.clear()
        for tell in left:
            tell(ENDED)
