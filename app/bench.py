"""The bench component: the pixels that move at frame rate (see `web/bench.js`)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

_WEB = Path(__file__).parent / "web"

# The modules come from a route of ours, because inline modules cannot import relative ones.
_BOOTSTRAP = """
const modules = import(new URL("web/bench.js", document.baseURI));
export default function (component) {
  let cleanup;
  modules.then((bench) => { cleanup = bench.mount(component); });
  return () => cleanup?.();
}
"""

_component = st.components.v2.component(
    "autoencoder_bench",
    html="<div data-bench></div>",
    css=(_WEB / "bench.css").read_text(),
    js=_BOOTSTRAP,
)


def bench(
    key: str,
    *,
    read_only: bool,
    status: str = "",
    on_knobs: Callable[[], None] = lambda: None,
    on_action: Callable[[], None] = lambda: None,
) -> Any:
    """Show a run or a checkpoint, live.

    ``key``: of the run or checkpoint. ``read_only``: to look at, with an offer to continue a copy.
    ``status``: what the badge of a read-only one says. The result has ``knobs`` (values by name, after
    a drag ended) and ``action`` ("new_seed" or "fork"), for the one rerun that they trigger.
    """
    return _component(
        key="bench",
        data={"key": key, "readOnly": read_only, "status": status},
        on_knobs_change=on_knobs,
        on_action_change=on_action,
    )
