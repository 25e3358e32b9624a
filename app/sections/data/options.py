"""How data is read: widgets for the options of its kind."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from aelib.data.options import SplitOptions
from aelib.data.pictures.options import PictureOptions
from aelib.data.read import Kind
from aelib.data.table import TableOptions

FITS = {"crop": "Cut to a square", "fit": "Stretch to a square", "pad": "Pad to a square"}
COLOURS = {"as_it_is": "As they are", "colour": "Colour", "grey": "Grey"}
SIDES = (8, 16, 28, 32, 48, 64, 96, 128)
SCALINGS = {"standardise": "Mean 0, deviation 1", "unit": "From 0 to 1", "none": "As they are"}
MISSING = {
    "median": "Fill in the median, texts: a category", "mean": "Fill in the mean, texts: the most frequent",
    "most frequent": "Fill in the most frequent value", "drop rows": "Leave these rows out", "refuse": "Refuse them",
}  # fmt: skip
#: Held-out examples, in per cent.
LEAST_HELD_OUT, MOST_HELD_OUT = 5, 50

Options = PictureOptions | TableOptions | SplitOptions


def ask_options(kind: Kind, token: str, columns: Sequence[str], label: str = "") -> Options:
    """Widgets for the options of a kind. ``token``: of the source; ``columns``: of a table, as far as they are known;
    ``label``: the one of them that was taken for the label.

    Raises `ConfigError` where options contradict each other.
    """
    if kind in ("folder", "zip"):
        return PictureOptions(**_of_pictures(token), **_of_split(token))
    if kind == "table":
        return TableOptions(**_of_columns(token, columns, label), **_of_split(token))
    return SplitOptions(**_of_split(token))


def _of_pictures(token: str) -> dict[str, Any]:
    usual = PictureOptions()
    left, right = st.columns(2)
    side = left.selectbox(
        "Side in pixels", SIDES, index=SIDES.index(usual.side), key=f"side_{token}",
        help="Pictures become squares of this side; small ones are learned faster.",
    )  # fmt: skip
    colour = right.selectbox(
        "Colour", list(COLOURS), format_func=COLOURS.__getitem__, index=[*COLOURS].index(usual.colour),
        key=f"colour_{token}", help="Three channels or one. As they are: grey, unless any picture has colour.",
    )  # fmt: skip
    fit = st.selectbox(
        "Shape", list(FITS), format_func=FITS.__getitem__, index=[*FITS].index(usual.fit), key=f"fit_{token}",
        help="What is done with pictures that are no squares.",
    )  # fmt: skip
    invert = st.checkbox("Invert", key=f"invert_{token}", help="Dark becomes bright: ink on paper becomes digits.")
    classes = st.checkbox("Folders are classes", value=usual.classes, key=f"classes_{token}")
    return {"side": side, "colour": colour, "fit": fit, "invert": invert, "classes": classes}


def _of_columns(token: str, names: Sequence[str], label: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if names:
        features = st.multiselect(
            "Features", names, key=f"features_{token}", placeholder="All that can be learned",
            help="The columns that the model learns to rebuild.",
        )  # fmt: skip
        labels = st.multiselect(
            "Labels", names, default=[label] if label else [], key=f"labels_{token}", placeholder="No label",
            help="The first one colours the map; none of them is learned. What was taken for the label can be changed.",
        )  # fmt: skip
        factors = st.multiselect(
            "Factors", names, key=f"factors_{token}", placeholder="None",
            help="More columns that are known of each row, and can colour the map.",
        )  # fmt: skip
        is_usual = labels == ([label] if label else []) and not features and not factors
        found = {
            "features": tuple(features) or None,
            "labels": None if is_usual else tuple(labels),
            "factors": tuple(factors),
        }
    left, right = st.columns(2)
    scaling = left.selectbox(
        "Scaling", list(SCALINGS), format_func=SCALINGS.__getitem__, key=f"scaling_{token}",
        help="Of columns of numbers, by the training rows. What people read is in the table's own units.",
    )  # fmt: skip
    missing = right.selectbox("Missing values", list(MISSING), format_func=MISSING.__getitem__, key=f"missing_{token}")
    return {**found, "scaling": scaling, "missing": missing}


def _of_split(token: str) -> dict[str, Any]:
    usual = SplitOptions()
    with st.expander("Held-out examples"):
        held_out = st.slider(
            "Held out, in per cent", LEAST_HELD_OUT, MOST_HELD_OUT, round(100 * usual.held_out), key=f"held_{token}",
            help="These are not trained on: they tell how well the model does. Of no effect where the data says which.",
        )  # fmt: skip
        stratified = st.checkbox("Of each class alike", value=usual.stratified, key=f"stratified_{token}")
        at_most = st.number_input(
            "At most so many examples", min_value=2, value=None, step=100, key=f"most_{token}", placeholder="All"
        )
        seed = st.number_input("Seed of the choice", 0, 2**31 - 1, 0, key=f"split_seed_{token}")
    return {"held_out": held_out / 100, "stratified": stratified, "at_most": at_most, "seed": seed}
