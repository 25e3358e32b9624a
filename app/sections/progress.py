"""What a page shows of a task that somebody starts and waits for: a button, then how far it is, with a way out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import streamlit as st

from aelib.processes import JobState

from ..components.plain import plain

#: Seconds between two looks at a task. A run starts and stops without a word to the page, so that what
#: can be done is looked at when somebody asks.
PERIOD = 0.7

Found = TypeVar("Found")


@dataclass(frozen=True)
class Task(Generic[Found]):
    """``name``: of its widgets. ``start``: begins it, or gives one sentence that says why not."""

    name: str
    label: str
    icon: str
    look: Callable[[], JobState[Found]]
    start: Callable[[], str]
    cancel: Callable[[], None]


def result(task: Task[Found]) -> Found | None:
    """Show the button or the progress; returns what was found, once it is there."""
    state = task.look()
    period = PERIOD if state.kind in ("waiting", "running") else None
    st.fragment(_watch, run_every=period)(task, state.kind)
    return state.found


def _watch(task: Task[Found], drawn: str) -> None:
    """When things are no longer as the page was drawn for, it is drawn anew."""
    state = task.look()
    if state.kind != drawn:
        st.rerun()
    if refusal := st.session_state.pop(_refusal(task), ""):
        st.info(refusal, icon=":material/pause:")
    if state.kind == "failed":
        st.error(plain(state.text))
    if state.kind in ("none", "failed"):
        st.button(task.label, icon=task.icon, key=task.name, on_click=_start, args=(task,))
    elif state.kind in ("waiting", "running"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.progress(state.share, text=state.text)
            st.button("Cancel", key=f"cancel_{task.name}", on_click=task.cancel)


def _start(task: Task[Found]) -> None:
    if refusal := task.start():
        st.session_state[_refusal(task)] = refusal


def _refusal(task: Task[Found]) -> str:
    """Where the session keeps why nothing could be begun, until it has been said."""
    return f"{task.name}_refusal"
