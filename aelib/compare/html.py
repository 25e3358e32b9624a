"""The parts of a comparison as HTML: what the app's page and a report that stands for itself have in common.

Whatever people worded is escaped. Classes have the colours of the page around them.
"""

from collections.abc import Iterable, Sequence
from html import escape

from aelib.compare.comparison import Comparison, Duel, MetricRow
from aelib.compare.differences import SettingValues
from aelib.compare.rival import Example
from aelib.compare.text import said

#: Of all parts; a page may hold it once.
STYLE = """
.comparison-scroll { overflow-x: auto; }
.comparison { width: 100%; border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
.comparison :is(th, td) { position: relative; padding: 0.3rem 1.1rem 0.3rem 0.6rem; text-align: right;
  vertical-align: top; white-space: nowrap;
  border: 0 solid color-mix(in srgb, currentColor 14%, transparent); border-top-width: 1px; font-weight: 400; }
.comparison thead :is(th, td) { border-top-width: 0; color: color-mix(in srgb, currentColor 65%, transparent);
  white-space: normal; vertical-align: bottom; min-width: 4.5rem; }
.comparison :is(th, td):first-child { padding-left: 0; text-align: left; white-space: normal; min-width: 8rem; }
.comparison small { display: block; opacity: 0.65; font-size: 0.78rem; line-height: 1.3; }
.comparison b { font-weight: 700; }
.comparison td b::after { content: "★"; position: absolute; right: 0.15rem; top: 0.55rem; font-size: 0.7rem;
  line-height: 1; }
.comparison td:has(b) { background: color-mix(in srgb, #3f90da 16%, transparent); }
.comparison.shaded td { background: linear-gradient(to left,
  color-mix(in srgb, currentColor 9%, transparent) var(--share), transparent var(--share)); }
.comparison.settings tbody td { background: color-mix(in srgb, #ffa90e 16%, transparent); }
.comparison.settings.equal tbody td { background: none; }
.comparison-examples { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: 0.8rem;
  margin-bottom: 1rem; }
.comparison-examples figure { margin: 0; font-size: 0.78rem; line-height: 1.35; font-variant-numeric: tabular-nums; }
.comparison-examples figure div { display: flex; gap: 3px; margin-bottom: 0.2rem; }
.comparison-examples img { flex: 1; min-width: 0; width: 100%; aspect-ratio: 1; border-radius: 3px;
  image-rendering: pixelated; object-fit: contain; background: #000; }
.comparison-examples span { opacity: 0.65; }
"""


def metrics_table(found: Comparison) -> str:
    """Every metric of every entry, the best marked."""
    head = _names(found, [f"{entry.units} units" if entry.kind == "model" else "" for entry in found.entries])
    return _table(head, [_row(row, row.help) for row in found.metrics])


def classes_table(found: Comparison) -> str:
    """The squared error of each class, the best marked; a bar behind each is as long as its share of the largest."""
    largest = max(value or 0.0 for row in found.classes for value in row.values) or 1.0
    shares = [[(value or 0.0) / largest for value in row.values] for row in found.classes]
    return _table(_names(found), [_row(row) for row in found.classes], "shaded", shares)


def settings_table(found: Comparison, settings: Sequence[SettingValues], kind: str = "") -> str:
    """Settings of each model, by their dotted names."""
    rows = [[escape(setting.name), *(escape(said(value)) for value in setting.values)] for setting in settings]
    return _table([escape(entry.name) for entry in found.models], rows, f"settings {kind}".strip())


def examples(side: Iterable[Example], duel: Duel) -> str:
    """Original, model and PCA of each example, with both errors."""
    return f'<div class="comparison-examples">{"".join(_example(one, duel) for one in side)}</div>'


def _example(one: Example, duel: Duel) -> str:
    names = ("original", duel.model, duel.pca)
    shown = "".join(
        f'<img src="{url}" alt="{escape(name)}" title="{escape(name)}">'
        for name, url in zip(names, one.pictures, strict=False)
    )
    errors = f"{one.model:.3g} <span>model</span> · {one.pca:.3g} <span>PCA</span>"
    return f"<figure><div>{shown}</div><figcaption><span>#{one.index}</span> {errors}</figcaption></figure>"


def _names(found: Comparison, below: Sequence[str] = ()) -> list[str]:
    small = below or [""] * len(found.entries)
    return [
        escape(entry.name) + (f"<small>{escape(text)}</small>" if text else "")
        for entry, text in zip(found.entries, small, strict=True)
    ]


def _row(row: MetricRow, explanation: str = "") -> list[str]:
    label = escape(row.label) + (f"<small>{escape(explanation)}</small>" if explanation else "")
    cells = [escape(text) or "–" for text in row.shown]
    return [label, *(f"<b>{cell}</b>" if place in row.best else cell for place, cell in enumerate(cells))]


def _table(
    head: Sequence[str], rows: Sequence[Sequence[str]], kind: str = "", shares: Sequence[Sequence[float]] = ()
) -> str:
    columns = "".join(f'<th scope="col">{name}</th>' for name in head)
    styles = [[f' style="--share: {share:.1%}"' for share in row] for row in shares]
    body = "".join(
        f'<tr><th scope="row">{label}</th>'
        + "".join(f"<td{style}>{cell}</td>" for cell, style in zip(cells, some or [""] * len(cells), strict=True))
        + "</tr>"
        for (label, *cells), some in zip(rows, styles or [[]] * len(rows), strict=True)
    )
    # A number and its per cent sign stay on one line.
    table = f"<thead><tr><td></td>{columns}</tr></thead><tbody>{body}</tbody>".replace(" %", "\u00a0%")
    return f'<div class="comparison-scroll"><table class="{f"comparison {kind}".strip()}">{table}</table></div>'
