"""The latent space component: the map of codes and its panels (see `web/latent/latent.js`)."""

from typing import Any

from .component import declare

_PANELS = ("example/example", "walk/walk", "units/units", "attributes/attributes", "samplepanel", "exportpanel")
_STYLES = ("base/base", "base/explained", "latent/latent", *(f"latent/{panel}" for panel in _PANELS))
_component = declare("autoencoder_latent", "latent/latent", _STYLES)


def latent(key: str, limit: int, colour: str = "") -> str | None:
    """Show the latent space of a run or a library entry, by at most ``limit`` examples, with the points in a colour.

    ``colour``: as `known_colour` has it; the usual one where it is empty, or not there. Returns the colour that was
    just chosen, else None: for the one rerun that this triggers.
    """
    data = {"key": key, "limit": limit, "colour": colour}
    chosen: Any = _component(key="latent", data=data, on_colour_change=lambda: None).colour
    return str(chosen) if chosen else None
