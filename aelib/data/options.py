"""`SplitOptions`: which examples of arrays are kept, and which are held out."""

from typing import Annotated

from pydantic import Field

from aelib.spec import Spec


class SplitOptions(Spec):
    """Which examples are kept, and which are held out.

    ``held_out``: the share that is not trained on; of no effect where the files have both. ``stratified``: whether each
    class has its share of the held-out examples, and of ``at_most``, the number that is kept. ``seed`` chooses.
    """

    held_out: Annotated[float, Field(gt=0, lt=1)] = 0.2
    stratified: bool = True
    at_most: Annotated[int, Field(ge=2)] | None = None
    seed: Annotated[int, Field(ge=0, lt=1 << 32)] = 0
