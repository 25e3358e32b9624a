"""Sweeps: one experiment at many values of one thing. Knobs and seeds are trained all at once, as one stacked model."""

from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from aelib.errors import ConfigError, sentence
from aelib.sweep.model import StackedModel
from aelib.sweep.spec import MAX_VALUES, SweepSpec, linear_values, log_values
from aelib.sweep.structure import StructureSweep
from aelib.sweep.training import StackedRecord, StackedTraining, state_of_cell

#: Any sweep, recognised in JSON by its ``kind``.
AnySweep = Annotated[SweepSpec | StructureSweep, Field(discriminator="kind")]
_ADAPTER: TypeAdapter[AnySweep] = TypeAdapter(AnySweep)


def read_sweep(text: str | bytes) -> AnySweep:
    """A sweep from its JSON; `ConfigError` when it is none."""
    try:
        return _ADAPTER.validate_json(text)
    except ValidationError as error:
        raise ConfigError(sentence(error)) from None


__all__ = [
    "MAX_VALUES", "AnySweep", "StackedModel", "StackedRecord", "StackedTraining", "StructureSweep", "SweepSpec",
    "linear_values", "log_values", "read_sweep", "state_of_cell",
]  # fmt: skip
