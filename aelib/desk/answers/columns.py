"""The columns of examples that are rows of numbers: one at a time, as a map is coloured by one."""

import math

import torch

from aelib.data.table.schema import Category
from aelib.desk.answers import asks
from aelib.desk.answers.message import packed
from aelib.desk.answers.subject import Examples, Subject
from aelib.errors import ConfigError
from aelib.progress import Progress


def column_names(examples: Examples) -> list[str]:
    """Of a table the names of its features, of other rows of numbers their places from 1; nothing of pictures, and of
    data that is not here."""
    if examples.table:
        return [feature.name for feature in examples.table.features]
    shape = examples.x.shape[1:]
    return [] if len(shape) != 1 or examples.lacking else [f"{j}" for j in range(1, math.prod(shape) + 1)]


def column(subject: Subject, ask: asks.Column, progress: Progress) -> bytes:
    """Values in the units of the table as float32; of a column of categories their places among ``meta.classes``."""
    examples, j = subject.examples, ask.column
    names = column_names(examples)
    if j >= len(names):
        raise ConfigError(f"These examples have {len(names)} columns, counted from 0 (asked for {j}).")
    classes: tuple[str, ...] = ()
    if examples.table is None:
        values = examples.x[:, j]
    else:
        feature = examples.table.features[j]
        numbers = examples.x[:, examples.table.places[feature.name]]
        if isinstance(feature, Category):
            values, classes = numbers.argmax(1), feature.categories
        else:
            values = torch.from_numpy(feature.decode(numbers.double().numpy(), examples.table.scaling))
            if feature.words:  # truth values
                values, classes = values.round().clamp(0, 1), feature.words
    about = {"column": j, "name": names[j], "classes": classes}
    return packed("column", subject, ask, about, {"values": values.float()})
