"""The bench component: the pixels that move at frame rate (see `web/run/bench.js`)."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from .component import declare

_component = declare(
    "autoencoder_bench", "run/bench", ("base/base", "base/explained", "run/transport", "run/bench", "network/network")
)


def bench(key: str, *, read_only: bool, status: str = "", on_pace: Callable[[object], None] = lambda pace: None) -> Any:
    """Show a run or a checkpoint, live.

    ``key``: of the run or checkpoint. ``read_only``: to look at, with an offer to continue a copy.
    ``status``: what the badge of a read-only one says, and what the page knows of a run. The result has, for the one
    rerun that they trigger, ``knobs`` (values by name, after a drag ended) and ``action`` ("new_seed", "fork", or
    "failed" when the run has failed, which the page did not know). ``on_pace``: told what was chosen, with
    ``steps_per_second``.
    """
    return _component(
        key="bench",
        data={"key": key, "readOnly": read_only, "status": status},
        on_knobs_change=lambda: None,
        # At the very beginning of the rerun: whoever presses Train next cuts it short.
        on_pace_change=lambda: on_pace(st.session_state["bench"].pace),
        on_action_change=lambda: None,
    )
