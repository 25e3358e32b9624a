"""The parts of a comparison as HTML: what the app's page and a report that stands for itself have in common.

Whatever people worded is escaped. Classes have the colours of the page around them.
"""

from collections.abc import Iterable, Sequence
from html import escape

from aelib import tables
from aelib.compare.comparison import Comparison, Duel, MetricRow
from aelib.compare.differences import SettingValues
from aelib.compare.rival import Example
from aelib.compare.text import said
from aelib.tables import best, labelled, table

#: Of all parts; a page may hold it once.
STYLE = f"""{tables.STYLE}
.figures.settings tbody td {{ background: color-mix(in srgb, #ffa90e 16%, transparent); }}
.figures.settings.equal tbody td {{ background: none; }}
.comparison-examples {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: 0.8rem;
  margin-bottom: 1rem; }}
.comparison-examples figure {{ margin: 0; font-size: 0.78rem; line-height: 1.35;
  font-variant-numeric: tabular-nums; }}
.comparison-examples figure div {{ display: flex; gap: 3px; margin-bottom: 0.2rem; }}
.comparison-examples img {{ flex: 1; min-width: 0; width: 100%; aspect-ratio: 1; border-radius: 3px;
  image-rendering: pixelated; object-fit: contain; background: #000; }}
.comparison-examples span {{ opacity: 0.65; }}
"""


def metrics_table(found: Comparison) -> str:
    """Every metric of every entry, the best marked."""
    head = _names(found, [f"{entry.units} units" if entry.kind == "model" else "" for entry in found.entries])
    return table(head, [_row(row, row.help) for row in found.metrics])


def classes_table(found: Comparison) -> str:
    """The squared error of each class, the best marked; a bar behind each is as long as its share of the largest."""
    largest = max(value or 0.0 for row in found.classes for value in row.values) or 1.0
    shares = [[(value or 0.0) / largest for value in row.values] for row in found.classes]
    return table(_names(found), [_row(row) for row in found.classes], "shaded", shares)


def settings_table(found: Comparison, settings: Sequence[SettingValues], kind: str = "") -> str:
    """Settings of each model, by their dotted names."""
    rows = [[escape(setting.name), *(escape(said(value)) for value in setting.values)] for setting in settings]
    return table([escape(entry.name) for entry in found.models], rows, f"settings {kind}".strip())


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
    return [labelled(entry.name, text) for entry, text in zip(found.entries, small, strict=True)]


def _row(row: MetricRow, explanation: str = "") -> list[str]:
    return [labelled(row.label, explanation), *best([escape(text) or "–" for text in row.shown], row.best)]
