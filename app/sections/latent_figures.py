"""Figures of a latent space that stand still, drawn when they are asked for."""

from typing import Any

import plotly.graph_objects as go
import streamlit as st

from aelib.desk.answers import asks
from aelib.errors import AelibError
from aelib.frames.message import unpack
from aelib.palette import CLASS_COLOURS
from aelib.report import Figure
from aelib.report.report import Line
from aelib.runs import RunFolder

from ..components.plain import plain, plain_in_figure
from ..service.server import current
from .figures import draw

#: Seconds to wait for figures; the codes are there already.
PATIENCE = 60.0
#: One button on each figure: it saves the figure.
SAVED = {"displaylogo": False, "displayModeBar": True, "scrollZoom": False, "modeBarButtons": [["toImage"]]}
STILL = {**SAVED, "toImageButtonOptions": {"format": "svg", "filename": "figure"}}
IN_SPACE = {**SAVED, "toImageButtonOptions": {"format": "png", "filename": "figure", "scale": 2}}


def latent_figures(folder: RunFolder, limit: int) -> None:
    """The section below the map."""
    if not st.toggle(
        "Figures of the code",
        key="latent_figures",
        help="Spectra and histograms of the code as it is now; they do not move with the run.",
    ):
        return
    try:
        meta, arrays = unpack(current().desk.wait_for(folder, asks.Still(limit=limit), PATIENCE))
    except AelibError as error:
        st.error(plain(str(error)))
        return
    figures = [_figure(values) for values in meta["figures"]]
    if "points" in arrays:
        with st.container(border=True):
            st.markdown("**Three principal axes of the code**")
            st.caption("Drag to turn.")
            drawn = _in_space(arrays["points"].tolist(), arrays["labels"].tolist(), meta["classes"])
            st.plotly_chart(drawn, config=IN_SPACE, key="figure_space")
    for first in range(0, len(figures), 2):
        for column, figure in zip(st.columns(2, gap="medium"), figures[first : first + 2], strict=False):
            with column, st.container(border=True):
                st.markdown(f"**{plain(figure.title)}**")
                st.caption(plain(figure.sentence))
                st.plotly_chart(draw(figure), config=STILL, key=f"figure_{figure.name}")


def _figure(values: dict[str, Any]) -> Figure:
    return Figure(**{**values, "lines": tuple(Line(**line) for line in values["lines"])})


def _in_space(points: list[list[float]], labels: list[float], classes: list[str]) -> go.Figure:
    drawn = go.Figure()
    groups = {name: [p for p, y in zip(points, labels, strict=True) if y == k] for k, name in enumerate(classes)}
    for k, (name, members) in enumerate((groups or {"examples": points}).items()):
        x, y, z = zip(*members, strict=True) if members else ((), (), ())
        colour = CLASS_COLOURS[k % len(CLASS_COLOURS)] if classes else labels
        marker = {"size": 2.5, "color": colour, "colorscale": "Viridis"}
        drawn.add_scatter3d(x=x, y=y, z=z, mode="markers", marker=marker, name=plain_in_figure(name), hoverinfo="name")
    drawn.update_layout(
        height=520, margin={"l": 0, "r": 0, "t": 0, "b": 0}, legend={"itemsizing": "constant", "title_text": ""},
        scene={f"{axis}axis": {"title": f"PC {k}"} for k, axis in enumerate("xyz", 1)} | {"aspectmode": "data"},
    )  # fmt: skip
    return drawn
