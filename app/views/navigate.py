"""From one page to another, with a run that begins where that is asked."""

import streamlit as st

from aelib.errors import AelibError

from ..components.plain import plain
from ..service.server import current
from ..settings.pace import pace
from ..settings.presets import Preset
from ..settings.settings import to_query, values_of


def look_into(key: str) -> None:
    """To the latent space of a run or a library entry."""
    st.switch_page(st.session_state["pages"]["latent"], query_params={"open": key})


def compare_with_pca(key: str) -> None:
    """To the compare page, with a run or a library entry beside PCA of equal code size."""
    st.switch_page(st.session_state["pages"]["compare"], query_params={"open": key})


def show_run(run_id: str, **query: str) -> None:
    """To the Train page, with a run that was just started or opened."""
    server = current()
    server.expect_viewer(run_id)
    st.session_state["run"] = run_id
    st.session_state.pop("values", None)
    # The whole link at once: one that the page completes would stand in the way of the browser's Back.
    run = server.store.get(run_id)
    query |= to_query(values_of(run.experiment, run.device), run.experiment.knob_values) | {"run": run_id}
    st.switch_page(st.session_state["pages"]["train"], query_params=query)


def fork(key: str) -> None:
    """Continue a copy of a library entry, on the Train page."""
    server = current()
    entry = server.library.find(key)
    show_run(server.supervisor.fork(entry.folder, entry.experiment, pace=pace()))


def start_preset(preset: Preset) -> None:
    """Train what a preset describes, on the Train page."""
    try:
        run_id = current().supervisor.launch(preset.experiment, pace=pace())
    except AelibError as error:
        st.error(plain(str(error)))
        return
    show_run(run_id, preset=preset.key)


def is_of_another_page(page: str, query: dict[str, str]) -> bool:
    """Whether parameters are not those of the link that the browser shows.

    On Back, Streamlit (1.67) gives a page the parameters of the one that was left.
    """
    last, shown = st.session_state.get("query", ("", {}))
    return "open" in query or (last != page and bool(query) and query == shown)


def show_link(page: str, query: dict[str, str]) -> None:
    """Have the browser show the link to what the page shows, unless that is what it has made of the link it came by.

    Streamlit (1.67) makes each new link an entry of the browser's history: one in place of a link that was short, or
    wrong, would lead Back to that link, and so to itself.
    """
    state, given = st.session_state, dict(st.query_params)
    came = state.get("query") != (page, given) and not is_of_another_page(page, given)
    # From another page an empty link stands for what was left, which it does not tell; on this one Back has led there,
    # and the first of a session stands for the defaults, as it would for anybody.
    if came and (given or "query" not in state or state.get("shown_page", page) == page):
        state["made_of_link"] = (given, query)
    if given != query and state.get("made_of_link") != (given, query):
        st.query_params.from_dict(query)
        given = query
    # Last: a script that is cut short before this restores from the URL, which is then the newer one.
    state["query"] = (page, given)
