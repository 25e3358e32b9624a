"""The latent space page: look, hover, walk, interpolate, measure."""

import streamlit as st

from aelib.library import LibraryEntry

from ..components.latent import latent
from ..sections.latent_figures import latent_figures
from ..service import listing
from ..service.server import current
from ..settings.map_colour import known_colour
from .navigate import compare_with_pca

#: Examples on the map, at most.
LIMITS = {2_000: "at most 2,000", 10_000: "at most 10,000", 70_000: "all, to 70,000"}
USUAL_LIMIT = 10_000


def latent_page() -> None:
    """The whole page."""
    entries = _entries()
    if not entries:
        st.info("There is no model to look into yet: train one first.", icon=":material/model_training:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        key = _chosen_model(entries)
        limit = _chosen_limit()
        if st.button("Compare", icon=":material/compare_arrows:", key="compare"):
            compare_with_pca(key)
    network = entries[key].experiment.network
    colour = known_colour(st.query_params.get("colour", ""), network)
    _tell_link(key, limit, colour)
    if chosen := latent(key, limit, colour):
        _tell_link(key, limit, known_colour(chosen, network))
    latent_figures(entries[key].folder, limit)


def _tell_link(key: str, limit: int, colour: str) -> None:
    """The link says what is on show; what it said wrongly, it says no more."""
    query = {"open": key, **({"limit": str(limit)} if limit != USUAL_LIMIT else {})}
    query |= {"colour": colour} if colour else {}
    if dict(st.query_params) != query:
        st.query_params.from_dict(query)


def _entries() -> dict[str, LibraryEntry]:
    return {entry.key: entry for entry in sorted(listing.models(), key=lambda entry: entry.key != listing.FEATURED)}


def _chosen_model(entries: dict[str, LibraryEntry]) -> str:
    """A selectbox, that follows the link when the page is come to."""
    wanted = st.query_params.get("open", "")
    if wanted and wanted not in entries:
        entries |= _unlisted(wanted)
        if wanted not in entries:
            st.warning("The model in the link is not there (any more); here is another one.")
    if st.session_state.get("latent_model") not in entries or wanted in entries:
        st.session_state["latent_model"] = wanted if wanted in entries else next(iter(entries))
    return str(
        st.selectbox(
            "Model", list(entries), format_func=lambda key: _title(entries[key]), key="latent_model",
            on_change=_follow_widgets, width=420,
        )
    )  # fmt: skip


def _unlisted(key: str) -> dict[str, LibraryEntry]:
    """A run that is in no list: whoever holds its id may look at it."""
    entry = current().library.unlisted(key)
    return {key: entry} if entry else {}


def _title(entry: LibraryEntry) -> str:
    about = entry.summary if entry.kind == "recent" else entry.kind
    return f"{entry.title} · {entry.experiment.info.title} · {about}"


def _chosen_limit() -> int:
    given = st.query_params.get("limit", "")
    if "latent_limit" not in st.session_state:
        st.session_state["latent_limit"] = int(given) if given in map(str, LIMITS) else USUAL_LIMIT
    return int(
        st.selectbox(
            "Examples", list(LIMITS), format_func=LIMITS.__getitem__, key="latent_limit", width=160,
            help="Held-out examples first, then those of the training.",
        )
    )  # fmt: skip


def _follow_widgets() -> None:
    """The user chose: what the link says is over."""
    st.query_params["open"] = st.session_state["latent_model"]
