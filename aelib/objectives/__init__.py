"""Objectives: what is minimised. One file each, with the variant that shows it."""

from typing import Annotated

from pydantic import Field

from aelib.objectives.base import Objective
from aelib.objectives.contractive import Contractive
from aelib.objectives.denoising import Denoising
from aelib.objectives.sparse import Sparse
from aelib.objectives.vanilla import Vanilla
from aelib.objectives.variational import Variational

#: Any objective, recognised in JSON by its ``kind``.
AnyObjective = Annotated[Vanilla | Denoising | Sparse | Contractive | Variational, Field(discriminator="kind")]

__all__ = ["AnyObjective", "Contractive", "Denoising", "Objective", "Sparse", "Vanilla", "Variational"]
