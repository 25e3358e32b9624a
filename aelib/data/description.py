"""`Description`: what is known of an added data set without its arrays, as its ``description.json`` holds it."""

import math
import re
from typing import Annotated, Literal

from pydantic import Field, FiniteFloat, JsonValue, model_validator

from aelib.data.pictures.options import PictureOptions
from aelib.errors import ConfigError
from aelib.spec import Spec

#: Ids are keyed hashes of 132 bits: whoever has not seen one cannot name it. None has the form of a run's id.
DATA_ID = re.compile(r"data-[A-Za-z0-9_-]{22}")
CONTENT_HASH = re.compile(r"[0-9a-f]{64}")
#: The arrays of a data set, in the order in which they are hashed.
ARRAYS = ("train.x", "train.y", "train.factors", "test.x", "test.y", "test.factors")
#: What pictures are read from.
PICTURES = ("folder", "zip")
#: Characters of a title and of a sentence, at most.
MAX_TITLE, MAX_SENTENCE = 80, 300

Count = Annotated[int, Field(ge=1, le=1 << 40)]


def is_data_id(text: str) -> bool:
    """Whether a text has the form of the id of an added data set (nothing else is ever made into a path)."""
    return DATA_ID.fullmatch(text) is not None


class ArrayDescription(Spec):
    """``dtype``: as NumPy writes it, in the byte order of most machines. ``shape``: (n, …)."""

    dtype: Literal["|u1", "|b1", "|i1", "<i2", "<i4", "<i8", "<f2", "<f4", "<f8"]
    shape: Annotated[tuple[Count, ...], Field(min_length=1, max_length=8)]

    @property
    def bytes(self) -> int:
        """Of its numbers."""
        return math.prod(self.shape) * int(self.dtype[-1])


class Description(Spec):
    """``content_hash``: SHA-256 of the arrays and of what their numbers mean (see `aelib.data.content`). ``shape``: of
    one example. ``table``: the columns of a table and their scaling, as JSON. ``arrays``: by their names. ``size``: of
    the arrays, in bytes. ``source``: what it was read from, such as "folder", with the ``options`` of that. ``report``:
    what was found then. ``created``: in seconds since 1970.

    Raises `ConfigError` where these do not belong together.
    """

    schema_version: Literal[1] = 1
    id: str = Field(pattern=f"^{DATA_ID.pattern}$")
    content_hash: str = Field(pattern=f"^{CONTENT_HASH.pattern}$")
    title: str = Field(min_length=1, max_length=MAX_TITLE)
    sentence: str = Field("", max_length=MAX_SENTENCE)
    shape: Annotated[tuple[Count, ...], Field(min_length=1, max_length=7)]
    classes: tuple[str, ...] = ()
    factors: tuple[str, ...] = ()
    factor_classes: tuple[tuple[str, ...], ...] = ()
    table: dict[str, JsonValue] | None = None
    arrays: dict[str, ArrayDescription]
    size: Annotated[int, Field(ge=0)]
    source: str = Field("arrays", max_length=40)
    options: dict[str, JsonValue] = Field(default_factory=dict)
    report: dict[str, JsonValue] | None = None
    created: FiniteFloat = 0.0

    @model_validator(mode="after")
    def _belongs_together(self) -> "Description":
        for which in ("train", "test"):
            if f"{which}.x" not in self.arrays:
                raise ConfigError(f"There are no {which}.x among its arrays.")
            if self.arrays[f"{which}.x"].shape[1:] != self.shape:
                raise ConfigError(f"The array {which}.x does not hold examples of shape {self.shape}.")
        for name, array in self.arrays.items():
            if name not in ARRAYS:
                raise ConfigError(f"An array {name!r:.40} is none of {', '.join(ARRAYS)}.")
            if array.shape[0] != self.arrays[f"{name.partition('.')[0]}.x"].shape[0]:
                raise ConfigError(f"The array {name} has another length than the examples.")
        if self.size != sum(array.bytes for array in self.arrays.values()):
            raise ConfigError(f"Its arrays do not have {self.size:,} bytes.")
        return self

    @property
    def counts(self) -> tuple[int, int]:
        """Training and held-out examples."""
        return self.arrays["train.x"].shape[0], self.arrays["test.x"].shape[0]

    @property
    def picture_options(self) -> PictureOptions | None:
        """How pictures became examples; None of other data, and where that is told as another version does."""
        try:
            return PictureOptions(**self.options) if self.source in PICTURES else None
        except ConfigError:
            return None

    def found(self, what: Literal["notes", "warnings"]) -> tuple[str, ...]:
        """The sentences of that kind in the report of its import, which may be of another version."""
        sentences = (self.report or {}).get(what)
        return tuple(map(str, sentences)) if isinstance(sentences, list) else ()


def shortened(content_hash: str) -> str:
    """The beginning of a hash, for people."""
    return f"{content_hash[:8]}…"


def told_size(count: int) -> str:
    """A number of bytes, for people, such as 1.23 MB."""
    for unit, power in (("GB", 9), ("MB", 6), ("kB", 3)):
        if count >= 10**power:
            return f"{count / 10**power:.3g} {unit}"
    return f"{count} bytes"
