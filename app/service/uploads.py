"""Files that were uploaded to be added as data: kept on disk below the home until that is done, or nobody looks on.

No name that came with a file becomes a path: each upload is a folder of a random name, with files of fixed names.
"""

import secrets
import shutil
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from aelib.data.idx import standard_name
from aelib.data.limits import Limits
from aelib.data.pictures.decode import is_picture
from aelib.errors import ConfigError, DataError
from aelib.reading import shown

#: Seconds after which an upload that nobody looked at is removed, whichever server took it.
ABANDONED = 6 * 3600.0
#: Files of one upload.
MOST_FILES = 20_000
HEAD = 64
CHUNK = 1 << 20


class UploadedFile(Protocol):
    """A file as the browser sent it."""

    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...
    def read(self, size: int = -1, /) -> bytes: ...
    def seek(self, offset: int, whence: int = 0, /) -> int: ...


@dataclass(frozen=True)
class Upload:
    """``path``: the file or folder to read. ``name``: what people call it."""

    token: str
    path: Path
    name: str
    size: int


class Uploads:
    """The uploads of a server. All methods may be called from any thread; `take` takes as long as writing does."""

    def __init__(self, home: Path, limits: Limits) -> None:
        self._folder, self._limits = home / "uploads", limits
        self._known: dict[str, Upload] = {}
        self._seen: dict[str, float] = {}
        self._lock = threading.Lock()
        self._sweep()

    def take(self, files: Sequence[UploadedFile]) -> Upload:
        """Write files to disk: one as it is, several pictures as an archive, files of MNIST's names as a folder.

        Raises `DataError` when they do not belong together or are too many or too large, `ConfigError` when they cannot
        be written.
        """
        if len(files) > MOST_FILES:
            raise DataError(f"These are {len(files):,} files, more than {MOST_FILES:,}: pack them into a zip archive.")
        size = sum(file.size for file in files)
        self._limits.check("max_bytes", size, "The upload", "choose fewer or smaller files")
        self._sweep()
        token = secrets.token_urlsafe(16)
        folder = self._folder / token
        with self._lock:
            held = sum(upload.size for upload in self._known.values())
            if held + size > 2 * self._limits.max_bytes:
                raise DataError("Others are adding much data to this server just now: try again in a while.")
            upload = Upload(token, folder, _name(files), size)
            self._known[token], self._seen[token] = upload, time.monotonic()
        try:
            folder.mkdir(mode=0o700, parents=True)
            upload = Upload(token, _write(files, folder), upload.name, size)
        except BaseException as error:
            self.discard(token)
            if isinstance(error, OSError):
                raise ConfigError(f"The upload cannot be kept ({error.strerror}): make room on the server.") from None
            raise
        with self._lock:
            self._known[token] = upload
        return upload

    def find(self, token: str) -> Upload:
        """An upload, which is kept for longer by this; `DataError` when it is gone."""
        with self._lock:
            upload = self._known.get(token)
            if upload:
                self._seen[token] = time.monotonic()
        if upload is None or not upload.path.exists():
            raise DataError("The upload is no longer here: choose the files again.")
        with suppress(OSError):
            (self._folder / upload.token).touch()
        return upload

    def discard(self, token: str) -> None:
        """Remove an upload, if it is there."""
        with self._lock:
            upload = self._known.pop(token, None)
            self._seen.pop(token, None)
        if upload:
            shutil.rmtree(self._folder / upload.token, ignore_errors=True)

    def close(self) -> None:
        """Remove all of them."""
        for token in [*self._known]:
            self.discard(token)

    def _sweep(self) -> None:
        """Remove what nobody looks at any more, also of servers that were killed."""
        with self._lock:
            idle = [token for token, seen in self._seen.items() if time.monotonic() - seen > ABANDONED]
        for token in idle:
            self.discard(token)
        with suppress(OSError):  # not there yet, or no folder, which the next upload tells
            for path in self._folder.iterdir():
                with suppress(OSError):
                    if path.name not in self._known and path.stat().st_mtime < time.time() - ABANDONED:
                        shutil.rmtree(path)


def _name(files: Sequence[UploadedFile]) -> str:
    """What to call an upload: its file, or the folder that all of its files lie in."""
    paths = [PurePosixPath(file.name.replace("\\", "/")) for file in files]
    if len(paths) == 1:
        return shown(paths[0].stem) or "Own data"
    tops = {path.parts[0] for path in paths if len(path.parts) > 1}
    return (shown(tops.pop()) if len(tops) == 1 else "") or "Own pictures"


def _write(files: Sequence[UploadedFile], folder: Path) -> Path:
    if standard := _as_idx(files):
        for name, file in standard.items():
            with (folder / name).open("xb") as target:
                _copy(file, target)
        return folder
    if not any(is_picture(_head(file)) for file in files):
        if len(files) > 1:
            raise DataError(
                "Several files are taken together as pictures, or as IDX files of MNIST's names: choose one table, "
                "archive or file of arrays."
            )
        path = folder / "upload"
        with path.open("xb") as target:
            _copy(files[0], target)
        return path
    return _pack(files, folder / "pictures.zip")


def _as_idx(files: Sequence[UploadedFile]) -> dict[str, UploadedFile]:
    """Files by their standard names; none where some file has no such name, or two have the same."""
    found = {name: file for file in files if (name := standard_name(file.name, _head(file)))}
    return found if len(found) == len(files) and len(files) > 1 else {}


def _pack(files: Sequence[UploadedFile], path: Path) -> Path:
    """Pictures as an archive, in the folders that they came in: those may be classes."""
    taken: Counter[str] = Counter()
    with zipfile.ZipFile(path, "x", zipfile.ZIP_STORED) as archive:
        for file in files:
            name = "/".join(shown(part) for part in PurePosixPath(file.name.replace("\\", "/")).parts if part != "/")
            taken[name] += 1
            entry = zipfile.ZipInfo(f"{name} ({taken[name]})" if taken[name] > 1 else name)
            with archive.open(entry, "w", force_zip64=True) as target:
                _copy(file, target)
    return path


def _head(file: UploadedFile) -> bytes:
    file.seek(0)
    return file.read(HEAD)


def _copy(file: UploadedFile, target: IO[bytes]) -> None:
    file.seek(0)
    shutil.copyfileobj(file, target, CHUNK)
