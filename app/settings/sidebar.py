"""The widgets that describe an experiment, in the sidebar of every page that trains one.

The session keeps what they say: ``values`` (see `settings.SETTINGS`) and ``knobs``; each widget has ``set_<key>``.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import streamlit as st

from aelib import VARIANTS, Experiment
from aelib.defaults import why_defaults
from aelib.device import describe_device
from aelib.errors import AelibError
from aelib.objectives.variant import Variant

from ..components.plain import plain
from ..service import listing
from ..service.server import current
from .settings import (
    SETTINGS,
    Choice,
    ClassOrNone,
    Data,
    Flag,
    Values,
    Whole,
    Widths,
    data_titles,
    entry_of,
    experiment_of,
    offered,
    switched,
    with_network,
)


def fill_widgets(only_missing: bool = False) -> None:
    """Give the widgets their values: Streamlit forgets those of widgets that were not on the last page.

    It also makes those that were on it anew, without their values: ``only_missing`` is for the same page again.
    """
    for key, value in st.session_state["values"].items():
        if not (only_missing and f"set_{key}" in st.session_state):
            match SETTINGS[key].kind:
                case Widths():
                    value = ", ".join(map(str, value)) or "0"
                case ClassOrNone() as kind:  # to Streamlit None is a choice not made
                    value = kind.write(value)
            st.session_state[f"set_{key}"] = value


def _switch() -> None:
    """Another data set or variant was chosen."""
    data, variant = st.session_state["set_data"], st.session_state["set_variant"]
    values = switched(st.session_state["values"], data, variant)
    if values["variant"] != variant:
        st.toast(f"{VARIANTS[variant].title} does not fit {plain(entry_of(data).title)}.", icon=":material/info:")
    st.session_state["values"] = values
    fill_widgets()
    with suppress(AelibError):  # the page will say why that is no experiment
        st.session_state["knobs"] = experiment_of(values, {}).knob_values


def _switch_network() -> None:
    """Another network was chosen."""
    values = with_network(st.session_state["values"], st.session_state["set_network"])
    st.session_state["values"] = values
    st.session_state["set_loss"] = values["loss"]


def choose_data_and_variant() -> Values:
    """Data set and variant, with what is to be said of them; the settings with both in them."""
    # The network decides on widgets that stand above its own.
    values = {**st.session_state["values"], "network": st.session_state["set_network"]}
    values["data"] = _widget("data", values, on_change=_switch)
    st.caption(plain(entry_of(values["data"]).sentence))
    values["variant"] = _widget("variant", values, on_change=_switch)
    _explain(VARIANTS[values["variant"]])
    return values


def choose_rest(values: Values) -> Experiment | None:
    """All other settings; None (and a sentence) when they do not describe an experiment."""
    try:
        for column, key in zip(st.columns(2), ("latent", "seed"), strict=True):
            with column:
                values[key] = _widget(key, values)
        _ask(values, essential=True)
        why = st.empty()
        with st.expander("More settings"):
            _ask(values, essential=False)
            st.caption(f"This server computes on: {', '.join(map(describe_device, current().supervisor.devices))}.")
        experiment = experiment_of(values, st.session_state["knobs"])
        info = experiment.info
        why.caption(why_defaults(info.shape, info.is_image, experiment.network, experiment.objective.likelihood))
    except AelibError as error:
        st.error(plain(str(error)))
        return None
    st.session_state["values"], st.session_state["knobs"] = values, experiment.knob_values
    return experiment


def _explain(variant: Variant) -> None:
    st.caption(variant.sentence)
    st.latex(variant.formula)


#: They have places of their own above the others.
_PLACED = ("data", "variant", "latent", "seed")


def _ask(values: Values, essential: bool) -> None:
    """A widget for every setting of a kind that means something beside those above it."""
    for key, setting in SETTINGS.items():
        if key not in _PLACED and setting.essential == essential and setting.applies(values):
            values[key] = _widget(key, values, _switch_network if key == "network" else None)


def _widget(key: str, values: Values, on_change: Callable[[], None] | None = None) -> Any:
    """The widget of a setting, and the value that it has; `ConfigError` when that cannot be read."""
    setting, kind, known = SETTINGS[key], SETTINGS[key].kind, f"set_{key}"
    match kind:
        case Choice(names):
            options = offered(key, values)
            return st.selectbox(
                setting.label, options, format_func=names.__getitem__, key=known, help=setting.help, on_change=on_change
            )
        case Data():
            titles = data_titles([*listing.datasets(), entry_of(values["data"])])
            return st.selectbox(
                setting.label, list(titles), format_func=titles.__getitem__, key=known, help=setting.help,
                on_change=on_change,
            )  # fmt: skip
        case ClassOrNone():
            classes = dict(enumerate(entry_of(values["data"]).class_names))
            names = {kind.write(option): classes.get(option, "none") for option in offered(key, values)}
            choice = st.selectbox(
                setting.label, list(names), format_func=names.__getitem__, key=known, help=setting.help
            )
            return kind.read(choice)
        case Whole(low, high):
            return int(st.number_input(setting.label, low, high, step=1, key=known, help=setting.help))
        case Flag():
            return st.checkbox(setting.label, key=known, help=setting.help)
        case Widths():
            return kind.read(st.text_input(setting.label, key=known, help=setting.help, max_chars=60))
