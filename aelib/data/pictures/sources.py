"""What folders and archives have in common: files that may be pictures, and an account of those that are not used."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import BinaryIO, NamedTuple, Protocol

from aelib.data.pictures.decode import UnusableError, is_picture
from aelib.reading import shown

#: Folders within folders.
MAX_DEPTH = 32
#: Files that are looked at, pictures or not.
MAX_FILES = 1_000_000
_NAMES_KEPT = 5
_HOUSEKEEPING = frozenset({"__macosx", "thumbs.db", "desktop.ini", "icon\r"})
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"BZh", b"\xfd7zXZ")


class Source(Protocol):
    """One file. ``parts``: the folders it lies in, and its name, as they are written."""

    @property
    def parts(self) -> tuple[str, ...]: ...

    def head(self) -> bytes:
        """How it begins; `UnusableError` with the reason why that cannot be told."""

    def open(self) -> AbstractContextManager[BinaryIO]:
        """All of it, seekable; `UnusableError` with the reason why it cannot be read."""


class Left(NamedTuple):
    """How many files are not used for one reason, and the first few of them."""

    number: int
    names: tuple[str, ...]


class Skips(dict[str, Left]):
    """The files that are not used, by reason."""

    def add(self, reason: str, parts: tuple[str, ...]) -> None:
        number, names = self.get(reason, Left(0, ()))
        if len(names) < _NAMES_KEPT:
            names = (*names, shown("/".join(parts)))
        self[reason] = Left(number + 1, names)

    def __str__(self) -> str:
        """As "3 damaged (a.png, b.png, …), 1 hidden (.c)"."""
        return ", ".join(
            f"{left.number:,} {reason} ({', '.join(left.names)}{', …' if left.number > len(left.names) else ''})"
            for reason, left in self.items()
        )


def is_housekeeping(name: str) -> bool:
    """Whether a file or folder is hidden, or an operating system's own."""
    return name.startswith(".") or name.casefold() in _HOUSEKEEPING


def only_pictures(sources: list[Source], skips: Skips, looked_at: Callable[[int], None]) -> list[Source]:
    """Those that hold pictures by how they begin, in the order of their names; ``looked_at`` is told how many."""
    pictures = []
    for count, source in enumerate(sorted(sources, key=lambda source: source.parts)):
        looked_at(count)
        try:
            head = source.head()
        except UnusableError as error:
            skips.add(str(error), source.parts)
            continue
        if is_picture(head):
            pictures.append(source)
        else:
            skips.add("archives" if head.startswith(_ARCHIVES) else "no pictures", source.parts)
    return pictures
