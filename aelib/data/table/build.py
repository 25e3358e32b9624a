"""A table as training and held-out examples: choice of columns, missing values, split, scaling."""

from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from aelib.data.table.choose import Choice, choose_columns, is_categorical
from aelib.data.table.columns import Column, read_columns
from aelib.data.table.options import TableLimits, TableOptions
from aelib.data.table.read import Source, read_table
from aelib.data.table.schema import Category, LeftOut, Numeric, TableSchema
from aelib.errors import DataError
from aelib.progress import Progress
from aelib.randomness import generator
from aelib.reading import told_apart

#: Shares of the progress: the file is read, then its columns are told apart, then it becomes numbers.
READ, TOLD = 0.5, 0.9
#: The category of missing texts, and columns with missing values that are named.
NO_TEXT, NAMED = "(missing)", 3


@dataclass(frozen=True)
class Part:
    """Examples (n, width), their label (n,) and factors (n, factors), where there are any."""

    x: Tensor
    y: Tensor | None
    factors: Tensor | None


@dataclass(frozen=True)
class TableExamples:
    """What a table became. ``factor_classes``: of each factor the names of its values, none where they are numbers.
    ``missing``: a sentence on missing values, where there are any."""

    name: str
    train: Part
    test: Part
    classes: tuple[str, ...]
    factor_classes: tuple[tuple[str, ...], ...]
    schema: TableSchema
    missing: str


def build_examples(
    source: Source,
    options: TableOptions,
    limits: TableLimits,
    progress: Progress,
    name: str = "",
) -> TableExamples:
    """Read a table and make examples of it; see `Dataset.from_table`."""
    raw = read_table(source, options, limits, lambda share: progress(READ * share, "Reading the table"), name)
    if raw.table.num_rows < 2:
        _refuse_few(raw.table.num_rows, raw.table.num_rows)
    columns, decimals = read_columns(
        raw.table, raw.separator, options.decimal,
        lambda share: progress(READ + (TOLD - READ) * share, "Looking at the columns"),
    )  # fmt: skip
    chosen = choose_columns(columns, options, limits.max_classes)
    notes = [*raw.notes, *chosen.notes]
    if "," in decimals:
        notes.append("Numbers are read with a decimal comma.")
    rows = _choose_rows(chosen, options, raw.table.num_rows, notes)
    known = [_known(column, rows, limits.max_classes) for column in (*chosen.labels, *chosen.factors)]
    by = known[0][0] if options.stratified and chosen.labels and known[0][1] else None
    train, test = _split(len(rows), by, options)
    features, left_out = _fit(chosen, rows, train, options, notes)
    schema = TableSchema(
        scaling=options.scaling,
        features=features,
        label=chosen.labels[0].name if chosen.labels else None,
        factors=tuple(column.name for column in (*chosen.labels[1:], *chosen.factors)),
        rows=tuple((rows[np.concatenate([train, test])] + 1).tolist()),
        left_out=(*chosen.left_out, *left_out),
        notes=tuple(notes),
    )
    if schema.width > limits.max_features:
        raise DataError(
            f"{raw.name} has {schema.width:,} features with a number for each category, more than "
            f"{limits.max_features:,} (the limit max_features): leave some columns out."
        )
    if 4 * schema.width * len(rows) > limits.max_bytes:
        raise DataError(
            f"{raw.name} would take {4e-6 * schema.width * len(rows):,.0f} MB, more than {limits.max_bytes / 1e6:,.0f} "
            "MB (the limit max_bytes): use fewer columns, or fewer rows by at_most."
        )
    values = {column.name: column.values for column in chosen.features}
    progress(TOLD, "Scaling the columns")
    parts = [_part(schema, values, known, rows, which, bool(chosen.labels)) for which in (train, test)]
    progress(1.0, "The table is read")
    more = known[1:] if chosen.labels else known
    classes = known[0][1] if chosen.labels else ()
    gaps = _gaps(chosen, options, raw.table.num_rows)
    return TableExamples(raw.name, parts[0], parts[1], classes, tuple(names for _, names in more), schema, gaps)


# --- rows ------------------------------------------------------------------------------------------


def _choose_rows(chosen: Choice, options: TableOptions, count: int, notes: list[str]) -> NDArray[np.int64]:
    """The rows in use, in their order; sentences on those that are not."""
    keep = np.ones(count, dtype=bool)
    for role, columns in (("feature", chosen.features), ("label or factor", [*chosen.labels, *chosen.factors])):
        for column in columns:
            missing = column.missing
            lacking = int(missing.sum())
            if not lacking:
                continue
            if options.missing == "refuse":
                raise DataError(
                    f"The column {column.name!r:.60} lacks {lacking:,} of {count:,} values: fill them in, or choose "
                    'missing = "median" or "drop rows".'
                )
            if role == "feature" and options.missing != "drop rows":
                continue  # they are filled in, which is noted there
            keep &= ~missing
            notes.append(f"Rows without a value of {column.name!r:.60} are left out ({lacking:,}).")
    rows = np.flatnonzero(keep)
    if len(rows) < count:
        notes.append(f"{len(rows):,} of {count:,} rows have all values and are used.")
    if len(rows) < 2:
        _refuse_few(len(rows), count)
    if options.at_most and options.at_most < len(rows):
        order = torch.randperm(len(rows), generator=generator(options.seed, "at most")).numpy()
        notes.append(f"{options.at_most:,} of {len(rows):,} rows are used, chosen at random.")
        rows = rows[np.sort(order[: options.at_most])]
    return rows


def _gaps(chosen: Choice, options: TableOptions, count: int) -> str:
    """How many rows lack a value of a feature, and what becomes of that; nothing where none does."""
    lacking = [column for column in chosen.features if column.missing.any()]
    if not lacking:
        return ""
    rows = int(np.logical_or.reduce([column.missing for column in lacking]).sum())
    names = ", ".join(repr(column.name) for column in lacking[:NAMED])
    others = len(lacking) - NAMED
    more = f" and {others:,} more column{'s' if others > 1 else ''}" if others > 0 else ""
    if options.missing == "drop rows":
        done = "these rows are left out"
    elif options.missing == "most frequent":
        done = "it becomes the most frequent value of the training rows"
    else:
        of_numbers = f"a number becomes the {options.missing} of its column's training rows"
        is_own = options.missing == "median"
        of_texts = f"a text {f'becomes a category of its own, {NO_TEXT!r}' if is_own else 'the most frequent one'}"
        kinds = {column.kind for column in lacking}
        done = ", ".join(said for kind, said in (("number", of_numbers), ("text", of_texts)) if kind in kinds)
    return f"{rows:,} of {count:,} rows {'has' if rows == 1 else 'have'} a missing value in {names:.200}{more}: {done}."


def _refuse_few(rows: int, count: int) -> NoReturn:
    lost = ' once those with missing values are left out: choose missing = "median"' if rows < count else ""
    raise DataError(
        f"The table has {rows} row{'s' if rows != 1 else ''}{lost}, but at least 2 are needed: one to learn from and "
        "one to hold out."
    )


def _split(count: int, by: NDArray[Any] | None, options: TableOptions) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places of training and of held-out rows, each in random order; of each class ``by`` the same share."""
    order = torch.randperm(count, generator=generator(options.seed, "split")).numpy()
    groups = [order] if by is None else [order[by[order] == value] for value in np.unique(by)]
    held: set[int] = set()
    for group in groups:
        held |= {*group[: min(round(len(group) * options.held_out), len(group) - 1)].tolist()}
    held = held or {int(order[0])}
    flags = np.isin(order, list(held))
    return order[~flags], order[flags]


# --- columns ---------------------------------------------------------------------------------------


def _known(column: Column, rows: NDArray[np.int64], max_classes: int) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Of a label or factor: index of the class of each row and the classes, or numbers and no classes."""
    values = column.values[rows]
    if not is_categorical(column, max_classes):
        return values.astype(np.float32), ()
    different, places = np.unique(values.astype(str) if column.kind == "text" else values, return_inverse=True)
    if len(different) > max_classes:
        raise DataError(
            f"The column {column.name!r:.60} has {len(different):,} classes, more than {max_classes:,} (the limit "
            "max_classes): choose another."
        )
    if column.words:
        return values.astype(np.int64), column.words
    names = different.tolist() if column.kind == "text" else [f"{value:.0f}" for value in different]
    return places.astype(np.int64), told_apart(names)


def _fit(
    chosen: Choice, used: NDArray[np.int64], train: NDArray[np.int64], options: TableOptions, notes: list[str]
) -> tuple[tuple[Numeric | Category, ...], list[LeftOut]]:
    """Features as the training rows have them; those that are the same in all of these are left out."""
    found: list[Numeric | Category] = []
    left_out = []
    rows = used[train]
    for column in chosen.features:
        missing = column.missing
        present = column.values[rows][~missing[rows]]
        different, counts = np.unique(present, return_counts=True)
        if len(different) < 2:
            left_out.append(LeftOut(name=column.name, reason="is the same in every training row"))
            continue
        fill = None
        if missing.any() and options.missing not in ("drop rows", "refuse"):
            fill, said = _filling(column, present, different, counts, options)
            notes.append(f"Missing values of {column.name!r:.60} ({missing.sum():,}) become {said}.")
        if column.kind == "text":
            categories = sorted({*column.values[used][~missing[used]].tolist(), *([] if fill is None else [fill])})
            found.append(Category(name=column.name, categories=categories, fill=fill))
        else:
            filled = np.concatenate([present, np.full(len(rows) - len(present), fill)]) if fill is not None else present
            found.append(Numeric.of(column.name, filled, column.words, fill))
    if not found:
        names = ", ".join(repr(left.name) for left in left_out)
        raise DataError(f"There is nothing to learn: {names:.200} have the same value in every training row.")
    return tuple(found), left_out


def _filling(
    column: Column, present: NDArray[Any], different: NDArray[Any], counts: NDArray[Any], options: TableOptions
) -> tuple[Any, str]:
    """What missing values become, and that in words; ``different`` values of those that are present, with ``counts``.

    Truth values have no mean and no median but one of the two.
    """
    if options.missing == "median" and column.kind == "text":
        return NO_TEXT, f"a category of their own, {NO_TEXT!r}"
    if column.kind == "number" and not column.words and options.missing in ("median", "mean"):
        fill = float(np.median(present) if options.missing == "median" else present.mean())
        return fill, f"their {options.missing} {fill:.6g}"
    frequent = different.tolist()[counts.argmax()]
    return frequent, f"the most frequent one, {frequent!r:.40}"


def _part(
    schema: TableSchema,
    values: dict[str, NDArray[Any]],
    known: list[tuple[NDArray[Any], tuple[str, ...]]],
    rows: NDArray[np.int64],
    which: NDArray[np.int64],
    is_labelled: bool,
) -> Part:
    x = schema.encode({name: column[rows[which]] for name, column in values.items()})
    y = torch.from_numpy(known[0][0][which]) if is_labelled else None
    more = [found[which].astype(np.float32) for found, _ in (known[1:] if is_labelled else known)]
    return Part(x, y, torch.from_numpy(np.stack(more, axis=1)) if more else None)
