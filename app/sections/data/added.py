"""The data that was added: what it is, a way to train on it, and a way to remove it."""

import json

import streamlit as st

from aelib.data import DatasetInfo
from aelib.data.added import describe_added
from aelib.data.description import Description, shortened, told_size
from aelib.data.preview import pictures_of
from aelib.data.table import TableSchema
from aelib.errors import AelibError
from aelib.progress import silent

from ...components.plain import plain
from ...service import listing
from ...service.server import current
from .look import GRID, grid

#: Pictures of a data set, and names of classes, columns and runs that are shown.
PICTURES, NAMES = 6, 12


def added_data() -> None:
    """A box for each; nothing where there is none."""
    found = listing.added()
    if not found:
        return
    st.subheader("Added data", anchor=False)
    st.html(f"<style>{GRID}</style>")
    for info in found:
        with st.container(border=True, key=f"added_{info.name}"):
            _box(info)


def _box(info: DatasetInfo) -> None:
    try:
        about = describe_added(info.name, current().store.home)
    except AelibError as error:
        st.error(plain(str(error)))
        return
    left, right = st.columns([2, 3], gap="medium", vertical_alignment="center")
    with left, st.container(gap=None):
        st.markdown(f"**{plain(info.title)}**")
        st.caption(plain(_line(info)))
        if about.classes:
            st.caption(plain(f"{len(about.classes):,} classes: {_some(about.classes)}"))
        st.caption(f"{told_size(info.size or 0)} · hash `{shortened(about.content_hash)}`")
    with right:
        _looks(info, about)
    for warning in about.found("warnings")[:NAMES]:
        st.caption(f":material/warning: {plain(warning)}")
    with st.container(horizontal=True, gap="small"):
        if st.button("Train on it", type="primary", icon=":material/play_arrow:", key=f"train_{info.name}"):
            st.switch_page(st.session_state["pages"]["train"], query_params={"data": info.name})
        with st.popover("Remove", icon=":material/delete:", key=f"remove_{info.name}"):
            _remove(info)


def _line(info: DatasetInfo) -> str:
    train, held_out = info.counts or (0, 0)
    if info.is_image:
        channels, height, width = info.shape
        what = f"{'colour' if channels == 3 else 'grey'} pictures of {height} × {width}"
    else:
        what = f"rows of {info.shape[0]:,} numbers"
    return f"{train:,} {what} to train on, {held_out:,} held out"


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[:NAMES]) + (", …" if len(names) > NAMES else "")


def _looks(info: DatasetInfo, about: Description) -> None:
    """A few of its pictures, or the names of its columns."""
    try:
        if info.is_image:
            st.html(_pictures(about.content_hash, info))
        elif about.table:
            names = tuple(feature.name for feature in TableSchema.from_json(json.dumps(about.table)).features)
            st.caption(plain(f"{len(names):,} columns: {_some(names)}"))
    except AelibError as error:
        st.error(plain(str(error)))


@st.cache_data(max_entries=200, show_spinner=False)
def _pictures(content_hash: str, _info: DatasetInfo) -> str:
    return grid(pictures_of(_info.load(silent), PICTURES))


def _remove(info: DatasetInfo) -> None:
    runs = current().library.runs_on(info.name)
    st.write("The data is deleted for good. Runs on it keep their weights, and go on once it is added again.")
    if runs:
        titles = ", ".join(plain(run.title or run.id) for run in runs[:NAMES]) if listing.is_private() else ""
        noun = "run uses" if len(runs) == 1 else "runs use"
        st.warning(f"{len(runs):,} {noun} it{': ' + titles if titles else ''}{', …' if len(runs) > NAMES else ''}")
    if st.button("Remove it", key=f"remove_now_{info.name}"):
        try:
            current().library.remove_data(info.name)
        except AelibError as error:
            st.error(plain(str(error)))
            return
        if st.query_params.get("open") == info.name:
            st.query_params.clear()
        st.toast(f"{plain(info.title)} was removed.")
        st.rerun()
