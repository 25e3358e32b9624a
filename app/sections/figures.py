"""Plotly figures of a report. They stand still: Plotly draws anew on every change of its data."""

from collections.abc import Sequence

import plotly.graph_objects as go

from aelib.palette import CLASS_COLOURS, Look
from aelib.report import Figure, Report

from ..components.plain import plain_in_figure

#: Lines of the model, in their order; PCA; what only helps to read.
MODEL = (CLASS_COLOURS[0], CLASS_COLOURS[6], CLASS_COLOURS[4])
PCA = CLASS_COLOURS[1]
GUIDE = CLASS_COLOURS[3]
#: A line through no more points than this shows each of them.
FEW = 16
#: Of a logarithmic axis: the ratio of its ends up to which 2 and 5 of each decade are named, too.
SHORT = 1000

#: No toolbar and no zoom by scrolling: a finger on it scrolls the page.
CONFIG = {"displayModeBar": False, "scrollZoom": False}
HEIGHT = 260


def draw(figure: Figure, looks: Sequence[Look] = ()) -> go.Figure:
    """A figure of a report, in the app's colours or those of ``looks``, one a line; text and grid are the theme's."""
    drawn = go.Figure()
    for line, (colour, dashed) in zip(figure.lines, looks or _usual(figure), strict=True):
        name = plain_in_figure(line.label)
        if figure.kind == "bars":
            units = [f"{x:g}" for x in line.x]
            drawn.add_bar(x=units, y=line.y, name=name, marker_color=colour)
        else:
            mode = "markers" if len(line.x) == 1 else "lines+markers" if 2 < len(line.x) <= FEW else "lines"
            stroke = {"color": colour, "dash": "dot" if dashed else "solid"}
            marker = {"color": colour, "size": 12 if len(line.x) == 1 else 5}
            drawn.add_scatter(x=line.x, y=line.y, name=name, mode=mode, line=stroke, marker=marker)
    drawn.update_traces(hovertemplate="%{x:.3~g} · %{y:.3~g}<extra>%{fullData.name}</extra>")
    kind = "category" if figure.kind == "bars" else "log" if figure.logarithmic else "linear"
    drawn.update_xaxes(title_text=plain_in_figure(figure.x_label), type=kind)
    drawn.update_yaxes(title_text=plain_in_figure(figure.y_label), rangemode="tozero", exponentformat="none")
    if figure.logarithmic:
        ends = [x for line in figure.lines for x in line.x if x > 0]
        # Without a format Plotly writes 20 and 50 as 2 and 5.
        drawn.update_xaxes(dtick="D2" if max(ends) <= SHORT * min(ends) else 1, tickformat="~g")
    return _laid_out(drawn, legend=len(figure.lines) > 1)


def _usual(figure: Figure) -> list[Look]:
    ours = iter(MODEL)
    colours = [{"pca": PCA, "guide": GUIDE}.get(line.role) or next(ours) for line in figure.lines]
    return [Look(colour, line.role == "guide") for colour, line in zip(colours, figure.lines, strict=True)]


def beside_pca(report: Report) -> go.Figure:
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
