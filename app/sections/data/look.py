"""What would come of data with the chosen options: a few examples, classes, values, and what is odd about it."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from aelib.data.preview import Histogram, PictureShown, Preview
from aelib.tables import STYLE, labelled, table

from ...components.plain import plain

#: Classes that are named with their counts, and columns that are left out.
CLASSES, LEFT_OUT = 12, 10
#: The class stands twice where Streamlit's own rule for lists would be stronger, which indents them.
GRID = """
.pictures.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(76px, 1fr)); gap: 10px; margin: 0;
  padding: 0; list-style: none; }
.pictures li { margin: 0; font-size: 0.75rem; line-height: 1.3; overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap; }
.pictures img { display: block; width: 100%; aspect-ratio: 1; object-fit: contain; image-rendering: pixelated;
  border-radius: 4px; margin-bottom: 3px; background: color-mix(in srgb, currentColor 8%, transparent); }
"""
BARS = """
.figures.columns :is(th, td):first-child { min-width: 1.5rem; }
.figures.columns thead small { white-space: normal; min-width: 6rem; }
.histogram { display: flex; align-items: flex-end; gap: 1px; height: 72px; margin-top: 4px;
  border-bottom: 1px solid color-mix(in srgb, currentColor 30%, transparent); }
.histogram i { flex: 1; min-height: 1px; background: #3f90da; border-radius: 1px 1px 0 0; }
.ends { display: flex; justify-content: space-between; font-size: 0.75rem; opacity: 0.7;
  font-variant-numeric: tabular-nums; }
"""


def show_preview(seen: Preview) -> None:
    """All of it. Texts of the data are shown as text."""
    st.html(f"<style>{STYLE}{GRID}{BARS}</style>")
    st.markdown(f"**{sentence(seen)}**")
    if seen.report.missing:
        st.info(plain(seen.report.missing), icon=":material/rule:")
    for warning in seen.report.warnings:
        st.warning(plain(warning), icon=":material/warning:")
    if seen.pictures:
        st.html(grid(seen.pictures))
    elif seen.columns:
        _columns(seen)
    elif seen.rows:
        numbers = [str(place + 1) for place in range(len(seen.rows[0]))]
        st.html(table(numbers, [["", *map(escape, row)] for row in seen.rows]))
    left, right = st.columns(2, gap="medium")
    if seen.report.classes:
        with left:
            _classes(seen)
    with right if seen.report.classes else left:
        st.markdown("**Values**")
        st.html(histogram(seen.histogram))
    for left_out in seen.report.skipped:
        names = ", ".join(left_out.names)
        more = ", …" if left_out.count > len(left_out.names) else ""
        st.caption(f":material/block: Left out, {left_out.count:,} {plain(left_out.reason)}: {plain(names)}{more}")
    for note in seen.report.notes:
        st.caption(f":material/info: {plain(note)}")


def sentence(seen: Preview) -> str:
    """How much there is, and of what shape."""
    if seen.pictures:
        channels, height, width = seen.shape
        what = f"{'colour' if channels == 3 else 'grey'} pictures of {height} × {width} pixels"
    else:
        what = f"rows of {seen.shape[0]:,} numbers" if len(seen.shape) == 1 else "examples"
    return f"{seen.report.train:,} {what} to train on, {seen.report.held_out:,} held out"


def grid(pictures: Sequence[PictureShown]) -> str:
    """Pictures with their classes, as HTML."""
    items = "".join(
        f'<li title="{escape(one.label)}"><img src="data:image/png;base64,{escape(one.png)}" '
        f'alt="{escape(one.label) or "Picture"}">{escape(one.label)}</li>'
        for one in pictures
    )
    return f'<ul class="pictures" aria-label="Examples">{items}</ul>'


def histogram(seen: Histogram) -> str:
    """Bars as high as values are many, as HTML."""
    most = max(seen.counts)
    bars = "".join(f'<i style="height: {count / most:.1%}"></i>' for count in seen.counts)
    ends = f"<span>{seen.low:.4g}</span><span>{seen.high:.4g}</span>"
    about = f"How often values from {seen.low:.4g} to {seen.high:.4g} occur"
    return f'<div class="histogram" role="img" aria-label="{about}">{bars}</div><div class="ends">{ends}</div>'


def _classes(seen: Preview) -> None:
    rows = [
        [escape(known.name), f"{known.train:,}", f"{known.held_out:,}"]
        for known in sorted(seen.report.classes, key=lambda known: -known.train)[:CLASSES]
    ]
    if len(seen.report.classes) > CLASSES:
        rows.append([f"… and {len(seen.report.classes) - CLASSES:,} more"])
    st.markdown(f"**{len(seen.report.classes):,} classes**")
    st.html(table(["training", "held out"], rows))


def _columns(seen: Preview) -> None:
    used = [column for column in seen.columns if column.role != "left out"][: len(seen.rows[0])]
    head = [labelled(column.name, column.becomes) for column in used]
    st.html(table(head, [[str(place), *map(escape, row)] for place, row in enumerate(seen.rows, 1)], "columns"))
    left_out = [column for column in seen.columns if column.role == "left out"]
    for column in left_out[:LEFT_OUT]:
        st.caption(f":material/block: **{plain(column.name)}**: {plain(column.becomes)}.")
    if len(left_out) > LEFT_OUT:
        st.caption(f":material/block: … and {len(left_out) - LEFT_OUT:,} more columns.")
