"""Tables of figures as HTML, in one style, for the app's pages and for reports that stand for themselves.

Cells are HTML: whoever makes them escapes what people worded.
"""

from collections.abc import Sequence
from html import escape

#: A page may hold it once.
STYLE = """
.figures-scroll { overflow-x: auto; }
.figures { width: 100%; border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
.figures :is(th, td) { position: relative; padding: 0.3rem 1.1rem 0.3rem 0.6rem; text-align: right;
  vertical-align: top; white-space: nowrap;
  border: 0 solid color-mix(in srgb, currentColor 14%, transparent); border-top-width: 1px; font-weight: 400; }
.figures thead :is(th, td) { border-top-width: 0; color: color-mix(in srgb, currentColor 65%, transparent);
  white-space: normal; vertical-align: bottom; min-width: 4.5rem; }
.figures :is(th, td):first-child { padding-left: 0; text-align: left; white-space: normal; min-width: 8rem; }
.figures small { display: block; opacity: 0.65; font-size: 0.78rem; line-height: 1.3; }
.figures b, .figures .title th { font-weight: 700; }
.figures td b::after { content: "★"; position: absolute; right: 0.15rem; top: 0.55rem; font-size: 0.7rem;
  line-height: 1; }
.figures td:has(b) { background: color-mix(in srgb, #3f90da 16%, transparent); }
.figures.shaded td { background: linear-gradient(to left,
  color-mix(in srgb, currentColor 9%, transparent) var(--share), transparent var(--share)); }
"""


def labelled(label: str, explanation: str = "") -> str:
    """A label with what it means below it, escaped."""
    return escape(label) + (f"<small>{escape(explanation)}</small>" if explanation else "")


def best(cells: Sequence[str], places: Sequence[int]) -> list[str]:
    """The cells at these places marked as the best ones."""
    return [f"<b>{cell}</b>" if place in places else cell for place, cell in enumerate(cells)]


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], kind: str = "", shares: Sequence[Sequence[float]] = ()
) -> str:
    """Names of the columns but the first, and rows that begin with their label; a row of a label alone is a title.

    ``kind``: classes for a look of its own. ``shares``: of a table that is "shaded", how far each cell is.
    """
    columns = "".join(f'<th scope="col">{name}</th>' for name in head)
    body = "".join(_row(row, some, len(head)) for row, some in zip(rows, shares or [()] * len(rows), strict=True))
    first = f"<thead><tr><td></td>{columns}</tr></thead>" if head else ""
    # A number and its per cent sign stay on one line.
    found = f"{first}<tbody>{body}</tbody>".replace(" %", "\u00a0%")
    return f'<div class="figures-scroll"><table class="{f"figures {kind}".strip()}">{found}</table></div>'


def _row(row: Sequence[str], shares: Sequence[float], columns: int) -> str:
    label, *cells = row
    if not cells:
        return f'<tr class="title"><th scope="colgroup" colspan="{1 + max(1, columns)}">{label}</th></tr>'
    styles = [f' style="--share: {share:.1%}"' for share in shares] or [""] * len(cells)
    values = "".join(f"<td{style}>{cell}</td>" for cell, style in zip(cells, styles, strict=True))
    return f'<tr><th scope="row">{label}</th>{values}</tr>'
