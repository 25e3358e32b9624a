"""`Spec`: the base of every configuration object, and `Knob`: a setting that may change while training."""

import math
from dataclasses import dataclass
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema, core_schema

from aelib.errors import ConfigError, sentence


class Spec(BaseModel):
    """An immutable, validated description that survives a round trip through JSON.

    Raises `ConfigError` (never pydantic's own error) with one sentence when a value does not fit.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    def __init__(self, /, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise ConfigError(sentence(error)) from None

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a description written by `model_dump_json`."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise ConfigError(sentence(error)) from None

    def replace(self, **changes: Any) -> Self:
        """A validated copy with some values changed."""
        return type(self)(**{**self.model_dump(), **changes})


@dataclass(frozen=True)
class Knob:
    """A real-valued setting that is read at every training step, so that it can be dragged live.

    Used as an annotation: ``level: Annotated[float, Knob(...)] = 0.3``. The annotation validates
    the value, and the registry, the command line and the app make their controls from it.

    A knob with ``scale="log"`` and ``low=0`` has 0 at its left end, then decades from ``floor``.
    """

    label: str
    symbol: str
    low: float
    high: float
    help: str
    scale: Literal["linear", "log"] = "linear"
    floor: float = 1e-4

    def check(self, value: float) -> float:
        """The value itself, or `ConfigError` when it is not a finite number in [low, high]."""
        if not math.isfinite(value) or not self.low <= value <= self.high:
            raise ConfigError(
                f"{self.label} ({self.symbol}) must be a number from {self.low:g} to {self.high:g} (got {value})."
            )
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))


def knobs_of(spec: Spec | type[Spec]) -> dict[str, Knob]:
    """The knobs that a specification declares, by field name, in order of declaration."""
    kind = spec if isinstance(spec, type) else type(spec)
    return {
        name: item for name, field in kind.model_fields.items() for item in field.metadata if isinstance(item, Knob)
    }
