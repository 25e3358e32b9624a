"""Data sets by name or id: those of the library, and those that people added."""

from collections import OrderedDict
from pathlib import Path

from aelib.data.added import added_datasets, find_added, remembered
from aelib.data.catalog import DATASETS, DatasetInfo
from aelib.data.dataset import Dataset
from aelib.data.description import Description, is_data_id, shortened
from aelib.errors import ConfigError, DataError
from aelib.progress import Progress, silent

#: Added data sets that stay open, each mapped; those of the library, which are small, all do.
KEPT = 4


def get_info(name: str, content_hash: str | None = None, home: Path | None = None) -> DatasetInfo:
    """What is known of a data set before it is loaded.

    ``name``: of one of the library, the id of one that was added to ``home`` (that of `AELIB_HOME`), or its title where
    no other has it. ``content_hash``: of added data; where that of the id is another, or is not here, data of the same
    content is found. Raises `DataError` when added data is not here (any more), `ConfigError` when no data set has such
    a name.
    """
    if name in DATASETS:
        return DATASETS[name]
    if is_data_id(name):
        if found := find_added(name, content_hash, home):
            return found
        raise DataError(_absence(name, content_hash, home))
    added = [info for info in added_datasets(home) if info.title == name]
    if len(added) == 1:
        return added[0]
    if added:
        ids = ", ".join(info.name for info in added)
        raise ConfigError(f"There are {len(added)} data sets called {name!r:.80}: name one by its id, {ids}.")
    raise ConfigError(f"There is no data set {name!r:.40}; choose one of {', '.join(DATASETS)}, or add your own.")


def info_of_absent(
    name: str, content_hash: str | None, shape: tuple[int, ...], classes: int, home: Path | None = None
) -> DatasetInfo:
    """What can be said of added data that is not here, as `get_info` would: its title and classes where they are known.

    ``shape``, ``classes``: of it, as the network of an experiment tells. It cannot be loaded: `DataError` says so.
    """
    sentence = _absence(name, content_hash, home)

    def refuse(progress: Progress) -> Dataset:
        raise DataError(sentence)

    known = _remembered(name, content_hash, home)
    title = known.title if known else f"Absent data {shortened(content_hash or name.removeprefix('data-'))}"
    names = known.classes if known else tuple(map(str, range(classes)))
    shape = known.shape if known else shape
    return DatasetInfo(
        name, title, shape, sentence, refuse, names, is_here=lambda: False, content_hash=content_hash, is_absent=True
    )


def list_datasets(home: Path | None = None) -> list[DatasetInfo]:
    """The data sets of the library, then those that were added, newest first."""
    return [*DATASETS.values(), *added_datasets(home)]


_loaded: dict[str, Dataset] = {}
_opened: OrderedDict[tuple[str, str | None], Dataset] = OrderedDict()


def load_dataset(
    name: str,
    progress: Progress = silent,
    *,
    content_hash: str | None = None,
    home: Path | None = None,
) -> Dataset:
    """The data set that `get_info` finds; loaded once a process, then shared, so treat it as read-only.

    ``progress(share, text)`` is called while it loads. Of added data, which is mapped from its files, the last few stay
    open. Raises `ConfigError` on an unknown name and `DataError` when the data cannot be had.
    """
    return load(get_info(name, content_hash, home), progress)


def load(info: DatasetInfo, progress: Progress = silent) -> Dataset:
    """The data set of an entry, as `load_dataset` gives it."""
    if info.is_absent:
        return info.load(progress)  # which says so, even where it is still open
    if info.content_hash is None:
        if info.name not in _loaded:
            _loaded[info.name] = info.load(progress)
        return _loaded[info.name]
    key = (info.name, info.content_hash)
    data = _opened.get(key) or info.load(progress)
    _opened[key] = data
    _opened.move_to_end(key)
    while len(_opened) > KEPT:
        _opened.popitem(last=False)
    return data


def _absence(name: str, content_hash: str | None, home: Path | None) -> str:
    known = _remembered(name, content_hash, home)
    title = repr(known.title) if known else name
    digits = content_hash or (known.content_hash if known else None)
    return f"The data {title}{f' (hash {shortened(digits)})' if digits else ''} is no longer here: add it again."


def _remembered(name: str, content_hash: str | None, home: Path | None) -> Description | None:
    known = remembered(name, home)
    return known if known and content_hash in (None, known.content_hash) else None
