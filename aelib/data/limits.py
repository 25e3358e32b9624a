"""`Limits`: how much of somebody's data is read."""

from typing import Annotated

from pydantic import Field

from aelib.errors import DataError
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

    def check(self, limit: str, value: int, what: str, remedy: str = "") -> None:
        """`DataError` when ``what`` (a name) has more than a limit allows: the sentence names both."""
        allowed = getattr(self, limit)
        if value > allowed:
            raise DataError(
                f"{what} has {value:,} {_NAMES[limit]}, and at most {allowed:,} are allowed ({limit})"
                + (f": {remedy}." if remedy else ".")
            )
