"""How fast a run that a page begins trains: slowly enough to watch, or as it was chosen last on the bench."""

from contextlib import suppress

import streamlit as st

from aelib.errors import ConfigError
from aelib.runs.commands import SetPace

#: Steps a second of whoever has chosen nothing: the few thousand steps of a usual run last some minutes.
WATCHED = 50.0


def pace() -> SetPace:
    """The pace of the next run."""
    chosen: SetPace = st.session_state.get("pace", SetPace(steps_per_second=WATCHED))
    return chosen


def take_pace(value: object) -> None:
    """Remember what was chosen; what a browser sends is checked like everything else."""
    if isinstance(value, dict):
        with suppress(ConfigError, TypeError):
            st.session_state["pace"] = SetPace(**value)
