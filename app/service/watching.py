"""Who waits for files to change is told by one look for all.

A class watches one run: if every viewer looked for itself, they would keep a core busy while nothing happens.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

#: Between looks.
LOOK_SECONDS = 0.005

#: What changes with a file: its inode, size and time; None where there is none.
Signature = tuple[int, int, int] | None


class Watched:
    """Files that somebody waits for, all in one event loop."""

    def __init__(self, paths: tuple[Path, ...]) -> None:
        self.paths = paths
        self.watchers = 0
        self._signatures: list[Signature] | None = None
        self._changes = 0
        self._changed = asyncio.Event()

    def notice(self, signatures: list[Signature]) -> None:
        """What was seen; whoever waits is told if it is not what was seen last."""
        if signatures != self._signatures:
            self._signatures = signatures
            self.wake()

    def wake(self) -> None:
        """Let whoever waits look, as if the files had changed."""
        self._changes += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def change(self, seen: int) -> int:
        """How often they have changed, as soon as that is more than ``seen``."""
        while self._changes <= seen:
            await self._changed.wait()
        return self._changes


class FileWatch:
    """Looks at all files that somebody waits for, in one thread, until nobody does."""

    def __init__(self) -> None:
        self._watched: dict[tuple[Path, ...], Watched] = {}
        self._looking: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def watch(self, *paths: Path) -> AsyncIterator[Watched]:
        """These files; its changes count from 1."""
        watched = self._watched.setdefault(paths, Watched(paths))
        watched.watchers += 1
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
        try:
            yield watched
        finally:
            watched.watchers -= 1
            if not watched.watchers:
                del self._watched[paths]
            if not self._watched and self._looking:
                self._looking.cancel()
                self._looking = None

    async def _look(self) -> None:
        while True:
            all_of_them = list(self._watched.values())
            paths = [watched.paths for watched in all_of_them]
            for watched, signatures in zip(all_of_them, await asyncio.to_thread(_signatures, paths), strict=True):
                watched.notice(signatures)
            await asyncio.sleep(LOOK_SECONDS)


def _signatures(files: list[tuple[Path, ...]]) -> list[list[Signature]]:
    return [[_signature(path) for path in paths] for paths in files]


def _signature(path: Path) -> Signature:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns
