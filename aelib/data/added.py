"""Data sets that people add: each a folder ``data/<id>/`` in a home, with plain arrays and a description.

The id is the content's hash under a key of the home. So nobody can guess it who has not seen it, what is added twice,
by however many processes at once, is one folder, and what is added again after it was removed has the id that it had.
A folder is written beside the others under a name that is no id, and renamed at the end: it is there whole or not.
"""

import base64
import hashlib
import hmac
import math
import os
import platform
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache, partial
from pathlib import Path

from pydantic import JsonValue

from aelib.data.catalog import DatasetInfo
from aelib.data.content import read_content, table_of, write_content
from aelib.data.dataset import Dataset
from aelib.data.description import MAX_SENTENCE, MAX_TITLE, Description, is_data_id
from aelib.errors import ConfigError, DataError
from aelib.files import write_whole
from aelib.home import default_home
from aelib.progress import Progress, silent
from aelib.reading import shown
from aelib.spec import Spec

DESCRIPTION = "description.json"
#: That of a table of 60,000 columns, or of millions of rows, stays below this; anything larger is foreign.
MAX_DESCRIPTION_BYTES = 1 << 25
#: What is being written, which is followed by whose processes' ids are meant and by one, and what is being removed.
PART, GONE = ".part-", ".gone-"
_PART_OF = re.compile(r"\.part-([0-9a-f]{8})-([0-9]{1,9})-.*")
#: Descriptions of what was removed, which tell its title to whoever looks for it.
REMEMBERED = ".removed"
KEY, KEY_BYTES = ".key", 32
#: Seconds after which nobody is at work any more on a folder that nothing was written to.
ABANDONED = 3600.0


def add_dataset(
    data: Dataset,
    *,
    title: str = "",
    source: str = "arrays",
    options: Mapping[str, JsonValue] | None = None,
    report: Spec | None = None,
    home: Path | None = None,
    progress: Progress = silent,
) -> DatasetInfo:
    """Store a data set in ``home`` (that of `AELIB_HOME`); what is there already is found, and not stored twice.

    ``title``: for people, that of ``data`` where it is empty. ``source``, ``options``: what it was read from, and how.
    ``report``: what was found when it was read, that of ``data`` where there is one. Raises `DataError` for data that a
    class was left out of and for pictures with values beyond [0, 1], `ConfigError` when it cannot be written. What
    ``progress`` raises ends it, and leaves nothing behind.
    """
    _check(data)
    folder = _folder(home)
    report = report or data.report
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        with tempfile.TemporaryDirectory(
            prefix=f"{PART}{_here()}-{os.getpid()}-", dir=folder, ignore_cleanup_errors=True
        ) as part:
            content = Path(part, "content")
            content.mkdir()
            digits, arrays = write_content(data, content, progress)
            description = Description(
                id=_id_of(digits, folder),
                content_hash=digits,
                title=shown(title or data.name, MAX_TITLE) or "Own data",
                sentence=shown(_sentence(data), MAX_SENTENCE),
                shape=data.shape,
                classes=data.classes,
                factors=data.factors,
                factor_classes=data.factor_classes,
                table=table_of(data),
                arrays=arrays,
                size=sum(array.bytes for array in arrays.values()),
                source=source,
                options=dict(options or {}),
                report=None if report is None else report.model_dump(mode="json"),
                created=time.time(),
            )
            (content / DESCRIPTION).write_bytes(_written(description))
            found = _take_in(content, folder / description.id)
            (folder / REMEMBERED / f"{found.id}.json").unlink(missing_ok=True)
            return _entry(found, folder)
    except OSError as error:
        raise ConfigError(
            f"The data cannot be stored in {folder} ({error.strerror or error}): make room there, or set AELIB_HOME "
            "to another folder."
        ) from None


def added_datasets(home: Path | None = None) -> list[DatasetInfo]:
    """What was added to ``home``, newest first; damaged and foreign folders are left out."""
    folder = _folder(home)
    found = [description for path in _folders(folder) if (description := _readable(path))]
    return [_entry(one, folder) for one in sorted(found, key=lambda one: (-one.created, one.id))]


def damaged_datasets(home: Path | None = None) -> list[str]:
    """A sentence for each folder among the added data sets that is none."""
    complaints = []
    for path in _folders(_folder(home)):
        try:
            read_description(path)
        except DataError as error:
            complaints.append(str(error))
    return complaints


def find_added(data_id: str, content_hash: str | None = None, home: Path | None = None) -> DatasetInfo | None:
    """The added data set of that id or, where that holds something else or is not here, of that content."""
    folder = _folder(home)
    found = _readable(folder / data_id) if is_data_id(data_id) else None
    if found and content_hash in (None, found.content_hash):
        return _entry(found, folder)
    everywhere = added_datasets(home) if content_hash else []
    return next((info for info in everywhere if info.content_hash == content_hash), None)


def describe_added(data_id: str, home: Path | None = None) -> Description:
    """All that is known of an added data set; `DataError` when there is none of that id, or it is damaged."""
    path = _folder(home) / _checked(data_id)
    if not path.is_dir():
        raise DataError(f"There is no added data {data_id}: `aelib data list` lists what there is.")
    return read_description(path)


def remembered(data_id: str, home: Path | None = None) -> Description | None:
    """What was known of an added data set that was removed."""
    return _readable_file(_folder(home) / REMEMBERED / f"{data_id}.json") if is_data_id(data_id) else None


def remove_dataset(data_id: str, home: Path | None = None) -> None:
    """Delete an added data set, damaged or not; a process that has it open keeps what it has (but on Windows).

    Its description is kept, for whoever looks for it. Raises `DataError` when there is none of that id, `ConfigError`
    when it cannot be deleted.
    """
    folder = _folder(home)
    path = folder / _checked(data_id)
    if not path.is_dir():
        raise DataError(f"There is no added data {data_id}: `aelib data list` lists what there is.")
    try:
        if description := _readable(path):
            (folder / REMEMBERED).mkdir(exist_ok=True)
            write_whole(folder / REMEMBERED / f"{data_id}.json", description.model_dump_json().encode())
        _discard(path)
    except OSError as error:
        raise ConfigError(f"{path} cannot be deleted ({error.strerror or error}): end what uses it first.") from None


def remove_unfinished(home: Path | None = None) -> None:
    """Delete what processes have left that were ended while they stored data."""
    with suppress(OSError):
        _sweep(_folder(home))


def read_description(path: Path) -> Description:
    """The description of the data set in a folder; `DataError` when it is none, or files of it are missing."""
    try:
        about = (path / DESCRIPTION).stat()
        found = _parsed(path / DESCRIPTION, about.st_mtime_ns, about.st_size)
        if found.id != path.name:
            raise ConfigError(f"it is that of {found.id}")
        for name, array in found.arrays.items():
            if (path / f"{name}.npy").stat().st_size <= array.bytes:
                raise ConfigError(f"{name}.npy is cut short")
    except (OSError, ConfigError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error).rstrip(".")
        raise DataError(
            f"{path} is no data set of this library ({reason:.200}): remove that folder, and add the data again."
        ) from None
    return found


# --- folders ---------------------------------------------------------------------------------------


def _folder(home: Path | None) -> Path:
    return (home or default_home()).absolute() / "data"


def _folders(folder: Path) -> list[Path]:
    """What stands in the place of data sets; hidden files are the catalogue's own."""
    with suppress(OSError):
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    return []


def _checked(data_id: str) -> str:
    if not is_data_id(data_id):
        raise DataError(f"{data_id!r:.40} is not the id of added data: `aelib data list` lists what there is.")
    return data_id


def _take_in(content: Path, path: Path) -> Description:
    """Rename what was written to its place; what stands there whole, of the same content, is left."""
    for _ in range(3):
        try:
            content.rename(path)
        except OSError:
            if not path.is_dir():
                raise
        with suppress(DataError):
            return read_description(path)
        with suppress(FileNotFoundError):  # another process was faster
            _discard(path)  # damaged
    raise DataError(f"{path} changes while it is written: add the data again.")


def _discard(path: Path) -> None:
    """Delete a folder; nobody finds half of it meanwhile."""
    gone = path.with_name(f"{GONE}{secrets.token_hex(8)}")
    path.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Delete what killed processes have left: at once where it is known that they are gone, else after a while."""
    for path in folder.iterdir():
        if path.name.startswith((PART, GONE)):
            with suppress(OSError):
                newest = max(part.stat().st_mtime for part in (path, *path.rglob("*")))
                if _is_orphan(path) or newest < time.time() - ABANDONED:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()


def _is_orphan(path: Path) -> bool:
    """Whether the process that wrote it was one of here, and is gone."""
    found = _PART_OF.fullmatch(path.name)
    if found is None or found[1] != _here() or os.name == "nt":  # there the question would end the process
        return False
    try:
        os.kill(int(found[2]), 0)
    except ProcessLookupError:
        return True
    except OSError:  # it is somebody else's
        pass
    return False


def _here() -> str:
    """What processes have in common whose ids are told apart: the machine and, on Linux, the container."""
    try:
        space = os.stat("/proc/self/ns/pid").st_ino
    except OSError:
        space = 0
    return hashlib.blake2b(f"{platform.node()} {space}".encode(), digest_size=4).hexdigest()


def _id_of(content_hash: str, folder: Path) -> str:
    digest = hmac.digest(_key(folder), content_hash.encode(), "sha256")
    return f"data-{base64.urlsafe_b64encode(digest).decode()[:22]}"


def _key(folder: Path) -> bytes:
    """The key of a home, made when it is first needed; of several who make one at once all get the same."""
    path = folder / KEY
    if not path.exists():
        part = folder / f"{PART}{secrets.token_hex(8)}"
        part.touch(mode=0o600)
        try:
            part.write_bytes(secrets.token_bytes(KEY_BYTES))
            with suppress(FileExistsError):
                os.link(part, path)
        finally:
            part.unlink(missing_ok=True)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise ConfigError(f"{path} is damaged: delete it, so that a new one is made.")
    return key


# --- descriptions ----------------------------------------------------------------------------------


def _written(description: Description) -> bytes:
    """A description as its file has it; `DataError` when nobody would read one so long."""
    content = description.model_dump_json().encode() + b"\n"
    if len(content) > MAX_DESCRIPTION_BYTES:
        raise DataError(f"{description.title} has too many rows, columns or long texts to be kept: leave some out.")
    return content


def _readable(path: Path) -> Description | None:
    with suppress(DataError):
        return read_description(path)
    return None


def _readable_file(path: Path) -> Description | None:
    with suppress(OSError, ConfigError):
        about = path.stat()
        return _parsed(path, about.st_mtime_ns, about.st_size)
    return None


@lru_cache(maxsize=256)
def _parsed(path: Path, changed: int, size: int) -> Description:
    """``changed``, ``size``: of the file, so that one that was replaced is read again."""
    if size > MAX_DESCRIPTION_BYTES:
        raise ConfigError(f"{path.name} is too large to be a description")
    return Description.from_json(path.read_bytes())


def _entry(description: Description, folder: Path) -> DatasetInfo:
    return DatasetInfo(
        description.id,
        description.title,
        description.shape,
        description.sentence,
        partial(_load, folder / description.id, description),
        description.classes,
        content_hash=description.content_hash,
        size=description.size,
        counts=description.counts,
    )


def _load(path: Path, description: Description, progress: Progress) -> Dataset:
    progress(0.0, f"Opening {description.title}")
    return read_content(path, description)


def _check(data: Dataset) -> None:
    if data.left_out is not None:
        raise DataError(f"A class was left out of {data.name}: add the whole data, and leave it out when training.")
    if data.is_image and not data.is_unit_range:
        low, high = data.range
        raise DataError(
            f"Pictures have values from 0 to 1, or bytes (got {low:g} to {high:g} in {data.name}): scale them first."
        )


def _sentence(data: Dataset) -> str:
    """What a data set is, in short."""
    count = f"{len(data.train) + len(data.test):,}"
    if not data.is_image:
        features = math.prod(data.shape)
        return f"{count} examples of {features:,} number{'s' if features > 1 else ''} each, added here."
    channels, height, width = data.shape
    colour = "grey" if channels == 1 else "colour"
    return f"{count} {colour} pictures of {height} × {width} pixels, added here."
