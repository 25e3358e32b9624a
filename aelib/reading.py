"""Files of others: only regular ones are opened, no more is read than was agreed, and names are only shown."""

import io
import os
import stat
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from aelib.errors import DataError

_CHUNK = 1 << 20
#: Characters of a path that are shown.
LONGEST_PATH = 200


class Readable(Protocol):
    """What bytes can be read from."""

    def read(self, size: int, /) -> bytes: ...


class Seekable(Readable, Protocol):
    """What bytes can be read from at any place."""

    def seek(self, offset: int, whence: int = 0, /) -> int: ...

    def tell(self) -> int: ...


class Bounded(io.BufferedIOBase):
    """A stream of which no more than ``most`` bytes are read at once, whatever the caller has been told to expect."""

    def __init__(self, stream: Seekable, most: int) -> None:
        self._stream, self._most = stream, most

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > self._most:
            raise DataError(f"More than {self._most:,} bytes were asked for at once.")
        return self._stream.read(self._most if size is None or size < 0 else size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True


class Guarded:
    """A stream whose every failure to be read is one and the same error."""

    def __init__(self, stream: Readable, error: DataError) -> None:
        self._stream, self._error = stream, error

    def read(self, size: int, /) -> bytes:
        try:
            return self._stream.read(size)
        except Exception:  # those of archives are of a dozen types
            raise self._error from None


def open_regular(path: Path, *, follow: bool = True) -> BinaryIO:
    """A regular file, opened to be read; devices, pipes, sockets and folders are not touched.

    ``follow``: whether a link leads to its file. Raises `OSError` where the system does, and `DataError` for what is no
    regular file.
    """
    # Without O_NONBLOCK the opening of a pipe waits for whoever writes into it.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    told = shown(path.name or str(path))
    try:
        found = os.stat(path, follow_symlinks=follow)
    except ValueError:  # a zero byte
        raise DataError(f"{told} is no name of a file.") from None
    if not stat.S_ISREG(found.st_mode):  # to open some devices does something
        raise DataError(f"{told} is no regular file.")
    number = os.open(path, flags if follow else flags | getattr(os, "O_NOFOLLOW", 0))
    try:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise DataError(f"{told} is no regular file.")
        return os.fdopen(number, "rb")
    except BaseException:
        os.close(number)
        raise


@contextmanager
def given_file(path: Path, name: str = "") -> Iterator[BinaryIO]:
    """A file that somebody named, opened to be read.

    ``name``: what to call it, its path where it is empty. Raises `DataError` where it cannot be opened or read, and at
    the end where it was written meanwhile: what was read is of no one moment then.
    """
    told = name or shown(str(path), LONGEST_PATH)
    try:
        with open_regular(path) as stream:
            before = moment_of(stream)
            try:
                yield stream
            except DataError:  # what was written is why, if anything was
                if moment_of(stream) == before:
                    raise
            if moment_of(stream) != before:
                raise DataError(f"{told} changed while it was read: try again when nothing writes it any more.")
    except OSError as error:
        if error.errno is None:  # not the system's, but of who was told of the progress
            raise
        if isinstance(error, FileNotFoundError):
            raise DataError(f"There is no file {told}.") from None
        raise DataError(f"{told} cannot be read ({error.strerror}): choose another file.") from None


def moment_of(stream: BinaryIO) -> tuple[int, int]:
    """What of an open file changes when it is written: its size, and when that was done."""
    about = os.fstat(stream.fileno())
    return about.st_size, about.st_mtime_ns


def read_up_to(stream: Readable, count: int, read: Callable[[int], None] = lambda count: None) -> bytearray:
    """At most ``count`` bytes. Memory grows with what has come, not with what was promised.

    ``read`` is told after each part how many have come.
    """
    found = bytearray()
    while len(found) < count and (part := stream.read(min(_CHUNK, count - len(found)))):
        found += part
        read(len(found))
    return found


def named(path: Path) -> Path:
    """The same place by a path that ends with its name: "." and ".." say none."""
    return path.resolve() if path.name in ("", "..") else path


def shown(name: str, most: int = 60) -> str:
    """A name or title in one line that can be shown and kept: composed characters (NFC), nothing unprintable, cut to
    ``most`` characters."""
    text = " ".join(unicodedata.normalize("NFC", name[: 4 * most]).split())
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def told_apart(names: Sequence[str]) -> tuple[str, ...]:
    """Names as they can be shown; those that look the same are numbered."""
    texts = [shown(name) or "(empty)" for name in names]
    if len(set(texts)) == len(texts):
        return tuple(texts)
    return tuple(f"{text} ({number})" for number, text in enumerate(texts, 1))
