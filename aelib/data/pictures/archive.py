"""The files in a zip archive, read where they lie: nothing is unpacked to disk, and no name in it becomes a path."""

import io
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO

from aelib.data.pictures.decode import HEAD, UnusableError
from aelib.data.pictures.sources import MAX_DEPTH, MAX_FILES, Skips, Source, is_housekeeping
from aelib.errors import DataError
from aelib.reading import Bounded, Guarded, read_up_to

#: `zipfile` reads the list of contents at once: of a million files it would fill a gigabyte.
_MAX_LISTING = 64 << 20
_ENCRYPTED = 1
#: What is packed otherwise may ask for gigabytes before it gives the first byte.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass
class Unpacked:
    """How many bytes were unpacked from one archive, as counted; ``check`` raises when they are too many."""

    check: Callable[[int], None]
    count: int = 0

    def add(self, count: int) -> None:
        self.count += count
        self.check(self.count)


@dataclass(frozen=True)
class FileInArchive:
    """See `Source`."""

    archive: zipfile.ZipFile = field(repr=False)
    entry: zipfile.ZipInfo
    parts: tuple[str, ...]
    max_bytes: int
    unpacked: Unpacked

    def head(self) -> bytes:
        return self._read(HEAD)

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        content = self._read(self.max_bytes + 1)
        self.unpacked.add(len(content))
        if len(content) > self.max_bytes:
            raise UnusableError("too large")
        with io.BytesIO(content) as stream:
            yield stream

    def _read(self, count: int) -> bytes:
        with opened_entry(self.archive, self.entry, UnusableError("damaged")) as stream:
            return bytes(read_up_to(stream, count))


@contextmanager
def opened_zip(stream: BinaryIO, name: str) -> Iterator[zipfile.ZipFile]:
    """A zip archive; `DataError` when it is none, is damaged, is encrypted or lists too much."""
    try:
        archive = zipfile.ZipFile(Bounded(stream, _MAX_LISTING))
    except DataError:
        raise DataError(f"{name} lists more files than are read from one archive: pack fewer.") from None
    except Exception:  # `zipfile` raises errors of many types on what is damaged
        raise DataError(f"{name} is no zip archive, or is damaged: pack the files again, as .zip.") from None
    with archive:
        if len(archive.infolist()) > MAX_FILES:
            raise DataError(f"{name} holds more than {MAX_FILES:,} files: pack fewer.")
        if any(entry.flag_bits & _ENCRYPTED for entry in archive.infolist()):
            raise DataError(f"{name} is encrypted: pack it without a password.")
        yield archive


@contextmanager
def opened_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, error: DataError) -> Iterator[Guarded]:
    """One file in an archive; ``error`` is raised where it cannot be opened, and where reading it fails."""
    if entry.compress_type not in _METHODS:
        raise error
    try:
        stream = archive.open(entry)
    except Exception:  # `zipfile` raises errors of many types on what is damaged
        raise error from None
    with stream:
        yield Guarded(stream, error)


def files_in_archive(archive: zipfile.ZipFile, max_bytes: int, unpacked: Unpacked, skips: Skips) -> list[Source]:
    """The files of an archive that may be read.

    ``max_bytes``: of one file, unpacked, as counted and not as declared. ``unpacked`` counts those of all.
    """
    found: dict[tuple[str, ...], Source] = {}
    for entry in archive.infolist():
        if entry.is_dir():
            continue
        parts = tuple(part for part in entry.filename.replace("\\", "/").split("/") if part not in ("", "."))
        reason = _reason_to_skip(entry, parts) or ("named twice" if parts in found else "")
        if reason:
            skips.add(reason, parts[:MAX_DEPTH])
        else:
            found[parts] = FileInArchive(archive, entry, parts, max_bytes, unpacked)
    return list(found.values())


def _reason_to_skip(entry: zipfile.ZipInfo, parts: tuple[str, ...]) -> str:
    mode = entry.external_attr >> 16
    if not parts or ".." in parts or entry.filename.startswith(("/", "\\")) or parts[0].endswith(":"):
        return "leading out of the archive"
    if any(map(is_housekeeping, parts)):
        return "hidden"
    if stat.S_ISLNK(mode):
        return "links"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "no regular files"
    if len(parts) > MAX_DEPTH + 1:
        return "nested too deep"
    return "" if entry.compress_type in _METHODS else "packed in a way that is not read"
