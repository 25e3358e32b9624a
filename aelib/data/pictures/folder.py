"""The files in a folder and the folders within it. Links are not followed, and only regular files are opened."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from aelib.data.pictures.decode import HEAD, UnusableError
from aelib.data.pictures.sources import MAX_DEPTH, MAX_FILES, Skips, Source, is_housekeeping
from aelib.errors import DataError
from aelib.reading import LONGEST_PATH, moment_of, open_regular, shown


@dataclass(frozen=True)
class FileInFolder:
    """See `Source`. Files of more than ``max_bytes`` are not read."""

    top: Path
    parts: tuple[str, ...]
    max_bytes: int

    def head(self) -> bytes:
        with self._opened() as file:
            return file.read(HEAD)

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        with self._opened() as file:
            before = moment_of(file)
            if before[0] > self.max_bytes:
                raise UnusableError("too large")
            yield file
            if moment_of(file) != before:
                raise UnusableError("changed while they were read")

    def _opened(self) -> BinaryIO:
        try:
            return open_regular(self.top.joinpath(*self.parts), follow=False)
        except OSError:
            raise UnusableError("unreadable") from None
        except DataError:
            raise UnusableError("no regular files") from None


def files_in_folder(top: Path, max_bytes: int, skips: Skips, looked_at: Callable[[int], None]) -> list[Source]:
    """The regular files below a folder; ``looked_at`` is told how many there are so far.

    Raises `DataError` when the folder is not there, cannot be read or holds more than `MAX_FILES`.
    """
    found: list[Source] = []
    seen = 0
    waiting: list[tuple[str, ...]] = [()]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(top.joinpath(*folder)) as entries:
                for entry in entries:
                    seen += 1
                    looked_at(seen)
                    if seen > MAX_FILES:
                        raise DataError(
                            f"{shown(top.name)} holds more than {MAX_FILES:,} files: choose a folder in it."
                        )
                    parts = (*folder, entry.name)
                    kind = _kind(entry)
                    if is_housekeeping(entry.name):
                        skips.add("hidden", parts)
                    elif kind == "folder" and len(parts) > MAX_DEPTH:
                        skips.add("nested too deep", parts)
                    elif kind == "folder":
                        waiting.append(parts)
                    elif kind == "file":
                        found.append(FileInFolder(top, parts, max_bytes))
                    else:
                        skips.add(kind, parts)
        except (OSError, ValueError) as error:
            if isinstance(error, DataError):
                raise
            if not folder:
                raise DataError(_why_not(top)) from None
            skips.add("unreadable", folder)
    return found


def _kind(entry: os.DirEntry[str]) -> str:
    try:
        if entry.is_symlink():
            return "links"
        if entry.is_dir(follow_symlinks=False):
            return "folder"
        return "file" if entry.is_file(follow_symlinks=False) else "no regular files"
    except OSError:
        return "unreadable"


def _why_not(top: Path) -> str:
    name = shown(str(top), LONGEST_PATH)
    try:
        if top.is_dir():
            return f"The folder {name} cannot be read: ask for the right to, or copy it."
        if top.exists():
            return f"{name} is no folder: name the folder that holds the pictures."
    except (OSError, ValueError):
        pass
    return f"There is no folder {name}."
