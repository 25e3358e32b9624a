"""The registry of variants. Adding one: a file in `aelib/objectives/` and a line here."""

from aelib.errors import ConfigError
from aelib.objectives.contractive import contractive
from aelib.objectives.denoising import denoising
from aelib.objectives.sparse import sparse
from aelib.objectives.vanilla import linear, vanilla
from aelib.objectives.variational import variational
from aelib.variant import Variant

VARIANTS: dict[str, Variant] = {
    variant.name: variant
    for variant in (
        linear,
        vanilla,
        denoising,
        sparse,
        contractive,
        variational,
    )
}


def get_variant(name: str) -> Variant:
    """The variant of that name; `ConfigError` lists the names there are."""
    if name not in VARIANTS:
        raise ConfigError(f"There is no variant {name!r:.40}; choose one of {', '.join(VARIANTS)}.")
    return VARIANTS[name]
