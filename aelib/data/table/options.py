"""`TableOptions`: what is made of a table."""

from typing import Annotated, Literal, Protocol

from pydantic import Field, model_validator

from aelib.errors import ConfigError
from aelib.spec import Spec

Scaling = Literal["standardise", "unit", "none"]
Missing = Literal["median", "mean", "most frequent", "drop rows", "refuse"]


#: Whether the first row of a file names columns.
Header = Literal["find out", "yes", "no"]


class TableLimits(Protocol):
    """How large a table may be (see `aelib.data.limits.Limits`)."""

    @property
    def max_bytes(self) -> int: ...
    @property
    def max_examples(self) -> int: ...
    @property
    def max_features(self) -> int: ...
    @property
    def max_classes(self) -> int: ...


class TableOptions(Spec):
    """Which columns of a table are used for what, and how.

    ``features``: columns that the model learns; None takes every column of numbers or of a few categories. ``labels``:
    the first is the label, the others are factors; None looks for a categorical column named label, class, target,
    species, y, category or group, or else for the only one of few texts, and () is no label. ``factors``: more columns
    that are known of each row, without being learned.

    ``scaling``, by the training rows alone: "standardise" to mean 0 and deviation 1, "unit" to 0…1, or "none".
    ``missing``, of the training rows: fill in the median, which few extreme values do not move, and make missing texts
    a category of their own, since that one is missing may say something and any other would be made up; fill in the
    mean (of texts the most frequent one) or the most frequent value; leave out rows with a missing value; or refuse.
    Labels and factors are never filled in: rows without one are left out.

    ``held_out``: share of the rows that training does not see; ``stratified``: of each class alike. ``at_most``: rows
    that are used, chosen at random by ``seed``, as the held-out ones are. ``max_categories``: of one feature.
    ``decimal``: the sign before the decimals in texts. ``header``: whether the first row of a text file names columns.
    """

    features: tuple[str, ...] | None = None
    labels: tuple[str, ...] | None = None
    factors: tuple[str, ...] = ()
    scaling: Scaling = "standardise"
    missing: Missing = "median"
    held_out: Annotated[float, Field(gt=0, lt=1)] = 0.2
    stratified: bool = True
    at_most: Annotated[int, Field(ge=2)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    max_categories: Annotated[int, Field(ge=2, le=1000)] = 20
    decimal: Literal["find out", ".", ","] = "find out"
    header: Header = "find out"

    @model_validator(mode="after")
    def _check_columns(self) -> "TableOptions":
        if self.features == ():
            raise ConfigError("features: name at least one column to learn.")
        for name, columns in (("features", self.features), ("labels", self.labels), ("factors", self.factors)):
            if columns and len({*columns}) < len(columns):
                raise ConfigError(f"{name}: name each column once.")
        for column in self.labels or ():
            if column in (self.features or ()) or column in self.factors:
                raise ConfigError(f"The column {column!r:.60} is a label: leave it out of the features and factors.")
        return self
