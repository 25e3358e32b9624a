"""The Sweep page: one experiment at many values of one thing, side by side."""

from dataclasses import fields, replace

import streamlit as st

from aelib import VARIANTS, Experiment
from aelib.errors import AelibError
from aelib.runs import SweepRow
from aelib.sweep import AnySweep

from ..components.headline import headline
from ..components.plain import plain
from ..components.sweep import sweep
from ..service import listing
from ..service.server import current
from ..settings.settings import fits, from_query, to_query, values_of
from ..settings.sidebar import choose_data_and_variant, choose_rest, fill_widgets
from ..settings.sweep_settings import (
    LISTED,
    MAX_TEXT,
    SPACINGS,
    Wish,
    sweep_of,
    sweepable,
    usual_wish,
    wish_from_query,
    wish_of,
    wish_to_query,
)
from .navigate import is_of_another_page, show_link, show_run

#: Nine models side by side are soon seen to learn on these.
USUAL_DATA = "digits"
#: Names of cells that are told before a sweep is trained, at most.
TOLD = 6
#: Sweeps that show something, as links: offered while there is none.
OFFERED = {
    "Weight of the KL divergence: from copying to collapse": {
        "data": "digits", "variant": "variational", "over": "beta",
        "spacing": "log", "from": "0.1", "to": "10", "count": "9",
    },
    "Code size: how many units do digits need?": {
        "data": "digits", "variant": "vanilla", "over": "latent", "spacing": "list", "values": "1, 2, 3, 4, 8, 16, 32",
    },
    "Noise level: how much can be repaired?": {
        "data": "digits", "variant": "denoising", "over": "level",
        "spacing": "linear", "from": "0", "to": "0.9", "count": "10",
    },
}  # fmt: skip


def sweep_page() -> None:
    """The whole page."""
    _restore()
    with st.sidebar:
        st.caption("What every model of the sweep has in common.")
        experiment = choose_rest(choose_data_and_variant())
    wished = _choose(experiment) if experiment else None
    row = _row()
    if row:
        _headline(row)
        _follow(row)
    elif wished:
        st.info("Press **Train sweep** to watch all of them learn side by side.", icon=":material/play_arrow:")
        _suggest()
    _write_query()


# --- state: session, URL ---------------------------------------------------------------------------


def _restore() -> None:
    """Fill the session from the URL: once a session, and whenever the browser has moved to another one.

    An empty URL is the way back from another page: settings are as they were left, there or here.
    """
    query = dict(st.query_params)
    state = st.session_state
    if is_of_another_page("sweep", query):
        query = {"sweep": state["sweep"]} if state.get("sweep") else {}
    if "values" in state and (not query or state.get("query") == ("sweep", query)):
        fill_widgets(only_missing=state.get("query", ("",))[0] == "sweep")
        return
    values, knobs, complaints = from_query(query, USUAL_DATA)
    state["sweep"], row = "", None
    if query.get("sweep"):
        try:
            row = current().store.sweep(query["sweep"])
        except AelibError as error:
            complaints.append(str(error))
    if row:
        state["sweep"], complaints = row.id, []
        values, knobs = values_of(row.spec.base, _device(row)), row.spec.base.knob_values
    state["values"], state["knobs"] = values, knobs
    state["wish"] = wish_of(row.spec) if row else None
    fill_widgets()
    state["sweep_link"] = query
    for complaint in complaints:
        st.warning(plain(complaint))


def _device(row: SweepRow) -> str:
    return current().store.get(row.members[0]).device


def _write_query() -> None:
    query = to_query(st.session_state["values"], st.session_state["knobs"])
    if st.session_state.get("wish"):
        query |= wish_to_query(st.session_state["wish"])
    if st.session_state.get("sweep"):
        query["sweep"] = st.session_state["sweep"]
    show_link("sweep", query)


def _row() -> SweepRow | None:
    """The sweep that the page shows, if it still exists."""
    if not st.session_state.get("sweep"):
        return None
    try:
        return current().store.sweep(st.session_state["sweep"])
    except AelibError as error:
        st.session_state["sweep"] = ""
        st.warning(plain(str(error)))
        return None


# --- what is swept ---------------------------------------------------------------------------------


def _wish(experiment: Experiment) -> Wish:
    """What is asked for now: as the link says, as it was left, or what makes sense for another experiment."""
    state = st.session_state
    if not state.get("wish"):
        state["wish"], complaints = wish_from_query(state.pop("sweep_link", {}), experiment)
        _fill(state["wish"])
        for complaint in complaints:
            st.warning(plain(complaint))
    if state["wish"].over not in sweepable(experiment):
        state["wish"] = usual_wish(experiment)
        _fill(state["wish"])
    for field in fields(Wish):
        state.setdefault(f"wish_{field.name}", _shown(state["wish"], field.name))
    return state["wish"]  # type: ignore[no-any-return]


def _fill(wish: Wish) -> None:
    """Give the widgets their values."""
    for field in fields(Wish):
        st.session_state[f"wish_{field.name}"] = _shown(wish, field.name)


def _shown(wish: Wish, part: str) -> str | list[str]:
    """A part of a wish as its widget has it."""
    if part == "values" and wish.over == "variant":
        return [name for text in wish.values.split(",") if (name := text.strip()) in VARIANTS]
    return str(getattr(wish, part))


def _choose(experiment: Experiment) -> AnySweep | None:
    """The widgets, Train, and what it will train; None (and a sentence) when that is no sweep."""
    wish = _wish(experiment)
    names = sweepable(experiment)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="sweep_wish"):
        over = st.selectbox(
            "Sweep", list(names), format_func=names.__getitem__, key="wish_over", width=190,
            on_change=_switch, args=(experiment,), help="What differs between the models; all else is equal.",
        )  # fmt: skip
        wish = replace(wish, over=over)
        if over not in LISTED:
            spacing = st.selectbox(
                "Spacing", list(SPACINGS.names), format_func=SPACINGS.names.__getitem__, key="wish_spacing", width=130,
                help="How the values lie between the first and the last one.",
            )  # fmt: skip
            wish = replace(wish, spacing=spacing)
        wish = _choose_values(wish, experiment)
        start = st.button("Train sweep", type="primary", icon=":material/play_arrow:", key="train_sweep")
        _earlier()
    st.session_state["wish"] = wish
    try:
        wished = sweep_of(experiment, wish)
    except AelibError as error:
        st.error(plain(str(error)))
        return None
    st.caption(_outlook(wished))
    if start:
        _launch(wished)
    return wished


def _choose_values(wish: Wish, experiment: Experiment) -> Wish:
    if wish.over == "variant":
        offered = [name for name in VARIANTS if fits(experiment.dataset, name)]
        titles = {name: VARIANTS[name].title for name in offered}
        st.session_state["wish_values"] = [name for name in st.session_state["wish_values"] if name in titles]
        chosen = st.multiselect("Variants", offered, format_func=titles.__getitem__, key="wish_values", width=480)
        return replace(wish, values=", ".join(chosen))
    if wish.spacing == "list":
        hint = "Layers of each model, e.g. 0; 64; 256, 64." if wish.over == "hidden" else "Numbers, e.g. 0.1, 0.5, 2."
        text = st.text_input("Values", key="wish_values", width=360, help=hint, max_chars=MAX_TEXT)
        return replace(wish, values=text)
    low = st.text_input("From", key="wish_low", width=80, max_chars=40)
    high = st.text_input("To", key="wish_high", width=80, max_chars=40)
    count = st.text_input(
        "How many",
        key="wish_count",
        width=104,
        max_chars=9,
        help="2 to 64 values, the first and the last one among them.",
    )
    return replace(wish, low=low, high=high, count=count)


def _switch(experiment: Experiment) -> None:
    """Something else is to be swept: the values that make sense for it."""
    st.session_state["wish"] = usual_wish(experiment, st.session_state["wish_over"])
    _fill(st.session_state["wish"])


def _outlook(wished: AnySweep) -> str:
    """What Train would do, in one line."""
    names = wished.names if len(wished.names) <= TOLD else (*wished.names[:3], "…", wished.names[-1])
    how = "at once, as one stacked model" if wished.is_stackable else "side by side, each as a run of its own"
    return plain(f"{len(wished.names)} models, trained {how}: {', '.join(names)}.")


def _launch(wished: AnySweep) -> None:
    """Start a sweep and show it in place of the one before."""
    server, before = current(), _row()
    try:
        sweep_id = server.supervisor.launch_sweep(wished, st.session_state["values"]["device"])
    except AelibError as error:
        st.error(plain(str(error)))
        return
    for run_id in server.store.sweep(sweep_id).members:
        server.expect_viewer(run_id)
    st.session_state["sweep"] = sweep_id
    for run_id in before.members if before else ():
        server.leave(run_id)


# --- the sweep -------------------------------------------------------------------------------------


def _headline(row: SweepRow) -> None:
    with headline(plain(_titled(row))), st.popover("Delete", icon=":material/delete:"):
        st.write("The sweep and its weights are deleted for good; runs that you kept or opened from it stay.")
        if st.button("Delete this sweep", key="delete_sweep"):
            try:
                current().supervisor.delete_sweep(row.id)
            except AelibError as error:
                st.error(plain(str(error)))
                return
            st.session_state["sweep"] = ""
            st.rerun()


def _titled(row: SweepRow) -> str:
    """A sweep's title with a capital at its beginning, unless it begins with a symbol."""
    title = row.spec.title
    return title[0].upper() + title[1:] if title[0].isascii() else title


def _follow(row: SweepRow) -> None:
    """The component, and what it asks for."""
    cell = sweep(row).open
    if not isinstance(cell, int):
        return
    try:
        run_id = current().supervisor.open_cell(row.id, cell)
    except AelibError as error:
        st.error(plain(str(error)))
        return
    show_run(run_id)


def _suggest() -> None:
    st.markdown("**For example**")
    with st.container(horizontal=True, gap="small", key="sweep_offers"):
        for at, (text, query) in enumerate(OFFERED.items()):
            st.button(text, key=f"sweep_offer_{at}", on_click=st.query_params.from_dict, args=(query,), width="content")


def _earlier() -> None:
    """Sweeps of before, to go back to."""
    rows = listing.sweeps()
    if not rows:
        return
    with st.popover("Earlier sweeps", icon=":material/history:"):
        for row in rows:
            st.button(
                plain(_titled(row)), key=f"earlier_{row.id}", on_click=_return_to, args=(row.id,), type="tertiary"
            )


def _return_to(sweep_id: str) -> None:
    st.query_params.from_dict({"sweep": sweep_id})
