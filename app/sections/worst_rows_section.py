"""The section "Rows that are rebuilt worst": of a model of a table, sortable, with the columns that are to blame."""

import codecs
from typing import Any

import streamlit as st

from aelib.anomalies import HELD_OUT, TRAINING, Blame, Finding, as_text
from aelib.errors import AelibError
from aelib.library import LibraryEntry
from aelib.processes import Key
from aelib.runs import RunFolder

from ..components.filename import as_file_name
from ..service.rest import stamp, unrest
from ..service.server import current
from .progress import Task, result

#: What is looked at, as `aelib anomalies --rows` names it.
ROWS = {HELD_OUT: "held-out", TRAINING: "training", "all": "all rows"}
#: Rows that are shown; the command line gives any number.
COUNTS = (20, 100, 1000)
#: Of the table, in CSS pixels, at most.
HEIGHT = 460
#: Headings of the columns that are most to blame.
TO_BLAME = ("to blame", "then", "third")
MEANINGS = {
    "row": "Its number in the table, from 1 without the header.",
    "score": "The mean of the columns' squared errors, each divided by what it is in training rows: 1 is usual.",
    "squared error": "‖x − x̂‖², in the scaled units that the model was trained in.",
    "to blame": "The column without whose value most of the score would go: value, rebuilt value, share of the score.",
}


def worst_rows_section(key: str) -> None:
    """The section for a run or a library entry. Draws nothing where there is no such thing, or it has no table."""
    try:
        entry = current().library.look_up(key)
        if len(entry.experiment.network.shape) != 1:
            return
    except AelibError:
        return
    st.subheader("Rows that are rebuilt worst", anchor=False)
    st.caption("What the model finds strange in the table, with the columns that are to blame.")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        rows = st.selectbox("Rows", list(ROWS), format_func=ROWS.__getitem__, key="worst_rows_of", width=160)
        count = st.selectbox("Shown", COUNTS, format_func="{:,}".format, key="worst_rows_count", width=120)
    if found := result(_task(key, entry.folder, rows, count)):
        _show(found, entry)


def _task(key: str, folder: RunFolder, rows: str, count: int) -> Task[Finding]:
    searches = current().worst_rows

    def job() -> Key:
        return key, stamp(folder), rows, count

    def start() -> str:
        refusal = unrest(key, folder)
        if not refusal:
            searches.start(job(), folder.path, rows, count)
        return refusal

    return Task(
        "worst_rows", "Find them", ":material/troubleshoot:", lambda: searches.state(job()), start,
        lambda: searches.cancel(job()),
    )  # fmt: skip


def _show(found: Finding, entry: LibraryEntry) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(
            f"The worst {len(found.rows):,} of {found.examined:,} rows; a click on a heading sorts by it.",
            width="content",
        )
        name = as_file_name(entry.title)
        st.download_button(
            "Download as CSV", codecs.BOM_UTF8 + found.csv.encode(), f"worst-rows-{name}.csv", "text/csv",
            icon=":material/download:", key="worst_rows_csv", on_click="ignore",
            help="These rows with all columns: value, rebuilt value and share.",
        )  # fmt: skip
    st.dataframe(
        columns(found),
        hide_index=True,
        height=min(HEIGHT, 38 + 35 * len(found.rows)),
        key="worst_rows_table",
        column_config={
            "row": st.column_config.NumberColumn(help=MEANINGS["row"], format="%d"),
            "score": st.column_config.NumberColumn(help=MEANINGS["score"], format="%.4g"),
            "squared error": st.column_config.NumberColumn(help=MEANINGS["squared error"], format="%.4g"),
            "to blame": st.column_config.TextColumn(help=MEANINGS["to blame"], width="large"),
        },
    )


def columns(found: Finding) -> dict[str, list[Any]]:
    """The table as it is shown, by its headings; only what differs between rows, or is known of them."""
    rows = found.rows
    table: dict[str, list[Any]] = {"rank": [*range(1, len(rows) + 1)]}
    if any(row.row is not None for row in rows):
        table["row"] = [row.row for row in rows]
    if len({row.split for row in rows}) > 1:
        table["of"] = [row.split for row in rows]
    if any(row.label is not None for row in rows):
        table["label"] = [as_text(row.label or "") for row in rows]
    table["score"] = [row.score for row in rows]
    table["squared error"] = [row.error for row in rows]
    for place, heading in enumerate(TO_BLAME[: len(rows[0].columns)]):
        table[heading] = [_blamed(row.columns[place]) for row in rows]
    return table


def _blamed(column: Blame) -> str:
    """A column as one cell. The table's own download writes cells as they are: none may begin as a formula."""
    values = f"{_cell(column.value)}, rebuilt {_cell(column.rebuilt)}"
    return as_text(f"{column.column}: {values} ({100 * column.share:.0f} %)")


def _cell(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.4g}".replace("-", "−")
