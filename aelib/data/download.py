"""Files that are fetched once, on request, and known by their checksum."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.request import urlopen

import platformdirs

from aelib.errors import DataError
from aelib.progress import Progress

#: Read at a time.
CHUNK = 1 << 18
#: Seconds without a byte after which a server counts as gone.
PATIENCE = 30


def data_root() -> Path:
    """Where files are looked for and downloaded to: `AELIB_DATA`, or a folder in the user's cache."""
    return Path(os.environ.get("AELIB_DATA") or platformdirs.user_cache_path("aelib") / "data")


@dataclass(frozen=True)
class RemoteFile:
    """``path``: below `data_root`. ``md5``: as its authors publish it, or those who read it most (torchvision)."""

    url: str
    path: str
    size: int
    md5: str

    @property
    def place(self) -> Path:
        """Where it is, or would be."""
        return data_root() / self.path

    @property
    def is_here(self) -> bool:
        """Whether there is a file of that name; not whether it is whole."""
        return self.place.is_file()

    def fetch(self, data: str, progress: Progress) -> Path:
        """The file, downloaded where it is not there, and known to be whole.

        ``data``: the name of the data set, for sentences. ``progress``: told the share of bytes that have come; what it
        raises ends the download. Raises `DataError` when it is damaged, or cannot be had.
        """
        if not self.is_here:
            with _sentences(data, self):
                self._download(f"Downloading {data}", progress)
        if _md5(self.place) != self.md5:
            raise DataError(
                f"{self.place} is damaged or cut short. Delete this file, so that {data} is downloaded again."
            )
        return self.place

    def _download(self, text: str, progress: Progress) -> None:
        """Into a file beside it, which takes its name when all of it is there."""
        self.place.parent.mkdir(parents=True, exist_ok=True)
        part = self.place.with_name(f"{self.place.name}.{secrets.token_hex(4)}.part")
        try:
            with urlopen(self.url, timeout=PATIENCE) as source, part.open("xb") as target:
                while target.tell() <= self.size and (chunk := source.read(CHUNK)):
                    target.write(chunk)
                    progress(min(1.0, target.tell() / self.size), text)
            if part.stat().st_size != self.size or _md5(part) != self.md5:
                raise OSError("what came is another file, or was cut short")
            part.replace(self.place)
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def _sentences(data: str, file: RemoteFile) -> Iterator[None]:
    try:
        yield
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise DataError(
            f"{data} is not in {data_root()} and cannot be downloaded ({reason}). Connect to a network, or set "
            f"AELIB_DATA to a folder that holds {file.path}."
        ) from None


def _md5(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}).") from None
