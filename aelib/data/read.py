"""`read_data`: somebody's file or folder as a data set. What it holds decides how it is read, not what it is called."""

import gzip
import stat
import types
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

from aelib.data.dataset import Dataset
from aelib.data.options import SplitOptions
from aelib.data.pictures.options import PictureOptions
from aelib.data.table.options import TableOptions
from aelib.errors import ConfigError, DataError
from aelib.progress import Progress, silent
from aelib.reading import LONGEST_PATH, shown
from aelib.spec import Spec

Kind = Literal["folder", "zip", "table", "arrays", "idx"]

#: How files begin: zip archives (also .npz and .xlsx; the second is empty), NumPy's arrays, gzip.
ZIPS, NUMPY, GZIP = (b"PK\x03\x04", b"PK\x05\x06"), b"\x93NUMPY", b"\x1f\x8b"
#: Two zeros, the type of the numbers, the number of axes.
IDX_TYPES, IDX_AXES = (0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x0E), range(1, 6)
#: As torchvision and others call them, plain or packed.
MNIST_FILE = "train-images-idx3-ubyte"


class Reader(NamedTuple):
    """``method``: of `Dataset`. ``options``: what says how it reads."""

    method: str
    options: type[Spec]


READERS: dict[Kind, Reader] = {
    "folder": Reader("from_folder", PictureOptions),
    "zip": Reader("from_zip", PictureOptions),
    "table": Reader("from_table", TableOptions),
    "arrays": Reader("from_npz", SplitOptions),
    "idx": Reader("from_idx", SplitOptions),
}


def read_data(
    path: Path,
    options: Spec | None = None,
    limits: Spec | None = None,
    progress: Progress = silent,
    name: str = "",
) -> Dataset:
    """The data set in a file or folder, by the reader of `Dataset` that suits what it holds (see `kind_of`).

    ``options``: those of that reader (see `options_of`). ``limits``: how much is read, the library's where it is None.
    ``name``: of the data, that of the file where it is empty.
    What ``progress`` raises ends it. Raises `DataError` for what cannot be read, `ConfigError` for options of another
    reader.
    """
    kind = kind_of(path)
    reader = READERS[kind]
    wanted = reader.options
    if options is not None and type(options) is not wanted:
        raise ConfigError(f"{path.name[:60]} is read with {wanted.__name__} (got {type(options).__name__}).")
    read = getattr(Dataset, reader.method)
    given: dict[str, Any] = {} if limits is None else {"limits": limits}
    found: Dataset = read(path, options=options or wanted(), progress=progress, name=name, **given)
    return found


def kind_of(path: Path) -> Kind:
    """What a file or folder holds, told by its beginning; `DataError` when it is none of what can be read."""
    from aelib.data.pictures.decode import HEAD, is_picture

    told = shown(str(path), LONGEST_PATH)
    try:
        about = path.stat()
        if stat.S_ISDIR(about.st_mode):
            return "idx" if _holds_mnist(path) else "folder"
        if not stat.S_ISREG(about.st_mode):
            raise DataError(f"{told} is neither a file nor a folder: name one of them.")
        if not about.st_size:
            raise DataError(f"{told} is empty: there is nothing to add.")
        with path.open("rb") as file:
            head = file.read(HEAD)
        if head.startswith(ZIPS):
            return _kind_of_archive(path)
        if head.startswith(GZIP):
            with gzip.open(path) as packed:
                head = packed.read(HEAD)
    except DataError:  # a ValueError, too
        raise
    except ValueError:  # a zero byte
        raise DataError(f"{told} is no name of a file or folder.") from None
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or "it is damaged"
        raise DataError(f"{told} cannot be read ({reason}): name another file, or fetch it again.") from None
    if head.startswith(NUMPY):
        return "arrays"
    if head[:2] == b"\0\0" and len(head) >= 4 and head[2] in IDX_TYPES and head[3] in IDX_AXES:
        return "idx"
    if is_picture(head):
        raise DataError(f"{told} looks like a single picture: name a folder, or a zip archive, of many.")
    return "table"


def options_of(kind: Kind, values: Mapping[str, str]) -> Spec:
    """The options of a reader from texts, lists with commas, as a command line has them; `ConfigError` for others."""
    wanted = READERS[kind].options
    fields = wanted.model_fields
    for name in values:
        if name not in fields:
            raise ConfigError(f"This data has no option {name!r:.40}; it has {', '.join(fields)}.")
    read = {
        name: tuple(part.strip() for part in text.split(",") if part.strip())
        if _is_list(fields[name].annotation)
        else text
        for name, text in values.items()
    }
    return wanted(**read)


def _is_list(annotation: Any) -> bool:
    if get_origin(annotation) in (Union, types.UnionType):
        return any(map(_is_list, get_args(annotation)))
    return get_origin(annotation) is tuple


def _holds_mnist(folder: Path) -> bool:
    return any((folder / below / f"{MNIST_FILE}{end}").is_file() for below in ("", "raw") for end in ("", ".gz"))


def _kind_of_archive(path: Path) -> Kind:
    from aelib.data.pictures.archive import opened_zip

    with path.open("rb") as file, opened_zip(file, shown(str(path), LONGEST_PATH)) as archive:
        names = archive.namelist()
    if names and all(name.endswith(".npy") for name in names):
        return "arrays"
    return "table" if "xl/workbook.xml" in names else "zip"
