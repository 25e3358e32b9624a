"""Where data comes from: files and folders that are uploaded or, on one's own machine, a path."""

import io
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from aelib.data.description import told_size
from aelib.data.examples import EXAMPLES
from aelib.errors import AelibError, DataError
from aelib.reading import shown

from ...components.plain import plain
from ...service import listing
from ...service.listing import is_local
from ...service.server import current
from ...service.uploads import UploadedFile

FILES, FOLDER, MACHINE = "Files", "A folder", "On this machine"
MEGABYTE = 1 << 20
WHAT = "Drop or choose pictures or a zip of them, a table (CSV, TSV, Parquet, Excel), arrays (.npz, .npy) or IDX files."


@dataclass(frozen=True)
class Source:
    """``token``: names it in this server; of an upload that of the upload. ``size``: in bytes, of an upload."""

    token: str
    path: Path
    name: str
    size: int | None


def chosen_source() -> Source | None:
    """What this session has chosen to add; a way to choose where there is nothing, or to choose anew."""
    source: Source | None = st.session_state.get("data_source")
    if source and source.size is not None:
        try:
            current().uploads.find(source.token)
        except AelibError as error:
            st.warning(plain(str(error)))
            source = None
    if source is None:
        st.session_state["data_source"] = source = _choose()
    if source:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(source.name)}**{_about(source)}", width="content")
            st.button("Choose something else", icon=":material/close:", key="data_other", on_click=forget_source)
    return source


def forget_source() -> None:
    """Turn away from what was chosen; an upload is removed."""
    source: Source | None = st.session_state.pop("data_source", None)
    st.session_state.pop("data_path", None)  # or the same would be chosen again
    if source:
        server = current()
        server.imports.cancel((source.token,))
        if source.size is not None:
            server.uploads.discard(source.token)


def _about(source: Source) -> str:
    return f" · {plain(str(source.path))}" if source.size is None else f" · {told_size(source.size)}"


def _choose() -> Source | None:
    ways = [FILES, FOLDER, *([MACHINE] if is_local() else [])]
    way = st.segmented_control("Where the data is", ways, default=FILES, required=True, key="data_way")
    if way == MACHINE and is_local():  # asked again: a browser may send a way that it was not offered
        return _from_machine()
    limits, most = current().limits, int(st.get_option("server.maxUploadSize"))
    files: Sequence[UploadedFile] = st.file_uploader(
        "Drop or choose a folder of pictures: its folders are classes." if way == FOLDER else WHAT,
        accept_multiple_files="directory" if way == FOLDER else True,
        # An uploader with another key has let go of its files, which lay in memory.
        key=f"data_upload_{way}_{st.session_state.get('data_uploads', 0)}",
        max_upload_size=max(1, min(most, limits.max_bytes // MEGABYTE)),
    )
    if not files and not listing.added():
        files = _example()
    if not files:
        return None
    try:
        with st.spinner("Keeping the upload"):
            upload = current().uploads.take(files)
    except AelibError as error:
        st.error(plain(str(error)))
        return None
    st.session_state["data_source"] = Source(upload.token, upload.path, upload.name, upload.size)
    st.session_state["data_uploads"] = st.session_state.get("data_uploads", 0) + 1
    st.rerun()


class _MadeFile(io.BytesIO):
    """A file that was made here, as if it had been uploaded."""

    def __init__(self, name: str, content: bytes) -> None:
        super().__init__(content)
        self.name, self.size = name, len(content)


def _example() -> Sequence[UploadedFile]:
    """For who has nothing at hand: files of the library, which go the way of one's own from here on."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption("Nothing at hand? See what happens with", width="content")
        for name, example in EXAMPLES.items():
            if st.button(example.title, icon=":material/science:", key=f"data_example_{name}"):
                return [_MadeFile(example.name, example.make())]
    return []


def _from_machine() -> Source | None:
    text = st.text_input(
        "Path of a folder or file on this machine", key="data_path", placeholder="/home/me/photos", max_chars=1000
    ).strip()
    if not text:
        return None
    try:
        path = _existing(text)
    except AelibError as error:
        st.error(plain(str(error)))
        return None
    name = path.stem if path.is_file() else path.name
    st.session_state["data_source"] = Source(secrets.token_urlsafe(16), path, shown(name) or str(path), None)
    st.rerun()


def _existing(text: str) -> Path:
    try:
        path = Path(text).expanduser()
        if path.is_absolute() and path.exists():
            return path
    except (OSError, ValueError, RuntimeError):  # a name with a zero byte, too long, or of no user
        pass
    raise DataError(f"There is no folder or file {text!r:.200}: give its whole path, as /home/me/photos.")
