"""The section "Measure this model": every metric that applies, computed when it is asked for."""

from html import escape

import streamlit as st

from aelib import Report
from aelib.errors import AelibError
from aelib.processes import Key
from aelib.report import Section
from aelib.runs import RunFolder
from aelib.tables import STYLE, best, labelled, table

from ..components.plain import plain
from ..service.rest import stamp, unrest
from ..service.server import current
from .figures import CONFIG, beside_pca, draw
from .progress import Task, result

#: What a report compares with PCA, shown together.
COMPARED = ("reconstruction", "discriminator", "embedding")


def measure_section(key: str) -> None:
    """The section for a run or a library entry. Draws nothing where there is no such thing."""
    try:
        folder = current().library.folder_of(key)
    except AelibError:
        return
    st.subheader("Measure this model", anchor=False)
    st.caption(
        "Every metric that applies, on examples that it was not trained on, beside PCA with a code of equal size."
    )
    if found := result(_task(key, folder)):
        _show(found)


def _task(key: str, folder: RunFolder) -> Task[Report]:
    measurements = current().measurements

    def job() -> Key:
        return key, stamp(folder)

    def start() -> str:
        refusal = unrest(key, folder)
        if not refusal:
            measurements.start(job(), folder.path)
        return refusal

    return Task(
        "measure", "Measure", ":material/straighten:", lambda: measurements.state(job()), start,
        lambda: measurements.cancel(job()),
    )  # fmt: skip


# --- the report ------------------------------------------------------------------------------------


def _show(report: Report) -> None:
    st.html(f"<style>{STYLE}</style>")
    left_out = f" The class {plain(report.left_out)} was left out of training." if report.left_out else ""
    st.caption(f"From {report.train:,} training and {report.held_out:,} held-out examples.{left_out}")
    compared = [section for section in report.sections if section.name in COMPARED]
    with st.container(border=True):
        table, bars = st.columns(2, gap="medium")
        with table:
            _heading("Beside PCA of equal code size", "The better one is marked.")
            _table(compared, titles=True)
        with bars:
            st.plotly_chart(beside_pca(report), config=CONFIG, key="figure_compare")
            st.caption("All shares in one picture: the longer bar is the better one.")
    others = [section for section in report.sections if section.name not in COMPARED]
    tables = [section for section in others if not section.figures]
    if tables:
        for column, section in zip(st.columns(len(tables)), tables, strict=True):
            with column.container(border=True, height="stretch"):
                _heading(section.title, section.sentence)
                _body(section)
    for section in others:
        if section.figures:
            with st.container(border=True):
                _drawn(section)


def _heading(title: str, sentence: str) -> None:
    with st.container(gap=None):
        st.markdown(f"**{plain(title)}**")
        st.caption(plain(sentence))


def _body(section: Section) -> None:
    if section.numbers:
        _table([section])
    for reason in section.missing:
        st.caption(f":material/info: {plain(reason)}")


def _drawn(section: Section) -> None:
    """Numbers and figures side by side; on a narrow screen one below the other."""
    first, *rest = st.columns([1] * (1 + len(section.figures)), gap="medium")
    with first:
        _heading(section.title, section.sentence)
        _body(section)
    for column, figure in zip(rest, section.figures, strict=True):
        with column:
            _heading(figure.title, figure.sentence)
            st.plotly_chart(draw(figure), config=CONFIG, key=f"figure_{figure.name}")


def _table(sections: list[Section], titles: bool = False) -> None:
    """Label and explanation, value, and PCA's; the better one of two is marked."""
    with_pca = any(number.shown_pca for section in sections for number in section)
    rows: list[list[str]] = []
    for section in sections:
        if titles:
            rows.append([escape(section.title)])
        for number in section:
            cells = [escape(number.shown), escape(number.shown_pca)] if with_pca else [escape(number.shown)]
            winner = [place for place, who in enumerate(("model", "pca")) if number.winner == who]
            rows.append([labelled(number.label, number.help), *best(cells, winner)])
    st.html(table(["this model", "PCA"] if with_pca else [], rows))
