"""The first page: pretrained models and saved runs, one of them open and interactive from the start."""

import streamlit as st

from aelib import DATASETS, VARIANTS
from aelib.errors import AelibError
from aelib.runs import LibraryEntry

from .bench import bench
from .server import current
from .thumbnail import thumbnail

#: What is open before anybody chose anything.
FEATURED = "digits-variational"


def library_page() -> None:
    """The whole page."""
    st.markdown("#### Watch autoencoders learn, and look into their latent spaces")
    entries = current().library.entries()
    if not entries:
        st.info("There is nothing in the library yet: train a model and keep it.", icon=":material/model_training:")
        return
    chosen = _chosen(entries)
    _cards(entries, chosen)
    _headline(chosen)
    status = "pretrained" if chosen.pretrained else "saved"
    if bench(chosen.key, read_only=True, status=status).action == "fork":
        from .train_page import fork

        fork(chosen.key)


def _chosen(entries: list[LibraryEntry]) -> LibraryEntry:
    by_key = {entry.key: entry for entry in entries}
    wanted = st.query_params.get("open")
    if wanted and wanted not in by_key:
        st.warning("The model in the link is not in the library (any more); here is another one.")
    return by_key.get(wanted or FEATURED) or by_key.get(FEATURED) or entries[0]


def _cards(entries: list[LibraryEntry], chosen: LibraryEntry) -> None:
    with st.container(horizontal=True, gap="small", key="cards"):
        for entry in entries:
            with st.container(border=True, width=146, gap="xxsmall", key=f"card_{entry.key}"):
                picture = _thumbnail(entry)
                if picture:
                    st.image(picture, width="stretch")
                open_now = entry.key == chosen.key
                st.button(
                    entry.title,
                    key=f"open_{entry.key}",
                    type="primary" if open_now else "secondary",
                    width="stretch",
                    on_click=_open,
                    args=(entry.key,),
                    help=f"{VARIANTS[entry.experiment.variant].sentence}",
                )
                st.caption(f"{DATASETS[entry.experiment.dataset].title} · {entry.summary}")


def _open(key: str) -> None:
    st.query_params["open"] = key


def _thumbnail(entry: LibraryEntry) -> bytes | None:
    try:
        changed = entry.folder.frames.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _drawn(entry.key, changed, entry)


@st.cache_data(max_entries=500, show_spinner=False)
def _drawn(key: str, changed: int, _entry: LibraryEntry) -> bytes | None:
    try:
        return thumbnail(_entry.folder)
    except AelibError:
        return None  # a damaged log: the card goes without a picture


def _headline(entry: LibraryEntry) -> None:
    variant = VARIANTS[entry.experiment.variant]
    left, right = st.columns([4, 1], vertical_alignment="center")
    left.markdown(f"**{entry.title.replace('*', '')}** · {variant.sentence}")
    if not entry.pretrained:
        with right.popover("Delete", icon=":material/delete:"):
            st.write("The run, its history and its weights are deleted for good.")
            if st.button("Delete it", key="delete_entry"):
                current().supervisor.delete(entry.key)
                del st.query_params["open"]
                st.rerun()
