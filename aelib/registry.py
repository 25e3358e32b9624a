"""The registry of variants. Adding one: a file in `aelib/objectives/` and a line here."""

from aelib.errors import ConfigError
from aelib.objectives.conditional import conditional
from aelib.objectives.contractive import contractive
from aelib.objectives.denoising import denoising
from aelib.objectives.k_sparse import k_sparse
from aelib.objectives.sparse import sparse
from aelib.objectives.sparse_kl import sparse_kl
from aelib.objectives.stacked import stacked_denoising
from aelib.objectives.vanilla import convolutional, linear, overcomplete, single_layer, vanilla
from aelib.objectives.variational import variational
from aelib.variant import Variant

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
        conditional,
    )
}


def get_variant(name: str) -> Variant:
    """The variant of that name; `ConfigError` lists the names there are."""
    if name not in VARIANTS:
        raise ConfigError(f"There is no variant {name!r:.40}; choose one of {', '.join(VARIANTS)}.")
    return VARIANTS[name]
