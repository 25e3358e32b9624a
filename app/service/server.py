"""What one server process has once: the store, the supervisor of the workers, the library, the viewers, the desk."""

import asyncio
import gc
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from aelib.commands.background_jobs import Comparisons, Imports, Measurements, Previews, WorstRows
from aelib.data.limits import Limits
from aelib.desk import Desk
from aelib.errors import AelibError
from aelib.library import Library
from aelib.runs import RunStore, Supervisor, default_home
from aelib.runs.commands import Pause, Play
from aelib.runs.store import ACTIVE

from .nodelay import send_at_once
from .uploads import Uploads
from .watching import FileWatch

#: Days after which a run that nobody kept or touched is deleted.
KEEP_DAYS = 30
#: Seconds without a viewer after which a training run is paused.
GRACE_SECONDS = 60.0


class Server:
    """Created by the lifespan of the ASGI app; the pages reach it through `current`.

    ``loop``: the event loop that serves the sockets, for what pages (in threads of their own) start.
    """

    def __init__(self, home: Path, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self.limits = Limits.of_environment()
        self.store = RunStore(home)
        self.supervisor = Supervisor(self.store)
        self.library = Library(self.store)
        self.measurements, self.comparisons, self.worst_rows = Measurements(), Comparisons(), WorstRows()
        self.previews, self.imports = Previews(), Imports()
        self.uploads = Uploads(home, self.limits)
        self.desk = Desk()
        self.files = FileWatch()
        self._viewers: Counter[str] = Counter()
        self._leaving: dict[str, asyncio.Task[None]] = {}
        self._loop = loop

    async def viewer_came(self, run_id: str) -> None:
        """Somebody looks at a run; if it was paused for want of that, it goes on."""
        self._viewers[run_id] += 1
        if leaving := self._leaving.pop(run_id, None):
            leaving.cancel()
        await asyncio.to_thread(self._wake, run_id)

    def viewer_left(self, run_id: str) -> None:
        """Somebody stopped looking; a run that nobody looks at is paused after a while."""
        self._viewers[run_id] -= 1
        self._watch(run_id)

    def expect_viewer(self, run_id: str) -> None:
        """A run was just started (in any thread): somebody should look at it soon."""
        if self._loop:
            self._loop.call_soon_threadsafe(self._watch, run_id)

    def _watch(self, run_id: str) -> None:
        if not self._viewers[run_id] and run_id not in self._leaving:
            self._leaving[run_id] = asyncio.get_running_loop().create_task(self._pause_later(run_id))

    def leave(self, run_id: str) -> None:
        """The user turns to another run: this one rests at once, unless somebody else is looking at it."""
        if self._viewers[run_id] <= 1:
            self.supervisor.close(run_id)

    def tidy(self) -> None:
        """Delete the runs that nobody kept and nobody has touched for a long time."""
        for row in self.store.rows(saved=False):
            if time.time() - row.heartbeat > KEEP_DAYS * 86_400:
                with suppress(AelibError):  # another program trains it after all
                    self.supervisor.delete(row.id)

    async def _pause_later(self, run_id: str) -> None:
        await asyncio.sleep(GRACE_SECONDS)
        del self._viewers[run_id], self._leaving[run_id]
        with suppress(AelibError):  # deleted in the meantime
            await asyncio.to_thread(self._rest, run_id)
            if self._viewers[run_id]:  # who came while it was being paused may not have seen that
                await asyncio.to_thread(self._wake, run_id)

    def _rest(self, run_id: str) -> None:
        if self.store.get(run_id).status in ACTIVE:
            self.supervisor.send(run_id, Pause(unattended=True))

    def _wake(self, run_id: str) -> None:
        if self.store.get(run_id).unattended:
            with suppress(AelibError):  # it is open in another program: whoever presses Play is told
                self.supervisor.send(run_id, Play())


_current: list[Server] = []


def current() -> Server:
    """The server of this process."""
    return _current[0]


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """Start the workers with the server, and let them save their runs when it stops."""
    server = Server(default_home(), asyncio.get_running_loop())
    server.supervisor.start()
    server.desk.start()
    server.tidy()
    _current[:] = [server]
    send_at_once()
    # Streamlit collects garbage after every script run: 110 ms with torch loaded, unless it is frozen.
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        await asyncio.to_thread(server.supervisor.stop)
        for jobs in (server.measurements, server.comparisons, server.worst_rows, server.previews, server.imports):
            await asyncio.to_thread(jobs.close)
        await asyncio.to_thread(server.uploads.close)
        await asyncio.to_thread(server.desk.close)
        server.store.close()
