"""The registry of variants. Adding one: a file in `aelib/objectives/` and a line here."""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from aelib.errors import ConfigError
from aelib.objectives.base import Objective
from aelib.objectives.conditional import conditional
from aelib.objectives.contractive import contractive
from aelib.objectives.denoising import denoising
from aelib.objectives.k_sparse import k_sparse
from aelib.objectives.sparse import sparse
from aelib.objectives.sparse_kl import sparse_kl
from aelib.objectives.stacked import stacked_denoising
from aelib.objectives.tc_variational import tc_variational
from aelib.objectives.vanilla import convolutional, linear, overcomplete, single_layer, vanilla
from aelib.objectives.variant import Variant
from aelib.objectives.variational import variational

VARIANTS: dict[str, Variant] = {
    variant.name: variant
    for variant in (
        linear,
        single_layer,
        vanilla,
        overcomplete,
        convolutional,
        denoising,
        stacked_denoising,
        sparse,
        sparse_kl,
        k_sparse,
        contractive,
        variational,
        tc_variational,
        conditional,
    )
}

#: The kinds of objectives that the variants show, each once.
OBJECTIVES: tuple[type[Objective], ...] = tuple(dict.fromkeys(type(v.objective) for v in VARIANTS.values()))

if TYPE_CHECKING:
    AnyObjective = Objective
else:
    #: Any of them, recognised in JSON by its ``kind``.
    AnyObjective = Annotated[reduce(or_, OBJECTIVES), Field(discriminator="kind")]


def get_variant(name: str) -> Variant:
    """The variant of that name; `ConfigError` lists the names there are."""
    if name not in VARIANTS:
        raise ConfigError(f"There is no variant {name!r:.40}; choose one of {', '.join(VARIANTS)}.")
    return VARIANTS[name]
