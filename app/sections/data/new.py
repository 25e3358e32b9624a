"""What was chosen becomes data: options beside what would come of them, a title, and the way in."""

import streamlit as st

from aelib.data.preview import Look, Preview
from aelib.data.read import Kind
from aelib.errors import AelibError

from ...components.plain import plain
from ...service import listing
from ...service.server import current
from ..progress import Task, result
from .look import show_preview
from .options import ask_options
from .source import Source, forget_source

#: Characters of a title.
LONGEST_TITLE = 80
#: Options before anybody has chosen any.
USUAL = "{}"


def new_data(source: Source) -> None:
    """Options, preview and the button; while data is added, how far that is."""
    if current().imports.state((source.token,)).kind in ("waiting", "running", "done"):
        _add(source, USUAL)
        return
    with st.container(border=True, key="data_new"):
        left, right = st.columns([2, 3], gap="large")
        kind, columns, label = _known(source)
        options = USUAL
        if kind:
            with left:
                try:
                    asked = ask_options(kind, source.token, columns, label)
                except AelibError as error:
                    st.error(plain(str(error)))
                    return
            if asked != type(asked)():  # what nobody has changed was looked at first
                options = asked.model_dump_json()
        with right:
            seen = _look(source, options)
        if seen:
            with left:
                st.text_input(
                    "Title", value=source.name[:LONGEST_TITLE], max_chars=LONGEST_TITLE, key=f"title_{source.token}"
                )
                _add(source, options)


def _known(source: Source) -> tuple[Kind | None, tuple[str, ...], str]:
    """The kind of a source, the columns that it has and which one is its label, once it was looked at."""
    token, kind, columns, label = st.session_state.get("data_known", ("", None, (), ""))
    return (kind, columns, label) if token == source.token else (None, (), "")


def _learn(source: Source, look: Look) -> None:
    """Keep what the first look tells; its options can be asked for now."""
    kind, columns, _ = _known(source)
    shown = look.preview.columns if look.preview else ()
    if kind != look.kind or len(columns) < len(shown):
        label = next((column.name for column in shown if column.role == "label"), "")
        st.session_state["data_known"] = (source.token, look.kind, tuple(column.name for column in shown), label)
        st.rerun()


def _look(source: Source, options: str) -> Preview | None:
    """A preview, made beside the server unless it is there already."""
    previews, key = current().previews, (source.token, options)

    def start() -> str:
        previews.start(key, source.path, options, source.name)
        return ""

    before = st.session_state.get("data_looked")
    if before != key:  # what was cancelled is not begun again
        st.session_state["data_looked"] = key
        if before and previews.state(before).kind in ("waiting", "running"):
            previews.cancel(before)
        start()
    task: Task[Look] = Task(
        "look", "Look again", ":material/visibility:", lambda: previews.state(key), start,
        lambda: previews.cancel(key),
    )  # fmt: skip
    look = result(task)
    if look is None:
        return None
    _learn(source, look)
    if look.preview is None:
        st.error(plain(look.complaint))
        return None
    show_preview(look.preview)
    return look.preview


def _add(source: Source, options: str) -> None:
    """The button, and then the progress; once the data is there, the page turns to it."""
    imports, key = current().imports, (source.token,)

    def start() -> str:
        title = st.session_state[f"title_{source.token}"].strip()  # as it is when the button is pressed
        if not title:
            return "Give it a title first."
        imports.start(key, source.path, options, source.name, title)
        return ""

    added = result(Task("add", "Add", ":material/add:", lambda: imports.state(key), start, lambda: imports.cancel(key)))
    if added:
        if not added.was_here:
            st.toast(f"{plain(added.title)} was added.", icon=":material/check:")
        else:  # the title that it has may be somebody else's
            mine = added.id in {info.name for info in listing.added()}
            st.session_state["data_told"] = (
                f"The same content is already here{f' as “{added.title}”' if mine else ''}: it was not stored twice, "
                "and keeps the title that it has."
            )
        forget_source()
        st.session_state["data_added"] = [added.id, *st.session_state.get("data_added", [])]
        st.query_params["open"] = added.id
        st.rerun()
