"""Arrays, and files of arrays, as data sets."""

from dataclasses import dataclass

import torch
from torch import Tensor

from aelib.arrays import Array, as_numbers
from aelib.data.dataset import Dataset, Split
from aelib.data.label_arrays import as_classes
from aelib.data.limits import Limits
from aelib.data.options import SplitOptions
from aelib.data.picture_arrays import in_unit_range, with_channels_first
from aelib.data.report import ImportReport, count_classes, oddities
from aelib.data.splitting import split
from aelib.errors import DataError
from aelib.progress import Progress


@dataclass(frozen=True)
class Part:
    """Examples (n, …), and their labels and factors where these are known, as somebody gave them."""

    x: Array
    y: Array | None = None
    factors: Array | None = None


def make_dataset(
    name: str, train: Part, test: Part | None, options: SplitOptions, limits: Limits, progress: Progress
) -> Dataset:
    """A data set of training and held-out arrays, or of arrays that are yet to be split; see `Dataset.from_arrays`."""
    parts = [train] if test is None else [train, test]
    xs, notes = _examples(parts, limits, name)
    count = sum(map(len, xs))
    labels, classes = _labels(parts, xs, limits, name)
    factors, names = _factors(parts, xs, name)
    progress(0.7, "Splitting")
    given = None if test is None else torch.arange(count) >= len(xs[0])
    train_at, test_at = split(
        labels if classes else None,
        count,
        held_out=options.held_out,
        stratified=options.stratified,
        at_most=options.at_most,
        seed=options.seed,
        given=given,
    )
    limits.check("max_examples", len(train_at) + len(test_at), name, "keep some of them (at_most)")
    if given is not None and not (len(train_at) and len(test_at)):
        raise DataError(f"{name} keeps no {'training' if len(test_at) else 'held-out'} example: keep more (at_most).")

    def known(values: Tensor | None, at: Tensor) -> Tensor | None:
        return None if values is None else values[at]

    progress(0.8, "Looking for what is odd")
    counts = count_classes(known(labels, train_at), known(labels, test_at), classes)
    x, test_x = xs[0][train_at], xs[-1][test_at - (0 if test is None else len(xs[0]))]
    odd = oddities(x, test_x, counts)
    report = ImportReport(
        train=len(train_at), held_out=len(test_at), classes=counts, notes=tuple(notes), warnings=tuple(odd)
    )
    data = Dataset(
        name,
        Split(x, known(labels, train_at), known(factors, train_at)),
        Split(test_x, known(labels, test_at), known(factors, test_at)),
        classes=classes,
        factors=names,
        report=report,
    )
    progress(1.0, report.sentence)
    return data


def _examples(parts: list[Part], limits: Limits, name: str) -> tuple[list[Tensor], list[str]]:
    """Examples in the shape and the range that networks take, and what was done for that."""
    xs = [as_numbers(part.x, "examples").detach().cpu() for part in parts]
    for x in xs:
        if x.is_complex():
            raise DataError(f"The examples of {name} must be real numbers (got {x.dtype}).")
        if x.ndim < 2:
            raise DataError(f"{name} has single numbers as examples (shape {tuple(x.shape)}): of these make a column.")
        if not x.numel():
            raise DataError(f"{name} holds no values: its examples have shape {tuple(x.shape)}.")
        limits.check("max_features", x[0].numel(), f"An example of {name}", "leave some out, or shrink pictures")
    if xs[0].shape[1:] != xs[-1].shape[1:]:
        shapes = " and ".join(str(tuple(x.shape)) for x in xs)
        raise DataError(f"The training and the held-out examples of {name} differ in shape: {shapes}.")
    if sum(map(len, xs)) < 2:
        raise DataError(f"{name} holds a single example: give at least two, one of them to be held out.")
    limits.check("max_bytes", sum(x.nbytes for x in xs), name, "give fewer examples or smaller ones")
    moved = [with_channels_first(x) for x in xs]
    xs, notes = [x for x, _ in moved], [moved[0][1]]
    if xs[0].ndim == 4:
        xs, note = in_unit_range(xs)
        notes.append(note)
    return xs, [note for note in notes if note]


def _labels(parts: list[Part], xs: list[Tensor], limits: Limits, name: str) -> tuple[Tensor | None, tuple[str, ...]]:
    given = [part.y for part in parts if part.y is not None]
    if not given:
        return None, ()
    if len(given) < len(parts):
        raise DataError(f"{name} has labels of its training or of its held-out examples only: give both, or none.")
    return as_classes(given, [len(x) for x in xs], limits, name)


def _factors(parts: list[Part], xs: list[Tensor], name: str) -> tuple[Tensor | None, tuple[str, ...]]:
    given = [part.factors for part in parts if part.factors is not None]
    if len(given) < len(parts):
        return None, ()
    found = [as_numbers(values, "factors").detach().cpu() for values in given]
    found = [values.unsqueeze(1) if values.ndim == 1 else values for values in found]
    for values, x in zip(found, xs, strict=True):
        if values.ndim != 2 or len(values) != len(x) or values.shape[1] != found[0].shape[1]:
            raise DataError(f"{name} has {len(x):,} examples, but factors of shape {tuple(values.shape)}.")
        if values.is_floating_point() and not values.isfinite().all():
            raise DataError(f"{name} has factors that are missing or not finite: leave those out.")
    columns = getattr(given[0], "columns", None)
    names = range(1, found[0].shape[1] + 1) if columns is None else columns
    return torch.cat(found), tuple(f"factor {column}" if columns is None else str(column) for column in names)
