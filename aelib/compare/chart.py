"""A figure as an SVG picture that needs nothing else: for a report that stands for itself."""

import math
from collections.abc import Sequence
from html import escape

from aelib.palette import Look
from aelib.report.report import Figure, Line, Number

#: In units of the picture; letters are 12 of them high.
WIDTH, HEIGHT = 460, 270
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 8, 40
#: Marks on an axis, about.
TICKS = 5
#: A line with no more points than this shows each of them.
FEW = 16
#: Of a logarithmic axis: the ratio of its ends up to which 2 and 5 of each decade are named, too.
SHORT = 1000


class Scale:
    """Values from ``low`` to ``high`` onto places from ``start`` to ``end``; logarithmic where it is said so."""

    def __init__(self, low: float, high: float, start: float, end: float, logarithmic: bool = False) -> None:
        self._map = math.log10 if logarithmic else float
        self.low, self.high = low, high
        self._start, self._end = start, end
        self._logarithmic = logarithmic

    def __call__(self, value: float) -> float:
        low, high = self._map(self.low), self._map(self.high)
        share = (self._map(value) - low) / ((high - low) or 1)
        return self._start + share * (self._end - self._start)

    def ticks(self) -> list[float]:
        """Round values within the ends."""
        if self._logarithmic:
            named = (1, 2, 5) if self.high <= SHORT * self.low else (1,)
            decades = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
            values = [digit * 10.0**decade for decade in decades for digit in named]
        else:
            rough = (self.high - self.low) / TICKS or 1
            unit = 10.0 ** math.floor(math.log10(rough))
            step = next(step for step in (unit, 2 * unit, 5 * unit, 10 * unit) if step >= rough * 0.999)
            first = math.ceil(self.low / step)
            values = [k * step for k in range(first, math.floor(self.high / step * 1.000001) + 1)]
        return [value for value in values if self.low * 0.999999 <= value <= self.high * 1.000001]


def chart(figure: Figure, looks: Sequence[Look]) -> str:
    """Legend and picture. Colours of text and grid are those of the page around it; a point tells its values when the
    pointer rests on it. On a logarithmic axis points at 0 are left out."""
    lines = [_shown(line, figure.logarithmic) for line in figure.lines]
    xs, ys = ([value for line in lines for value in getattr(line, axis)] for axis in ("x", "y"))
    if not xs:
        return ""
    x = Scale(min(xs), max(xs), LEFT, WIDTH - RIGHT, figure.logarithmic)
    y = Scale(min(0.0, *ys), max(ys) * 1.04 or 1.0, HEIGHT - BOTTOM, TOP)
    drawn = [_series(line, look, x, y) for line, look in zip(lines, looks, strict=True)]
    legend = "".join(
        f'<li><i style="background: {look.colour}"></i>{escape(line.label)}</li>'
        for line, look in zip(lines, looks, strict=True)
    )
    return (
        f'<ul class="chart-legend">{legend}</ul>'
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(figure.title)}">'
        f"{_axes(figure, x, y)}{''.join(drawn)}</svg>"
    )


def _shown(line: Line, logarithmic: bool) -> Line:
    points = [point for point in zip(line.x, line.y, strict=True) if point[0] > 0 or not logarithmic]
    return Line(line.label, tuple(x for x, _ in points), tuple(y for _, y in points), line.role, line.of)


def _series(line: Line, look: Look, x: Scale, y: Scale) -> str:
    places = [f"{x(a):.1f},{y(b):.1f}" for a, b in zip(line.x, line.y, strict=True)]
    dash = ' stroke-dasharray="3 4"' if look.dashed else ""
    parts = [f'<polyline points="{" ".join(places)}" fill="none" stroke="{look.colour}" stroke-width="2"{dash}/>']
    if len(line.x) <= FEW and len(line.x) != 2:  # two are a mere stroke
        radius = 6 if len(line.x) == 1 else 3
        for a, b, place in zip(line.x, line.y, places, strict=True):
            cx, cy = place.split(",")
            told = f"{line.label}: {_number(a)} · {_number(b)}"
            parts.append(
                f'<circle cx="{cx}" cy="{cy}" r="{radius}" fill="{look.colour}"><title>{escape(told)}</title></circle>'
            )
    return "".join(parts)


def _axes(figure: Figure, x: Scale, y: Scale) -> str:
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    parts = []
    for value in y.ticks():
        at = f"{y(value):.1f}"
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{right}" y1="{at}" y2="{at}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{at}" dy="4" text-anchor="end">{value:g}</text>')
    for value in x.ticks():
        at = f"{x(value):.1f}"
        parts.append(f'<line class="grid" x1="{at}" x2="{at}" y1="{bottom}" y2="{bottom + 4}"/>')
        parts.append(f'<text x="{at}" y="{bottom + 17}" text-anchor="middle">{value:g}</text>')
    middle, height = (LEFT + right) / 2, (TOP + bottom) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 6}" text-anchor="middle">{escape(figure.x_label)}</text>')
    upright = f"translate(11 {height}) rotate(-90)"
    parts.append(f'<text transform="{upright}" text-anchor="middle">{escape(figure.y_label)}</text>')
    return "".join(parts)


def _number(value: float) -> str:
    return Number("", "", value).shown
