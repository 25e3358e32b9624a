"""`Limits`: how much of somebody's data is read."""

import os
import re
from typing import Annotated

from pydantic import Field

from aelib.errors import ConfigError, DataError
from aelib.spec import Spec

#: Pillow warns of more.
_PILLOWS_PIXELS = 89_478_485
#: The limit, what it counts.
_NAMES = {
    "max_bytes": "bytes",
    "max_examples": "examples",
    "max_pixels": "pixels in one picture",
    "max_features": "features of an example",
    "max_classes": "classes",
}


class Limits(Spec):
    """How much of somebody's data is read; a refusal names the limit.

    ``max_bytes``: bytes of one file, unpacked, and of the arrays made from it. ``max_examples``: examples that are
    kept. ``max_pixels``: of one file's picture, as it lies there; what has more is skipped before it is decoded.
    ``max_features``: values of one example. ``max_classes``: classes that strings or folders name.
    """

    max_bytes: Annotated[int, Field(ge=1)] = 4 << 30
    max_examples: Annotated[int, Field(ge=1)] = 1_000_000
    max_pixels: Annotated[int, Field(ge=1, le=_PILLOWS_PIXELS)] = 50_000_000
    max_features: Annotated[int, Field(ge=1)] = 1 << 16
    max_classes: Annotated[int, Field(ge=1)] = 1000

    @classmethod
    def of_environment(cls) -> "Limits":
        """The limits of this machine: `AELIB_MAX_BYTES`, `AELIB_MAX_EXAMPLES` and so on, where they are set.

        Raises `ConfigError` where one is no whole number, or none that is allowed.
        """
        found = {}
        for name in cls.model_fields:
            variable = f"AELIB_{name.upper()}"
            if text := os.environ.get(variable):
                if not re.fullmatch("[0-9]{1,18}", text):
                    raise ConfigError(f"{variable} must be a whole number, as 1000000 (got {text!r:.40}).")
                found[name] = int(text)
        try:
            return cls(**found)
        except ConfigError as error:
            raise ConfigError(f"In the environment, as AELIB_ and capitals, {error}") from None

    def check(self, limit: str, value: int, what: str, remedy: str = "") -> None:
        """`DataError` when ``what`` (a name) has more than a limit allows: the sentence names both."""
        allowed = getattr(self, limit)
        if value > allowed:
            raise DataError(
                f"{what} has {value:,} {_NAMES[limit]}, and at most {allowed:,} are allowed ({limit})"
                + (f": {remedy}." if remedy else ".")
            )


DEFAULT_LIMITS = Limits()
