"""The literal list of data sets."""

from collections.abc import Callable
from dataclasses import dataclass

from aelib.data import digits, mnist, shapes, swiss_roll
from aelib.data.dataset import Dataset
from aelib.errors import ConfigError

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class DatasetInfo:
    """What is known of a data set before it is loaded. ``load`` reports its progress as (share, text).

    ``class_names``: what the labels mean, none where they are not classes. ``is_here``: whether it can be
    loaded without a download.
    """

    name: str
    title: str
    shape: tuple[int, ...]
    sentence: str
    load: Callable[[Progress], Dataset]
    class_names: tuple[str, ...] = ()
    is_here: Callable[[], bool] = lambda: True

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.class_names)

    @property
    def is_image(self) -> bool:
        """Whether an example is a picture, with values in [0, 1]."""
        return len(self.shape) == 3


DATASETS: dict[str, DatasetInfo] = {
    info.name: info
    for info in (
        DatasetInfo("digits", "Digits 8×8", (1, 8, 8), "1,797 real handwritten digits.", digits.load,
                    digits.CLASSES),
        DatasetInfo("mnist", "MNIST", (1, 28, 28), "70,000 handwritten digits.", mnist.loader("mnist"),
                    mnist.class_names("mnist"), mnist.finder("mnist")),
        DatasetInfo("fashion_mnist", "Fashion-MNIST", (1, 28, 28), "70,000 pictures of clothes.",
                    mnist.loader("fashion_mnist"), mnist.class_names("fashion_mnist"), mnist.finder("fashion_mnist")),
        DatasetInfo("kmnist", "Kuzushiji-MNIST", (1, 28, 28), "70,000 cursive Japanese characters.",
                    mnist.loader("kmnist"), mnist.class_names("kmnist"), mnist.finder("kmnist")),
        DatasetInfo("shapes", "Shapes", (1, 32, 32), "Rendered figures with five known factors.",
                    shapes.load, shapes.CLASSES),
        DatasetInfo("swiss_roll", "Swiss roll", (3,), "Points on a rolled-up plane in space.", swiss_roll.load),
    )
}  # fmt: skip


def get_info(name: str) -> DatasetInfo:
    """What is known of the data set of that name; `ConfigError` lists the names there are."""
    if name not in DATASETS:
        raise ConfigError(f"There is no data set {name!r:.40}; choose one of {', '.join(DATASETS)}.")
    return DATASETS[name]


_loaded: dict[str, Dataset] = {}


def load_dataset(name: str, progress: Progress = lambda share, text: None) -> Dataset:
    """The data set of that name; loaded once a process, then shared, so treat it as read-only.

    ``progress(share, text)`` is called while it loads. Raises `ConfigError` on an unknown name and
    `DataError` when the data cannot be had.
    """
    info = get_info(name)
    if name not in _loaded:
        _loaded[name] = info.load(progress)
    return _loaded[name]
