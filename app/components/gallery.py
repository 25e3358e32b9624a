"""The gallery component: clickable cards (see `web/gallery/gallery.js`)."""

from typing import Any

from .component import declare

_component = declare("autoencoder_gallery", "gallery/gallery", ("base/explained", "gallery/gallery"))


def gallery(cards: list[dict[str, str | bool]], open_key: str) -> Any:
    """Show cards (``key``, ``title``, ``line``, ``help``, ``picture`` as data URL, ``collapsed``); one of them is open.

    Returns the key of the card that was just clicked, or None.
    """
    return _component(key="gallery", data={"cards": cards, "open": open_key}, on_open_change=lambda: None).open
