"""From one page to another."""

import streamlit as st

from .server import current
from .settings import to_query, values_of


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


def is_of_another_page(page: str, query: dict[str, str]) -> bool:
    """Whether parameters are not those of the link that the browser shows.

    On Back, Streamlit (1.67) gives a page the parameters of the one that was left.
    """
    last, written = st.session_state.get("query", ("", {}))
    return "open" in query or (last != page and query == written)
