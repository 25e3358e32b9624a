"""What a comparison found, as the page shows it."""

import streamlit as st

from aelib.compare import Comparison, Duel, Origin, as_html, looks
from aelib.compare.html import STYLE, classes_table, examples, metrics_table, settings_table
from aelib.compare.text import novelty, outcome, summary
from aelib.report import Figure

from ..components.filename import as_file_name
from ..components.plain import plain
from .code_sizes import Sweeps, code_sizes
from .figures import CONFIG, draw


def show_comparison(found: Comparison, sweeps: Sweeps) -> None:
    """Tables, figures, pictures, scripts, and the report as a download. ``sweeps``: over the models' code sizes."""
    st.html(f"<style>{STYLE}</style>")
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.caption(plain(f"{summary(found)} A star marks the best."), width="content")
            _report(found)
        st.html(metrics_table(found))
        for reason in found.missing:
            st.caption(f":material/info: {plain(reason)}")
    _code_size(found, sweeps)
    if found.classes:
        with st.container(border=True):
            _heading("Error by class", "Squared error per example; the bar behind it is its share of the largest.")
            st.html(classes_table(found))
    for duel in found.duels:
        _duel(duel)
    _noise(found)
    _settings(found)
    _origins(found)


def _report(found: Comparison) -> None:
    st.download_button(
        "Report", as_html(found), "comparison.html", "text/html", icon=":material/download:", key="comparison_report",
        on_click="ignore", help="All of this in one file that opens without a network.",
    )  # fmt: skip


def _heading(title: str, sentence: str) -> None:
    with st.container(gap=None):
        st.markdown(f"**{plain(title)}**")
        st.caption(plain(sentence))


def _drawn(found: Comparison, figure: Figure, sentence: str) -> None:
    _heading(figure.title, sentence)
    st.plotly_chart(draw(figure, looks(found, figure)), config=CONFIG, key=f"comparison_{figure.name}")


def _code_size(found: Comparison, sweeps: Sweeps) -> None:
    curve, scree = st.columns(2, gap="medium")
    with curve.container(border=True, height="stretch"):
        _drawn(found, found.curve, found.curve.sentence)
        code_sizes(found, sweeps)
    with scree.container(border=True, height="stretch"):
        _drawn(found, found.scree, found.scree.sentence)


def _duel(duel: Duel) -> None:
    with st.container(border=True):
        _heading(f"Where {duel.model} is better, and where {duel.pca}", outcome(duel))
        sides = [(name, side) for name, side in ((duel.model, duel.for_model), (duel.pca, duel.for_pca)) if side]
        for column, (name, side) in zip(st.columns(len(sides) or 1, gap="medium"), sides, strict=False):
            with column:
                what = "original, model, PCA" if side[0].pictures else "squared errors"
                st.caption(plain(f"{name} is better by most here ({what}):"))
                st.html(examples(side, duel))


def _noise(found: Comparison) -> None:
    if not found.robustness:
        return
    with st.container(border=True):
        _heading(
            "Robustness to noise",
            "Squared error against the clean example, by noise of the test; a dotted line is of a model that never saw "
            "this kind of noise in training.",
        )
        for column, figure in zip(st.columns(len(found.robustness), gap="medium"), found.robustness, strict=True):
            with column:
                _drawn(found, figure, novelty(found, figure) or "All models saw this noise in training.")


def _settings(found: Comparison) -> None:
    with st.container(border=True):
        _heading("Settings", "What differs is highlighted." if found.settings.differing else "No setting differs.")
        if found.settings.differing:
            st.html(settings_table(found, found.settings.differing))
        with st.expander(f"{len(found.settings.equal)} settings are equal"):
            st.html(settings_table(found, found.settings.equal, "equal"))


def _origins(found: Comparison) -> None:
    with st.container(border=True):
        _heading("Scripts", "Each trains its model again, from the seed to the last step, and prints this error.")
        for place, origin in enumerate(found.origins):
            _origin(found, origin, place)


def _origin(found: Comparison, origin: Origin, place: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        error = f"Held-out squared error, all {found.all_held_out:,} examples: {origin.error:.6g}"
        st.markdown(f"**{plain(origin.name)}** · {plain(error)}", width="content")
        if origin.script:
            name = as_file_name(origin.name)
            st.download_button(
                "Script", origin.script, f"{name}.py", "text/x-python", icon=":material/download:",
                key=f"comparison_script_{place}", on_click="ignore",
            )  # fmt: skip
    if origin.script:
        with st.expander("Show the script"):
            st.code(origin.script, language="python")
    else:
        st.caption(f":material/info: No script. {plain(origin.obstacle)}")
