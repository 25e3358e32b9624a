"""The Train page: choose, press Train, and watch it learn."""

from typing import Any

import streamlit as st

from aelib import DATASETS, VARIANTS, Experiment
from aelib.device import describe_device
from aelib.errors import AelibError
from aelib.runs import RunRow

from .bench import bench
from .measure import measure_section
from .plain import plain
from .server import current
from .settings import SETTINGS, default_values, experiment_of, from_query, read_widths, to_query, values_of

#: Shown before the first run: the pretrained model of the chosen variant.
WELCOME = "digits-{variant}"


def train_page() -> None:
    """The whole page."""
    _restore()
    with st.sidebar:
        experiment = _settings()
    run = _run()
    _headline(experiment, run)
    _show(experiment, run)
    _write_query()


# --- state: session, URL ---------------------------------------------------------------------------


def _restore() -> None:
    """Fill the session from the URL: once a session, and whenever the browser has moved to another one.

    An empty URL is the way back from another page: everything is as it was left.
    """
    query = dict(st.query_params)
    run_id = query.get("run", "")
    if "values" in st.session_state and query in ({}, st.session_state.get("query")):
        _fill_widgets(only_missing=True)
        return
    values, knobs, complaints = from_query(query)
    st.session_state["run"] = ""
    if run_id:
        try:
            row = current().store.get(run_id)
            st.session_state["run"] = run_id
            values, knobs = values_of(row.experiment, row.device), row.experiment.knob_values
            complaints = []
        except AelibError as error:
            complaints.append(str(error))
    st.session_state["values"] = values
    _fill_widgets()
    st.session_state["knobs"] = knobs
    for complaint in complaints:
        st.warning(plain(complaint))


def _fill_widgets(only_missing: bool = False) -> None:
    """Give the widgets their values; Streamlit forgets those of widgets that were not on the last page."""
    for key, value in st.session_state["values"].items():
        if not (only_missing and f"set_{key}" in st.session_state):
            st.session_state[f"set_{key}"] = ", ".join(map(str, value)) if key == "hidden" else value


def _write_query() -> None:
    query = to_query(st.session_state["values"], st.session_state["knobs"])
    if st.session_state["run"]:
        query["run"] = st.session_state["run"]
    if dict(st.query_params) != query:
        st.query_params.from_dict(query)
    # Last: a script that is cut short before this restores from the URL, which is then the newer one.
    st.session_state["query"] = query


def _run() -> RunRow | None:
    """The run that the page shows, if it still exists."""
    if not st.session_state["run"]:
        return None
    try:
        return current().store.get(st.session_state["run"])
    except AelibError as error:
        st.session_state["run"] = ""
        st.warning(plain(str(error)))
        return None


# --- sidebar ---------------------------------------------------------------------------------------


def _reset_to_defaults() -> None:
    data, variant = st.session_state["set_data"], st.session_state["set_variant"]
    kept = {key: st.session_state["values"][key] for key in ("seed", "device", "latent")}
    st.session_state["values"] = values = {**default_values(data, variant), **kept}
    _fill_widgets()
    st.session_state["knobs"] = experiment_of(values, {}).knob_values


def _settings() -> Experiment | None:
    """The widgets; None (and a sentence) when they do not describe an experiment."""
    values = dict(st.session_state["values"])
    values["data"] = _select("data", lambda name: DATASETS[name].title, on_change=_reset_to_defaults)
    st.caption(DATASETS[values["data"]].sentence)
    values["variant"] = _select("variant", lambda name: VARIANTS[name].title, on_change=_reset_to_defaults)
    variant = VARIANTS[values["variant"]]
    st.caption(variant.sentence)
    st.latex(variant.formula)
    if variant.erratum:
        with st.expander("A note on the sources"):
            st.caption(variant.erratum)
    start = st.button("Train", type="primary", icon=":material/play_arrow:", width="stretch", key="train")
    columns = st.columns(2)
    with columns[0]:
        values["latent"] = _number("latent", 1, 4096)
    with columns[1]:
        values["seed"] = _number("seed", 0, 2**31 - 1)
    widths = st.text_input(SETTINGS["hidden"].label, key="set_hidden", help=SETTINGS["hidden"].help, max_chars=60)
    if SETTINGS["corruption"].applies(values["variant"]):
        values["corruption"] = _select("corruption", _spoken)
    with st.expander("More settings"):
        values["loss"] = _select("loss", _spoken)
        if SETTINGS["activation"].applies(values["variant"]):
            values["activation"] = _select("activation", _spoken)
        values["tied"] = st.checkbox(SETTINGS["tied"].label, key="set_tied", help=SETTINGS["tied"].help)
        values["batch"] = _number("batch", 1, 65_536)
        values["epochs"] = _number("epochs", 1, 1_000_000)
        values["device"] = _select("device", lambda name: name if name == "auto" else name.upper())
        st.caption(f"This server computes on: {', '.join(map(describe_device, current().supervisor.devices))}.")
    try:
        values["hidden"] = read_widths(widths)
        experiment = experiment_of(values, st.session_state["knobs"])
    except AelibError as error:
        st.error(plain(str(error)))
        return None
    st.session_state["values"] = values
    if start:
        _launch(experiment)
    return experiment


def _spoken(name: str) -> str:
    return name.replace("_", " ")


def _select(key: str, show: Any, on_change: Any = None) -> Any:
    setting = SETTINGS[key]
    return st.selectbox(
        setting.label,
        setting.options,
        format_func=show,
        key=f"set_{key}",
        help=setting.help,
        on_change=on_change,
        required=True,
    )


def _number(key: str, low: int, high: int) -> int:
    setting = SETTINGS[key]
    return int(st.number_input(setting.label, low, high, step=1, key=f"set_{key}", help=setting.help))


# --- the run ---------------------------------------------------------------------------------------


def _launch(experiment: Experiment) -> None:
    """Start a run and show it in place of the one before."""
    server, before = current(), st.session_state["run"]
    try:
        run_id = server.supervisor.launch(experiment, st.session_state["values"]["device"])
        server.expect_viewer(run_id)
    except AelibError as error:
        st.error(plain(str(error)))
        return
    st.session_state["run"] = run_id
    if before:
        server.leave(before)


def _headline(experiment: Experiment | None, run: RunRow | None) -> None:
    shown = run.experiment if run else experiment
    if shown is None:
        return
    left, right = st.columns([3, 2], vertical_alignment="center")
    title = f"{VARIANTS[shown.variant].title} autoencoder on {DATASETS[shown.dataset].title}"
    left.subheader(title, anchor=False)
    with right.container(horizontal=True, horizontal_alignment="right"):
        if run:
            _save_and_delete(run, title)


def _save_and_delete(run: RunRow, title: str) -> None:
    with st.popover("Saved" if run.saved else "Save", icon=":material/bookmark:"):
        name = st.text_input("Title", value=run.title or title, max_chars=80, key=f"title_{run.id}")
        if st.button("Keep in the library", type="primary", key="save_run", disabled=not name.strip()):
            current().store.update(run.id, saved=True, title=name.strip())
            st.toast("Kept in the library.")
            st.rerun()
    with st.popover("Delete", icon=":material/delete:"):
        st.write("The run, its history and its weights are deleted for good.")
        if st.button("Delete this run", key="delete_run"):
            current().supervisor.delete(run.id)
            st.session_state["run"] = ""
            st.rerun()


def _show(experiment: Experiment | None, run: RunRow | None) -> None:
    if run:
        result = bench(run.id, read_only=False)
        if result.knobs:
            _take_knobs(result.knobs)
        if result.action == "new_seed":
            _new_seed(run)
        measure_section(run.id)
        return
    welcome = WELCOME.format(variant=(experiment.variant if experiment else "variational"))
    keys = {entry.key for entry in current().library.entries() if entry.kind == "pretrained"}
    if welcome in keys:
        st.caption("A pretrained model of this variant. Press **Train** to watch one learn from the beginning.")
        if bench(welcome, read_only=True, status="pretrained").action == "fork":
            fork(welcome)
        measure_section(welcome)
    else:
        st.info("Press **Train** to begin.", icon=":material/play_arrow:")


def _take_knobs(values: object) -> None:
    """Remember the knobs after a drag; what the browser sends is checked like everything else."""
    knobs = st.session_state["knobs"]
    if isinstance(values, dict):
        specs = experiment_of(st.session_state["values"], {}).knobs
        for name, value in values.items():
            if name in specs and isinstance(value, int | float):
                try:
                    knobs[name] = specs[name].check(float(value))
                except AelibError:
                    continue


def _new_seed(run: RunRow) -> None:
    experiment = run.experiment
    seed = (experiment.train.seed + 1) % 2**31
    fresh = experiment.model_copy(update={"train": experiment.train.replace(seed=seed)})
    _launch(fresh)
    # Widgets can only be set before they are made: the next run of the script restores them from the run.
    st.query_params.from_dict({"run": st.session_state["run"]})
    del st.session_state["values"]
    st.rerun()


def fork(key: str) -> None:
    """Continue a copy of a library entry, on this page."""
    server = current()
    entry = server.library.find(key)
    st.session_state["run"] = run_id = server.supervisor.fork(entry.folder, entry.experiment)
    server.expect_viewer(run_id)
    st.session_state.pop("values", None)
    st.switch_page(st.session_state["pages"]["train"], query_params={"run": run_id})
