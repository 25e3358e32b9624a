"""`Lifeline`: a file that tells whether the processes that hold it live."""

import os
import platform
import sys
import time
from contextlib import suppress
from pathlib import Path

#: On another machine, whose locks may not be seen from here, a process lives that has renewed its file so lately, in
#: seconds. Clocks may differ by some of them.
LEASE_SECONDS = 60.0
RENEW_SECONDS = 10.0
_BOOT = Path("/proc/sys/kernel/random/boot_id")

if sys.platform == "win32":
    import msvcrt

    #: Windows locks bytes, and keeps others from reading them: there is one for each holder, behind what is read.
    _FIRST, _HOLDERS = 1 << 30, 256

    def _share(file: int) -> None:
        for place in range(_FIRST, _FIRST + _HOLDERS):
            os.lseek(file, place, os.SEEK_SET)
            with suppress(OSError):  # another holder's
                msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
                break
        os.lseek(file, 0, os.SEEK_SET)

    def _is_shared(file: int) -> bool:
        os.lseek(file, _FIRST, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, _HOLDERS)
        except OSError:
            return True
        finally:
            os.lseek(file, 0, os.SEEK_SET)
        return False

else:
    import fcntl

    def _share(file: int) -> None:
        with suppress(OSError):  # a file system without locks: there the time alone tells
            fcntl.flock(file, fcntl.LOCK_SH)

    def _is_shared(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


class Lifeline:
    """A lock on a file, which several processes may hold, each for as long as it lives.

    The operating system lets go of it with the end of a process, however that ends, and not before: one that hangs or
    is stopped holds it, one that was killed does not. So it needs no process id, which another process may have by
    now, which a zombie keeps, and which means nothing in the next container. Nothing has to be written to keep it on
    one machine; for others, which may not see the lock, `renew` writes the time.
    """

    def __init__(self, path: Path) -> None:
        """Make the file and hold it; `OSError` when that cannot be."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_machine(), encoding="utf-8")
        self._path, self._file = path, _hold(path)

    @staticmethod
    def join(path: Path) -> bool:
        """Hold the file of another process with it, to the end of this one; False when that has let go of it."""
        try:
            _hold(path)
        except FileNotFoundError:
            return False
        return True

    def renew(self) -> None:
        """Tell other machines that this process lives."""
        with suppress(FileNotFoundError):
            os.utime(self._path)

    def end(self) -> None:
        """Let go of the file, and remove it."""
        os.close(self._file)
        with suppress(OSError):  # Windows removes nothing that is open
            self._path.unlink(missing_ok=True)


def is_held(path: Path) -> bool:
    """Whether a process that holds this file lives, as far as anybody knows."""
    try:
        file = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    try:
        return _is_held(file)
    finally:
        os.close(file)


def remove_what_nobody_holds(folder: Path) -> None:
    """Remove the files that killed processes left in a folder, but none that was made just now."""
    for path in folder.iterdir():
        with suppress(OSError):  # gone already
            if time.time() - path.stat().st_mtime > LEASE_SECONDS and not is_held(path):
                path.unlink()


def _hold(path: Path) -> int:
    file = os.open(path, os.O_RDWR)
    _share(file)
    return file


def _is_held(file: int) -> bool:
    try:
        if _is_shared(file):
            return True
        is_near = os.read(file, 1024).decode("utf-8", "replace") == _machine()
    except OSError:  # a file system without locks
        is_near = False
    return not is_near and time.time() - os.fstat(file).st_mtime < LEASE_SECONDS


def _machine() -> str:
    """What processes have in common that see each other's locks: on Linux the kernel, whatever the container."""
    try:
        return _BOOT.read_text().strip()
    except OSError:
        return platform.node()
