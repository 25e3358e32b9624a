"""`ImportReport`: what was found when somebody's data was read, and what is odd about it."""

import hashlib
from collections.abc import Iterator

import torch
from torch import Tensor

from aelib.spec import Spec

#: Fewer training examples of a class than this are too few to learn much from.
FEW = 10
_CHUNK = 4096
_NAMES_SHOWN = 5


class ClassCount(Spec):
    """How many training and held-out examples one class has."""

    name: str
    train: int
    held_out: int


class SkippedFiles(Spec):
    """How many files were not used for one reason, and the names of the first few."""

    reason: str
    count: int
    names: tuple[str, ...]


class ImportReport(Spec):
    """What was found when data was read.

    ``smallest``, ``largest``: width and height in pixels of the pictures of least and of most area, as they lay there.
    ``notes``: what was decided by what was found. ``warnings``: what is odd about the data. ``missing``: how many rows
    of a table lack values, and what became of them. All are whole sentences.
    """

    train: int
    held_out: int
    classes: tuple[ClassCount, ...] = ()
    skipped: tuple[SkippedFiles, ...] = ()
    smallest: tuple[int, int] | None = None
    largest: tuple[int, int] | None = None
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    missing: str = ""

    @property
    def sentence(self) -> str:
        """All of it in one line."""
        classes = f" in {len(self.classes)} classes" if self.classes else ""
        skipped = sum(files.count for files in self.skipped)
        left = f"; {skipped:,} files skipped" if skipped else ""
        return f"{self.train:,} training and {self.held_out:,} held-out examples{classes}{left}."


def count_classes(train: Tensor | None, test: Tensor | None, classes: tuple[str, ...]) -> tuple[ClassCount, ...]:
    """Examples of each class; labels are indices of ``classes``."""
    if train is None or test is None or not classes:
        return ()
    both = (torch.bincount(labels.long(), minlength=len(classes)).tolist() for labels in (train, test))
    return tuple(ClassCount(name=name, train=a, held_out=b) for name, a, b in zip(classes, *both, strict=True))


def oddities(train: Tensor, test: Tensor, classes: tuple[ClassCount, ...]) -> Iterator[str]:
    """What is odd about training and held-out examples, (n, …): few of a class, duplicates, features without change."""
    few = [known.name for known in classes if known.train < FEW]
    if few:
        yield (
            f"{len(few)} of {len(classes)} classes have fewer than {FEW} training examples: "
            f"{', '.join(few[:_NAMES_SHOWN])}{', …' if len(few) > _NAMES_SHOWN else ''}."
        )
    known = set(_fingerprints(train))
    doubles = sum(fingerprint in known for fingerprint in _fingerprints(test))
    if doubles:
        yield (
            f"{doubles:,} of {len(test):,} held-out examples are also training examples, value for value: "
            "held-out errors are too low."
        )
    constant, features = _constant(train), train[0].numel()
    if constant and train.ndim == 2:
        yield f"{constant:,} of {features:,} features are the same in all training examples: they teach nothing."
    elif 2 * constant > features:
        yield f"{constant / features:.0%} of the pixels are the same in all training examples."


def _fingerprints(x: Tensor) -> Iterator[bytes]:
    for chunk in x.split(_CHUNK):
        for row in chunk.contiguous().numpy():
            yield hashlib.blake2b(row.data if row.ndim else row.tobytes(), digest_size=16).digest()


def _constant(x: Tensor) -> int:
    """How many features have one value in all examples."""
    same = torch.ones(x[0].shape, dtype=torch.bool)
    for chunk in x.split(_CHUNK):
        same &= (chunk == x[0]).all(0)
    return int(same.sum())
