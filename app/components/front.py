"""The head of the front page: what the app is, one live example, three ways on (see `web/front/front.js`)."""

from typing import Any

from .component import declare

_component = declare("autoencoder_front", "front/front", ("base/base", "base/explained", "front/front"))


def front(key: str) -> Any:
    """Show the model ``key`` at work.

    Returns the way on that was just taken: "watch" one learn, "explore" the model, bring own "data"; else None.
    """
    return _component(key="front", data={"key": key}, on_way_change=lambda: None).way
