"""The latent space component: the map of codes and its panels (see `web/latent/latent.js`)."""

from typing import Any

from .component import declare

_PANELS = ("example/example", "walk/walk", "units/units", "attributes/attributes", "samplepanel", "exportpanel")
_STYLES = ("base/base", "base/explained", "latent/latent", *(f"latent/{panel}" for panel in _PANELS))
_component = declare("autoencoder_latent", "latent/latent", _STYLES)


def latent(key: str, limit: int) -> Any:
    """Show the latent space of a run or a library entry, by at most ``limit`` examples."""
    return _component(key="latent", data={"key": key, "limit": limit})
