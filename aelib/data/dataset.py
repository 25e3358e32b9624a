"""`Dataset`: examples with labels, split once into training and held-out data."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import torch
from torch import Tensor

from aelib.arrays import Array, are_finite, as_examples, as_labels, as_numbers
from aelib.data.limits import DEFAULT_LIMITS, Limits
from aelib.data.report import ImportReport, count_classes, oddities
from aelib.data.table.options import TableOptions
from aelib.data.table.schema import TableSchema
from aelib.errors import DataError
from aelib.progress import Progress, silent

if TYPE_CHECKING:
    from aelib.data.options import SplitOptions
    from aelib.data.pictures.options import PictureOptions
    from aelib.data.table.read import Source


@dataclass(frozen=True, init=False)
class Split:
    """Examples, and what is known of each.

    ``x``: (n, *shape), float32, or float64 where it was given so as a tensor; of pictures given as bytes `Levels`,
    which read as float32 and stay bytes in memory. ``y``: class index (int64) or a real-valued position (float32),
    (n,); None where nothing is known, as of most data. ``factors``: known causes of each example, (n, number of
    factors), where there are any. ``classes``: what the indices mean, where the labels were strings; a `Dataset` has
    one list for both splits.

    Arrays of NumPy, PyTorch and pandas and lists are taken. Strings as labels become classes, in alphabetical order;
    whole numbers stay. Pictures of bytes (uint8) are levels of grey or of colours: 0…255 becomes 0…1 when they are
    computed with; nothing else is rescaled. Such bytes are not copied, and a mapped file (``numpy.load`` with
    ``mmap_mode="r"``) is read as far as it is asked for. Raises `DataError` for what are no numbers, or no rows of
    them.
    """

    x: Tensor
    y: Tensor | None
    factors: Tensor | None
    classes: tuple[str, ...]

    def __init__(
        self, x: Array, y: Array | None = None, factors: Array | None = None, classes: tuple[str, ...] = ()
    ) -> None:
        examples = as_examples(x).detach().cpu()
        if examples.ndim < 2:
            raise DataError(
                f"Examples have a row each and at least one column (got shape {tuple(examples.shape)}): of single "
                "numbers make a column."
            )
        labels, named = (None, ()) if y is None else as_labels(y)
        causes = None if factors is None else as_numbers(factors, "factors").detach().cpu()
        for name, value in (("x", examples), ("y", labels), ("factors", causes), ("classes", named or classes)):
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        return len(self.x)

    @property
    def is_labelled(self) -> bool:
        """Whether there are labels."""
        return self.y is not None

    @property
    def labels(self) -> Tensor:
        """``y``; `DataError` where there are none."""
        if self.y is None:
            raise DataError("These examples have no labels, so nothing can be said of classes.")
        return self.y

    def take(self, which: Tensor | slice) -> "Split":
        """Some of the examples, by their indices or flags, (n,)."""
        y, factors = (None if known is None else known[which] for known in (self.y, self.factors))
        return Split(self.x[which], y, factors, self.classes)

    def with_classes(self, classes: tuple[str, ...]) -> "Split":
        """The same with labels that are indices of ``classes``; `DataError` where a label is none of them."""
        unknown = sorted({*self.classes} - {*classes})
        if unknown:
            raise DataError(f"The label {unknown[0]!r:.40} is none of the classes {', '.join(classes):.200}.")
        places = torch.tensor([classes.index(name) for name in self.classes])
        return Split(self.x, places[self.labels], self.factors)


@dataclass(frozen=True)
class Dataset:
    """Training and held-out examples of one kind.

    ``classes`` names the values of an integer ``y``; it is empty where ``y`` is real-valued or there is none. Labels
    that are strings name their classes themselves. ``factors`` names the columns of the factors. ``left_out``: the
    class that was taken from the training examples. ``content_hash``: of the stored data set that this is, or was made
    from (see `aelib.data.add_dataset`). ``table``: of rows of a table, its columns and their scaling.
    ``factor_classes``: of each factor the names of its values, none where they are numbers. ``report``: what was found
    when the data was read from files or arrays of others. Raises `DataError` on values that are not finite, and when
    examples, labels, factors and classes do not belong together.
    """

    name: str
    train: Split
    test: Split
    classes: tuple[str, ...] = ()
    factors: tuple[str, ...] = field(default=())
    left_out: int | None = None
    content_hash: str | None = None
    table: TableSchema | None = None
    factor_classes: tuple[tuple[str, ...], ...] = ()
    report: ImportReport | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        self._share_classes()
        for which, split in (("training", self.train), ("held-out", self.test)):
            if not len(split):
                raise DataError(f"{self.name} has no {which} examples.")
            if not are_finite(split.x):
                raise DataError(f"{self.name} has values that are not finite numbers among its {which} examples.")
            if split.y is not None:
                self._check_labels(split.y, len(split), which)
        if self.train.is_labelled != self.test.is_labelled:
            lacking = "held-out" if self.train.is_labelled else "training"
            raise DataError(f"{self.name} has no labels of its {lacking} examples: give both splits labels, or none.")
        if self.classes and not self.is_labelled:
            raise DataError(f"{self.name} has names of classes, but no labels: give each example one.")
        if self.test.x.shape[1:] != self.train.x.shape[1:]:
            raise DataError(
                f"{self.name} has training examples of shape {self.shape}, but held-out examples of shape "
                f"{tuple(self.test.x.shape[1:])}."
            )
        if self.table and self.shape != (self.table.width,):
            raise DataError(
                f"{self.name} has examples of shape {self.shape}, but its table has rows of {self.table.width} numbers."
            )
        self._check_factor_classes()

    @classmethod
    def from_table(
        cls,
        source: "Source",
        options: TableOptions | None = None,
        limits: Limits = DEFAULT_LIMITS,
        progress: Progress = silent,
        name: str = "",
    ) -> "Dataset":
        """The rows of a CSV, TSV, Parquet or Excel file, or of a table of pandas or PyArrow, as examples.

        ``source``: a path, a file opened for bytes, bytes, or the table. Encoding, separator and decimal sign are found
        out. ``options``: which columns are used and how; by default those of numbers and of a few categories are
        features, and one is the label that is named as labels are, or alone has texts, and few of them. ``table`` of
        the result says what was done, its ``report`` what is odd. ``progress(share, text)`` may raise to end it. Raises
        `DataError` for what is no table, cannot be learned from, or is beyond ``limits``, and `ConfigError` for options
        that contradict each other.
        """
        from aelib.data.table.build import build_examples

        made = build_examples(source, options or TableOptions(), limits, progress, name)
        train, test = (Split(part.x, part.y, part.factors) for part in (made.train, made.test))
        counts = count_classes(train.y, test.y, made.classes)
        report = ImportReport(
            train=len(train),
            held_out=len(test),
            classes=counts,
            notes=made.schema.notes,
            warnings=tuple(oddities(made.train.x, made.test.x, counts)),
            missing=made.missing,
        )
        return cls(
            name or made.name, train, test, made.classes, made.schema.factors, table=made.schema,
            factor_classes=made.factor_classes, report=report,
        )  # fmt: skip

    def _check_factor_classes(self) -> None:
        if not self.factor_classes:
            return
        if len(self.factor_classes) != len(self.factors):
            raise DataError(
                f"{self.name} has {len(self.factors)} factors, but names of values for {len(self.factor_classes)}: "
                "give each factor a tuple, an empty one where its values are numbers."
            )
        for split in (self.train, self.test):
            for j, names in enumerate(self.factor_classes):
                values = None if split.factors is None else split.factors[:, j]
                if names and (values is None or ((values < 0) | (values >= len(names)) | (values % 1 != 0)).any()):
                    raise DataError(f"Values of the factor {self.factors[j]!r:.60} are no places among its names.")

    @classmethod
    def from_arrays(
        cls,
        x: Array,
        y: Array | None = None,
        factors: Array | None = None,
        *,
        held_out: float = 0.2,
        stratified: bool = True,
        at_most: int | None = None,
        seed: int = 0,
        name: str = "arrays",
        limits: Limits = DEFAULT_LIMITS,
        progress: Progress = silent,
    ) -> "Dataset":
        """Data from arrays of NumPy, PyTorch or pandas, or lists, split as `SplitOptions` says.

        ``x``: rows (n, features), or pictures (n, height, width), (n, channels, height, width) or (n, height, width,
        channels) of one or three channels, which are brought into [0, 1]: bytes are levels of 0 to 255, and what was
        done to others is in ``report.notes``. ``y``: a label for each: strings and whole numbers are classes, and other
        numbers stay. ``factors``: (n, number of factors), known causes. Raises `DataError` for what does not fit
        together, is not finite or exceeds ``limits``.
        """
        from aelib.data.from_arrays import Part, make_dataset
        from aelib.data.options import SplitOptions

        options = SplitOptions(held_out=held_out, stratified=stratified, at_most=at_most, seed=seed)
        return make_dataset(name, Part(x, y, factors), None, options, limits, progress)

    @classmethod
    def from_npz(
        cls,
        file: str | Path | BinaryIO,
        options: "SplitOptions | None" = None,
        *,
        limits: Limits = DEFAULT_LIMITS,
        progress: Progress = silent,
        name: str = "",
    ) -> "Dataset":
        """Data from a file of NumPy's: .npz, or .npy with examples alone. What it holds decides, not how it is called.

        Examples are the array x (or images, data, features …), labels y (labels, target …), factors factors; with
        "train" and "test" (or "val") in their names, as x_train and test_labels, they are split already. Without such
        names the only array is taken, or arr_0 with arr_1 as labels. Arrays are taken as by `from_arrays`; objects,
        which would have to be unpickled, are refused. Raises `DataError`.
        """
        from aelib.data.numpy_files import read_npz
        from aelib.data.options import SplitOptions

        return read_npz(file, options or SplitOptions(), limits, progress, name)

    @classmethod
    def from_idx(
        cls,
        images: str | Path,
        labels: str | Path | None = None,
        options: "SplitOptions | None" = None,
        *,
        limits: Limits = DEFAULT_LIMITS,
        progress: Progress = silent,
        name: str = "",
    ) -> "Dataset":
        """Data from IDX files, the format of MNIST, plain or packed with gzip.

        ``images`` may be a folder with the files of MNIST in it (train-images-idx3-ubyte and so on, or ``raw`` with
        these, as torchvision has it): then they are split already. Raises `DataError`.
        """
        from aelib.data.idx import read_idx
        from aelib.data.options import SplitOptions

        return read_idx(images, labels, options or SplitOptions(), limits, progress, name)

    @classmethod
    def from_folder(
        cls,
        path: str | Path,
        options: "PictureOptions | None" = None,
        *,
        limits: Limits = DEFAULT_LIMITS,
        progress: Progress = silent,
        name: str = "",
    ) -> "Dataset":
        """Pictures in a folder: PNG, JPEG, WebP, BMP, TIFF and GIF, told by what they hold, whatever their names.

        Folders are classes, as in torchvision's ``ImageFolder``, and folders train and test (or val) say what is held
        out; pictures may also lie without folders. `PictureOptions` say how they become examples. What is hidden,
        damaged, a link or no picture is skipped and counted in ``report``. Pictures are decoded one at a time in this
        process; ``progress(share, text)`` is told, and what it raises is passed on. Raises `DataError` when there are
        fewer than two pictures, or more than ``limits`` allow.
        """
        from aelib.data.from_pictures import read_folder
        from aelib.data.pictures.options import PictureOptions

        return read_folder(path, options or PictureOptions(), limits, progress, name)

    @classmethod
    def from_zip(
        cls,
        file: str | Path | BinaryIO,
        options: "PictureOptions | None" = None,
        *,
        limits: Limits = DEFAULT_LIMITS,
        progress: Progress = silent,
        name: str = "",
    ) -> "Dataset":
        """Pictures in a zip archive, a path or a seekable stream; see `from_folder`.

        Nothing is unpacked to disk, and no more than ``limits.max_bytes`` are unpacked at all, as counted.
        """
        from aelib.data.from_pictures import read_zip
        from aelib.data.pictures.options import PictureOptions

        return read_zip(file, options or PictureOptions(), limits, progress, name)

    def _share_classes(self) -> None:
        """Where labels were strings: one list of classes, and indices of it in both splits."""
        splits = {"train": self.train, "test": self.test}
        if not any(split.classes for split in splits.values()):
            return
        if not all(split.classes for split in splits.values() if split.is_labelled and len(split)):
            raise DataError(f"{self.name} has strings as labels of some examples and numbers of others: give one kind.")
        named = {name for split in splits.values() for name in split.classes}
        classes = self.classes or tuple(sorted(named))
        for place, split in splits.items():
            if split.classes:
                object.__setattr__(self, place, split.with_classes(classes))
        object.__setattr__(self, "classes", classes)

    def _check_labels(self, y: Tensor, count: int, which: str) -> None:
        if y.shape != (count,):
            raise DataError(f"{self.name} has {count} {which} examples, but labels of shape {tuple(y.shape)}.")
        if self.classes:
            low, high = y.min(), y.max()
            if y.is_floating_point() or low < 0 or high >= len(self.classes):
                raise DataError(
                    f"{self.name} has {len(self.classes)} classes, so its labels are whole numbers from 0 to "
                    f"{len(self.classes) - 1} (got {float(low):g} to {float(high):g}, {y.dtype})."
                )

    @property
    def is_labelled(self) -> bool:
        """Whether anything is known of the examples: a class or a position."""
        return self.train.is_labelled

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one example: (channels, height, width) for images, (features,) for vectors."""
        return tuple(self.train.x.shape[1:])

    @property
    def is_image(self) -> bool:
        """Whether an example is a picture."""
        return len(self.shape) == 3

    @cached_property
    def range(self) -> tuple[float, float]:
        """The least and the greatest value of all examples."""
        both = (self.train.x, self.test.x)
        return min(float(x.min()) for x in both), max(float(x.max()) for x in both)

    @property
    def is_unit_range(self) -> bool:
        """Whether every value lies in [0, 1], as cross-entropy needs."""
        return self.range[0] >= 0 and self.range[1] <= 1

    @property
    def extremes(self) -> tuple[float, float]:
        """What stands for black and white: 0 and 1 of data within them, else their least and greatest value."""
        return (0.0, 1.0) if self.is_unit_range else self.range

    def check_no_class_is_empty(self) -> None:
        """`DataError` when a class has no training example to learn from."""
        counts = torch.bincount(self.train.labels, minlength=len(self.classes))
        for name, count in zip(self.classes, counts.tolist(), strict=True):
            if not count:
                raise DataError(f"The class {name} of {self.name} has no training examples: add some or leave it out.")

    def without_class(self, label: int) -> "Dataset":
        """The same data, but no training example of one class; the held-out examples all stay.

        What a model trained on it finds strange can then be told by its errors (see `aelib.metrics.anomaly`).
        `DataError` when there is no such class.
        """
        if not 0 <= label < len(self.classes):
            raise DataError(
                f"{self.name} has no class {label} to leave out: it has {len(self.classes) or 'no'} classes"
                + (f", 0 to {len(self.classes) - 1}." if self.classes else ".")
            )
        return replace(self, train=self.train.take(self.train.labels != label), left_out=label)


def split_at_random(x: Array, y: Array | None, held_out: int, factors: Array | None = None) -> tuple[Split, Split]:
    """Training and held-out examples by a fixed shuffle: the same for every run and every seed of it."""
    from aelib.randomness import generator

    whole = Split(x, y, factors)
    order = torch.randperm(len(whole), generator=generator(0, "split"))
    return whole.take(order[held_out:]), whole.take(order[:held_out])
