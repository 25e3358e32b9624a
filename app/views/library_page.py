"""The first page: what the app is, by a model at work; then pretrained models and saved runs, one of them open."""

import base64

import streamlit as st

from aelib import VARIANTS
from aelib.errors import AelibError
from aelib.frames.frame import has_collapsed
from aelib.library import LibraryEntry

from ..components.bench import bench
from ..components.front import front
from ..components.gallery import gallery
from ..components.plain import plain
from ..components.thumbnail import thumbnail
from ..sections.measure_section import measure_section
from ..sections.worst_rows_section import worst_rows_section
from ..service import listing
from ..service.server import current
from ..settings.presets import PRESETS
from .navigate import compare_with_pca, fork, look_into, start_preset

#: The data set that goes without saying on a card.
USUAL = "digits"
#: The preset that newcomers watch.
WATCHED = "filled"


def library_page() -> None:
    """The whole page."""
    entries = sorted(current().library.entries(), key=lambda entry: entry.key != listing.FEATURED)  # that one first
    if not entries:
        st.info("There is nothing in the library yet: train a model and keep it.", icon=":material/model_training:")
        return
    chosen = _chosen(entries)
    if "open" not in st.query_params:  # who comes for a model needs no introduction
        _introduce(chosen)
    recent = listing.recent()
    clicked = gallery([_card(entry) for entry in [*entries, *recent]], chosen.key)
    if clicked in {entry.key for entry in recent}:
        st.switch_page(st.session_state["pages"]["train"], query_params={"run": str(clicked)})
    if clicked and clicked != st.query_params.get("open"):
        st.query_params["open"] = str(clicked)
        st.rerun()
    _see_it_happen()
    _headline(chosen)
    if bench(chosen.key, read_only=True, status=chosen.kind).action == "fork":
        fork(chosen.key)
    measure_section(chosen.key)
    worst_rows_section(chosen.key)


def _introduce(entry: LibraryEntry) -> None:
    """The head of the page, and where its ways lead."""
    match front(entry.key):
        case "watch":
            start_preset(PRESETS[WATCHED])
        case "explore":
            look_into(entry.key)
        case "data":
            st.switch_page(st.session_state["pages"]["data"])


def _see_it_happen() -> None:
    """A button for each preset: it opens the Train page with a run that has begun."""
    st.markdown("**See it happen** · one click trains a model that shows it")
    with st.container(horizontal=True, gap="small", key="presets"):
        for preset in PRESETS.values():
            icon = f":material/{preset.icon}:"
            if st.button(preset.title, icon=icon, help=preset.look, key=f"preset_{preset.key}", width="content"):
                start_preset(preset)


def _chosen(entries: list[LibraryEntry]) -> LibraryEntry:
    by_key = {entry.key: entry for entry in entries}
    wanted = st.query_params.get("open")
    if wanted and wanted not in by_key:
        st.warning("The model in the link is not in the library (any more); here is another one.")
    return by_key.get(wanted or listing.FEATURED) or by_key.get(listing.FEATURED) or entries[0]


def _card(entry: LibraryEntry) -> dict[str, str | bool]:
    picture, collapsed = _look_of(entry)
    return {
        "key": entry.key,
        "title": entry.title,
        "line": entry.summary if entry.experiment.dataset == USUAL else entry.experiment.info.title,
        "kind": entry.kind,
        "help": f"{entry.experiment.info.title}. {VARIANTS[entry.experiment.variant].sentence}",
        "picture": f"data:image/png;base64,{base64.b64encode(picture).decode()}" if picture else "",
        "collapsed": collapsed,
    }


def _look_of(entry: LibraryEntry) -> tuple[bytes | None, bool]:
    """The picture of a card, and whether it says that the code has collapsed."""
    try:
        changed = entry.folder.frames.stat().st_mtime_ns
    except FileNotFoundError:
        return None, False
    return _drawn(entry.key, changed, entry)


@st.cache_data(max_entries=500, show_spinner=False)
def _drawn(key: str, changed: int, _entry: LibraryEntry) -> tuple[bytes | None, bool]:
    try:
        return thumbnail(_entry.folder), has_collapsed(_entry.folder.frames)
    except AelibError:
        return None, False  # a damaged log: the card goes without a picture


def _headline(entry: LibraryEntry) -> None:
    variant = VARIANTS[entry.experiment.variant]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(entry.title_on_data)}** · {variant.sentence}")
        if st.button("Latent space", icon=":material/scatter_plot:", key="look_into"):
            look_into(entry.key)
        if st.button("Compare", icon=":material/compare_arrows:", key="compare"):
            compare_with_pca(entry.key)
        if entry.kind == "saved":
            with st.popover("Delete", icon=":material/delete:"):
                st.write("The run, its history and its weights are deleted for good.")
                if st.button("Delete it", key="delete_entry"):
                    try:
                        current().supervisor.delete(entry.key)
                    except AelibError as error:
                        st.error(plain(str(error)))
                        return
                    st.query_params.clear()
                    st.rerun()
