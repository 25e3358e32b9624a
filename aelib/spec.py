"""`Spec`: the base of every configuration object, and `Knob`: a setting that may change while training."""

import math
from collections.abc import Mapping
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

    A knob with ``scale="log"`` and ``low=0`` has 0 at its left end, then decades from ``floor``. One with
    ``integer`` takes whole numbers. ``when``: values of other settings (one, or any of a tuple) without which
    the knob has no effect and is not shown.
    """

    label: str
    symbol: str
    low: float
    high: float
    help: str
    scale: Literal["linear", "log"] = "linear"
    floor: float = 1e-4
    integer: bool = False
    when: Mapping[str, str | tuple[str, ...]] | None = None

    def check(self, value: float) -> float:
        """The value itself, or `ConfigError` when it is not a finite number in [low, high]."""
        if not math.isfinite(value) or not self.low <= value <= self.high:
            raise ConfigError(
                f"{self.label} ({self.symbol}) must be a number from {self.low:g} to {self.high:g} (got {value})."
            )
        if self.integer and value != round(value):
            raise ConfigError(f"{self.label} ({self.symbol}) must be a whole number (got {value}).")
        return value

    def applies_to(self, spec: Spec) -> bool:
        """Whether the other settings give it an effect."""
        wanted = {name: (values,) if isinstance(values, str) else values for name, values in (self.when or {}).items()}
        return all(getattr(spec, name) in values for name, values in wanted.items())

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))


def knobs_of(spec: Spec | type[Spec]) -> dict[str, Knob]:
    """The knobs that a specification declares, by field name; of an object only those that have an effect.

    Those of a class stand before those of the classes it is made from.
    """
    kind = spec if isinstance(spec, type) else type(spec)
    inherited = {name for base in kind.__mro__[1:] for name in getattr(base, "model_fields", {})}
    names = sorted(kind.model_fields, key=lambda name: name in inherited)
    found = {name: item for name in names for item in kind.model_fields[name].metadata if isinstance(item, Knob)}
    return {name: knob for name, knob in found.items() if kind is spec or knob.applies_to(spec)}  # type: ignore[arg-type]
