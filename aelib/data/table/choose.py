"""What the columns of a table are used for, where nobody has said it."""

import re
from dataclasses import dataclass

import numpy as np

from aelib.data.table.columns import Column
from aelib.data.table.options import TableOptions
from aelib.data.table.schema import LeftOut
from aelib.errors import DataError

#: Names of labels, in small letters; the first that is there is taken.
LABELS = ("label", "class", "target", "species", "y", "category", "group")
#: Different texts of a column that may be the label by that alone, at most; and rows to each of them, at least.
FEW_TEXTS, ROWS_TO_A_TEXT = 50, 10
#: So many different whole numbers are classes, in a column that is not named as a label is.
WHOLE_CLASSES = 20
#: Characters that a short text has at most, in the mean.
SHORT_TEXT = 60
_ID = re.compile(r"(?i)(.*[^a-z])?(id|uuid|guid|index|key)|.*Id")


@dataclass(frozen=True)
class Choice:
    """Columns by their use. ``left_out``: what is no feature, and why; ``notes``: sentences on the choice."""

    features: list[Column]
    labels: list[Column]
    factors: list[Column]
    left_out: list[LeftOut]
    notes: list[str]


def choose_columns(columns: list[Column], options: TableOptions, max_classes: int) -> Choice:
    """The use of each column, by the options or else by what it holds.

    Raises `DataError` when a named column is not there or cannot be used so, or there is nothing to learn.
    """
    by_name = {column.name: column for column in columns}
    notes: list[str] = []
    if options.labels is None:
        labels = _find_label(columns, options, max_classes, notes)
    else:
        labels = [_get(by_name, name) for name in options.labels]
    factors = [_get(by_name, name) for name in options.factors]
    for column in [*labels, *factors]:
        if column.kind not in ("number", "text"):
            raise DataError(f"The column {column.name!r:.60} {_unfit(column)}: choose another label or factor.")
    for column in columns:
        if column.infinite:
            notes.append(f"Infinite values of {column.name!r:.60} count as missing ({column.infinite:,}).")
    if options.features is None:
        known = {column.name for column in (*labels, *factors)}
        features, left_out = [], []
        for column in columns:
            if column.name in known:
                continue
            reason = _unfit(column) or _unsuited(column, options)
            if reason:
                left_out.append(LeftOut(name=column.name, reason=reason))
            else:
                features.append(column)
    else:
        features = [_get(by_name, name) for name in options.features]
        _check_features(features, options)
        used = {column.name for column in (*features, *labels, *factors)}
        left_out = [LeftOut(name=name, reason="was not chosen") for name in by_name if name not in used]
    if not features:
        reasons = "; ".join(f"{left.name!r:.40} {left.reason}" for left in left_out[:3])
        raise DataError(
            "The table has no column to learn from: it needs one of numbers or of a few categories"
            + (f" ({reasons:.300})." if reasons else ".")
        )
    return Choice(features, labels, factors, left_out, notes)


def _get(columns: dict[str, Column], name: str) -> Column:
    if name not in columns:
        raise DataError(f"The table has no column {name!r:.60}; it has {', '.join(columns):.200}.")
    return columns[name]


def _find_label(columns: list[Column], options: TableOptions, max_classes: int, notes: list[str]) -> list[Column]:
    taken = {*(options.features or ()), *options.factors}
    named = {column.name.casefold(): column for column in reversed(columns) if column.name not in taken}
    for name in LABELS:
        if column := named.get(name):
            if is_categorical(column, max_classes) and _has_few(column, max_classes):
                notes.append(f"{column.name!r:.60} is the label.")
                return [column]
            notes.append(f"{column.name!r:.60} is no label, as it has no few classes.")
    of_texts = [column for column in columns if column.name not in taken and _groups_rows(column)]
    is_all = options.features is None and all(
        any(column is one for one in of_texts) or _unfit(column) or _unsuited(column, options) for column in columns
    )
    if len(of_texts) != 1 or is_all:  # what alone can be learned is no label
        return []
    notes.append(f"{of_texts[0].name!r:.60} is taken for the label, as the only column of a few texts.")
    return of_texts


def _groups_rows(column: Column) -> bool:
    """Whether a column has few short texts, each in many rows, as classes are."""
    distinct = column.distinct if column.kind == "text" else []
    most = min(FEW_TEXTS, int(np.count_nonzero(~column.missing)) // ROWS_TO_A_TEXT)
    return 2 <= len(distinct) <= most and bool(np.mean([len(text) for text in distinct]) <= SHORT_TEXT)


def is_categorical(column: Column, max_classes: int) -> bool:
    """Whether the values of a label or factor are classes: texts, truth values, a few whole numbers."""
    if column.kind != "number" or column.words:
        return column.kind in ("number", "text")
    most = max_classes if column.name.casefold() in LABELS else WHOLE_CLASSES
    return column.is_whole and _has_few(column, most)


def _has_few(column: Column, most: int) -> bool:
    return 2 <= len(column.distinct) <= min(most, max(2, len(column.values) // 2))


def _unfit(column: Column) -> str:
    """Why a column can be nothing at all; empty where it can."""
    if column.kind == "mixed":
        return f"mixes numbers with texts such as {column.example!r:.40}"
    return {"empty": "has no values", "date": "holds dates", "other": "holds neither numbers nor texts"}.get(
        column.kind, ""
    )


def _unsuited(column: Column, options: TableOptions) -> str:
    """Why a column is no feature unless it is chosen; empty where it is one."""
    present = column.values[~column.missing]
    distinct = column.distinct
    if 2 * len(present) < len(column.values):
        return f"lacks {1 - len(present) / len(column.values):.0%} of its values"
    if len(distinct) < 2:
        return "is the same in every row"
    if column.kind == "number":
        if len(present) > 2 and column.is_whole and len(distinct) == len(present):
            if np.array_equal(present, np.arange(len(present)) + min(max(present[0], 0), 1)):
                return "counts the rows"
            if _ID.fullmatch(column.name):
                return "is an id, different in every row"
        return ""
    if len(distinct) == len(present) > 2:
        return "is an id or a text, different in every row"
    if np.mean([len(text) for text in distinct]) > SHORT_TEXT:
        return "is free text"
    if len(distinct) > options.max_categories:
        return f"has {len(distinct):,} different texts, more than {options.max_categories}"
    return ""


def _check_features(features: list[Column], options: TableOptions) -> None:
    for column in features:
        remedy = "make it a number first, such as days since a day" if column.kind == "date" else "leave it out"
        if reason := _unfit(column):
            raise DataError(f"The column {column.name!r:.60} {reason}, which cannot be learned: {remedy}.")
        if column.kind == "text" and (count := len(column.distinct)) > options.max_categories:
            raise DataError(
                f"The column {column.name!r:.60} has {count:,} different texts, more than {options.max_categories}: "
                "leave it out, or raise max_categories."
            )
