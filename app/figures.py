"""Plotly figures of a report. They stand still: Plotly draws anew on every change of its data."""

import plotly.graph_objects as go

from aelib.report import Figure, Report

from .palette import CLASS_COLOURS

#: Lines of the model, in their order; PCA; what only helps to read.
MODEL = (CLASS_COLOURS[0], CLASS_COLOURS[6], CLASS_COLOURS[4])
PCA = CLASS_COLOURS[1]
GUIDE = CLASS_COLOURS[3]

#: No toolbar and no zoom by scrolling: a finger on it scrolls the page.
CONFIG = {"displayModeBar": False, "scrollZoom": False}
HEIGHT = 260


def draw(figure: Figure) -> go.Figure:
    """A figure of a report, in the app's colours; text and grid are the theme's."""
    drawn = go.Figure()
    ours = iter(MODEL)
    for line in figure.lines:
        colour = {"pca": PCA, "guide": GUIDE}.get(line.role) or next(ours)
        if figure.kind == "bars":
            units = [f"{x:g}" for x in line.x]
            drawn.add_bar(x=units, y=line.y, name=line.label, marker_color=colour)
        else:
            dash = "dot" if line.role == "guide" else "solid"
            drawn.add_scatter(x=line.x, y=line.y, name=line.label, mode="lines", line={"color": colour, "dash": dash})
    drawn.update_traces(hovertemplate="%{x:.3~g} · %{y:.3~g}<extra>%{fullData.name}</extra>")
    kind = "category" if figure.kind == "bars" else "log" if figure.logarithmic else "linear"
    drawn.update_xaxes(title_text=figure.x_label, type=kind)
    drawn.update_yaxes(title_text=figure.y_label, rangemode="tozero", exponentformat="none")
    if figure.logarithmic:
        drawn.update_xaxes(dtick=1, exponentformat="none")
    return _laid_out(drawn, legend=len(figure.lines) > 1)


def compare(report: Report) -> go.Figure:
    """Every share that PCA has too, side by side: the longer bar is the better one."""
    numbers = [n for section in report.sections for n in section if n.pca is not None and n.unit == "share"]
    labels = [n.label for n in numbers]
    drawn = go.Figure()
    for name, colour, values in (
        ("this model", MODEL[0], [n.value for n in numbers]),
        ("PCA", PCA, [n.pca for n in numbers]),
    ):
        drawn.add_bar(y=labels, x=values, name=name, orientation="h", marker_color=colour)
    drawn.update_traces(hovertemplate="%{y}: %{x:.1%}<extra>%{fullData.name}</extra>")
    least = min([0.0, *(value for n in numbers for value in (n.value, n.pca or 0.0))])
    drawn.update_xaxes(tickformat=".0%", range=[max(-1.0, least), 1.0])
    drawn.update_yaxes(autorange="reversed", ticksuffix=" ")
    drawn.update_layout(bargap=0.35, bargroupgap=0.08)
    return _laid_out(drawn, legend=True, height=80 + 58 * len(numbers))


def _laid_out(drawn: go.Figure, legend: bool, height: int = HEIGHT) -> go.Figure:
    drawn.update_layout(
        height=height,
        margin={"l": 0, "r": 24, "t": 28 if legend else 8, "b": 0},
        showlegend=legend,
        legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "title_text": ""},
        dragmode=False,
        hovermode="closest",
    )
    return drawn
