"""The registry of variants. Adding one: a file in `aelib/objectives/` and a line here."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from aelib.errors import ConfigError
from aelib.networks import NetworkSpec
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


def variant_of(network: NetworkSpec, objective: Objective) -> Variant:
    """The variant that a network and an objective make: of several that it could be the most special one."""

    def own(entry: Variant) -> dict[str, Any]:
        return {"kind": "mlp", **entry.network}

    def fits(entry: Variant, names: Iterable[str]) -> bool:
        return all(getattr(network, name, None) == own(entry)[name] for name in names)

    def special(entry: Variant) -> int:
        """How many of its settings are there that a network does not have anyway; −1 where one is not there."""
        fields = type(network).model_fields
        return (
            sum(own(entry)[name] != fields[name].default for name in entry.network) if fits(entry, own(entry)) else -1
        )

    entries = [e for e in VARIANTS.values() if type(e.objective) is type(objective) and fits(e, e.fixed)]
    return max(entries, key=lambda entry: (fits(entry, ["kind"]), special(entry)))


def get_variant(name: str) -> Variant:
    """The variant of that name; `ConfigError` lists the names there are."""
    if name not in VARIANTS:
        raise ConfigError(f"There is no variant {name!r:.40}; choose one of {', '.join(VARIANTS)}.")
    return VARIANTS[name]
