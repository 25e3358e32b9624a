"""The compare component: the maps of several models, looked at together (see `web/compare/compare.js`)."""

from typing import Any

from .component import declare

_component = declare("autoencoder_compare", "compare/compare", ("base/base", "base/explained", "compare/compare"))


def compare_panes(panes: list[dict[str, Any]], limit: int) -> Any:
    """Show panes, as ``About`` of `web/compare/model.js` describes them, by at most ``limit`` examples."""
    return _component(key="panes", data={"panes": panes, "limit": limit})
