"""`Origin`: what `aelib.train` notes of how a model came to its weights."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Origin:
    """``dataset``: the name of the data, which has a ``data_hash`` where it was added. ``left_out``: the class that was
    taken from them. ``train``: the settings, as JSON has them. ``knobs``: where all knobs stood before the first step.
    ``steps``: as many as were done. ``turns``: knobs that were turned, as (steps done before, name, value).
    ``device``: cpu, cuda or mps. ``threads``: that a CPU computed with. ``from_seed``: whether the weights follow from
    all this, because they began as the seed's.
    """

    dataset: str
    left_out: int | None = None
    train: dict[str, Any] = field(default_factory=dict)
    knobs: dict[str, float] = field(default_factory=dict)
    steps: int = 0
    turns: list[tuple[int, str, float]] = field(default_factory=list)
    device: str = "cpu"
    threads: int = 1
    from_seed: bool = False
    data_hash: str | None = None
