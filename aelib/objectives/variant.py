"""`Variant`: all that the app, the command line and the tests need to know of one kind of autoencoder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aelib.spec import Knob, knobs_of

if TYPE_CHECKING:
    from aelib.objectives.base import Objective


@dataclass(frozen=True)
class Variant:
    """One entry of the registry (`aelib.registry.VARIANTS`).

    ``formula``: the objective in LaTeX. ``sentence``: what it does, for a learner. ``objective``: its defaults.
    ``network``, ``train``: what differs from the defaults of `MLP` (or of the network of that ``kind``) and
    `TrainConfig`. ``latent``: units of its code, given the numbers in an example. ``fixed``: settings of the network
    without which it would be another variant.
    """

    name: str
    title: str
    formula: str
    sentence: str
    objective: "Objective"
    network: Mapping[str, Any] = field(default_factory=dict)
    train: Mapping[str, Any] = field(default_factory=dict)
    latent: Callable[[int], int] = lambda features: 2
    fixed: tuple[str, ...] = ()

    @property
    def knobs(self) -> dict[str, Knob]:
        """The knobs of its objective."""
        return knobs_of(self.objective)
