"""Files written whole: a reader sees all of the new content or all of the old, and never half of one."""

import errno
import os
import secrets
import stat
import tempfile
from pathlib import Path

#: A file cannot be put in the place of another: its folder takes no new one, or it is a mount of its own.
_IN_PLACE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there with all of its content or not at all; `OSError` when it cannot be.

    A link leads to the file that is written. A file that was there keeps its mode and its owner. What cannot be
    replaced is written as it stands, which is not whole when it is cut short: a device, a pipe, a file in a folder that
    takes no new one.
    """
    target = resolve(path)
    try:
        old = path.stat()
    except FileNotFoundError:
        old = None
    if old is not None and not _is_replaceable(target, old):
        path.write_bytes(content)
        return
    try:
        _replace(target, content, old)
    except OSError as error:
        if old is None or error.errno not in _IN_PLACE:
            raise
        target.write_bytes(content)


def resolve(path: Path) -> Path:
    """The file that a path leads to, whether it is there or not; `OSError` where links run in a circle."""
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    return target


def expect_writable(path: Path) -> None:
    """`OSError` when a file could not be written there, or in a folder that can be made for it. Leaves nothing behind.

    For callers to ask before their work, which would be lost after it.
    """
    target = resolve(path)
    if path.is_file():
        with path.open("ab"):  # asked of the system itself: permissions alone do not tell
            pass
    elif path.exists():  # a folder, or a device, which takes what it is given
        if path.is_dir() or not os.access(path, os.W_OK):
            number = errno.EISDIR if path.is_dir() else errno.EACCES
            raise OSError(number, os.strerror(number), str(path))
    else:
        expect_folder(target.parent)


def expect_folder(folder: Path) -> None:
    """`OSError` when no file could be written into a folder that is there or can be made. Leaves nothing behind."""
    nearest = next(place for place in (folder, *folder.parents) if place.exists())
    with tempfile.TemporaryFile(dir=nearest):
        pass


def _is_replaceable(target: Path, old: os.stat_result) -> bool:
    """Whether that is a plain file by its own name: a path such as /dev/stdout may lead to one that has none."""
    try:
        return stat.S_ISREG(old.st_mode) and os.path.samestat(old, target.stat())
    except FileNotFoundError:
        return False


def _replace(target: Path, content: bytes, old: os.stat_result | None) -> None:
    part = target.with_name(f".{secrets.token_hex(8)}.part")
    # Nobody may read a private file while it is written.
    mode = 0o666 if old is None else stat.S_IMODE(old.st_mode)
    file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode & 0o666)
    try:
        with open(file, "wb") as stream:
            if old is not None:
                _inherit(part, old)
            stream.write(content)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _inherit(part: Path, old: os.stat_result) -> None:
    """Give a new file the owner and the mode of the old one; `PermissionError` when the owner is another's."""
    new = part.stat()
    if hasattr(os, "chown") and (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        os.chown(part, old.st_uid, old.st_gid)
    part.chmod(stat.S_IMODE(old.st_mode))  # after the owner, whose change takes rights away
