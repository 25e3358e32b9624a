"""The data sets of the library: a literal list. Those that people add are in `aelib.data.added`."""

from collections.abc import Callable
from dataclasses import dataclass, field

from aelib.data import (
    cifar10,
    coloured_shapes,
    digits,
    mnist,
    mnist_sample,
    points,
    shapes,
    svhn,
    tables,
)
from aelib.data.dataset import Dataset
from aelib.progress import Progress


@dataclass(frozen=True)
class DatasetInfo:
    """What is known of a data set before it is loaded. ``load`` reports its progress as (share, text).

    ``name``: of added data its id. ``class_names``: what the labels mean, none where they are not classes. ``is_here``:
    whether it can be loaded without a download. ``content_hash``, ``size`` in bytes, ``counts`` of training and
    held-out examples: of added data. ``is_absent``: it was added once, or elsewhere, and is not here.
    """

    name: str
    title: str
    shape: tuple[int, ...]
    sentence: str
    load: Callable[[Progress], Dataset] = field(compare=False)
    class_names: tuple[str, ...] = ()
    is_here: Callable[[], bool] = field(default=lambda: True, compare=False)
    content_hash: str | None = None
    size: int | None = None
    counts: tuple[int, int] | None = None
    is_absent: bool = False

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.class_names)

    @property
    def is_image(self) -> bool:
        """Whether an example is a picture, with values in [0, 1]."""
        return len(self.shape) == 3


#: Grey pictures, pictures in colour, tables, points.
DATASETS: dict[str, DatasetInfo] = {
    info.name: info
    for info in (
        DatasetInfo("digits", "Digits 8×8", (1, 8, 8), "1,797 real handwritten digits.", digits.load,
                    digits.CLASSES),
        DatasetInfo("mnist_sample", "MNIST sample", (1, 28, 28), "7,000 of MNIST's handwritten digits.",
                    mnist_sample.load, mnist.DIGITS),
        DatasetInfo("mnist", "MNIST", (1, 28, 28), "70,000 handwritten digits.", mnist.loader("mnist"),
                    mnist.class_names("mnist"), mnist.finder("mnist")),
        DatasetInfo("fashion_mnist", "Fashion-MNIST", (1, 28, 28), "70,000 pictures of clothes.",
                    mnist.loader("fashion_mnist"), mnist.class_names("fashion_mnist"), mnist.finder("fashion_mnist")),
        DatasetInfo("kmnist", "Kuzushiji-MNIST", (1, 28, 28), "70,000 cursive Japanese characters.",
                    mnist.loader("kmnist"), mnist.class_names("kmnist"), mnist.finder("kmnist")),
        DatasetInfo("shapes", "Shapes", (1, 32, 32), "Rendered figures with five known factors.",
                    shapes.load, shapes.CLASSES),
        DatasetInfo("coloured_shapes", "Coloured shapes", (3, 32, 32), "Rendered figures with six known factors.",
                    coloured_shapes.load, shapes.CLASSES),
        DatasetInfo("cifar10", "CIFAR-10", (3, 32, 32),
                    "60,000 small photographs of animals and vehicles, a download of 170 MB.",
                    cifar10.load, cifar10.CLASSES, cifar10.is_here),
        DatasetInfo("svhn", "House numbers (SVHN)", (3, 32, 32),
                    "99,289 digits from photographs of houses, a download of 246 MB.",
                    svhn.load, mnist.DIGITS, svhn.is_here),
        DatasetInfo("iris", "Iris", (4,), "150 flowers of three species, measured in four ways.",
                    tables.loader("iris"), tables.CLASSES["iris"]),
        DatasetInfo("wine", "Wine", (13,), "178 wines from three cultivars, with 13 chemical measurements.",
                    tables.loader("wine"), tables.CLASSES["wine"]),
        DatasetInfo("breast_cancer", "Breast cancer", (30,), "569 tumours, with 30 measurements of their cells.",
                    tables.loader("breast_cancer"), tables.CLASSES["breast_cancer"]),
        DatasetInfo("swiss_roll", "Swiss roll", (3,), "Points on a rolled-up plane in space.",
                    points.load_swiss_roll),
        DatasetInfo("s_curve", "S-curve", (3,), "Points on a plane in space that is bent to an S.",
                    points.load_s_curve),
        DatasetInfo("moons", "Two moons", (2,), "Points in the plane, on two interleaving half circles.",
                    points.load_moons, points.MOONS),
        DatasetInfo("circles", "Two circles", (2,), "Points in the plane, on a circle within another.",
                    points.load_circles, points.CIRCLES),
    )
}  # fmt: skip
