"""The Train page: choose, press Train, and watch it learn."""

import time

import streamlit as st

from aelib import VARIANTS, Experiment
from aelib.errors import AelibError, RunError
from aelib.runs import RunFolder, RunRow

from ..components.bench import bench
from ..components.headline import headline
from ..components.plain import plain
from ..sections.measure_section import measure_section
from ..sections.worst_rows_section import worst_rows_section
from ..service.server import current
from ..settings.pace import pace, take_pace
from ..settings.presets import PRESETS
from ..settings.settings import SETTINGS, experiment_of, from_query, to_query, values_of
from ..settings.sidebar import choose_data_and_variant, choose_rest, fill_widgets
from .navigate import compare_with_pca, fork, is_of_another_page, look_into, show_link

#: Seconds within which Train is pressed twice by one who means once.
DOUBLE_CLICK = 1.0


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
    for key in ("run", "preset"):  # the Sweep page, if it came first, knows nothing of them
        st.session_state.setdefault(key, "")
    query = dict(st.query_params)
    if is_of_another_page("train", query):
        query = {"run": st.session_state["run"]} if st.session_state.get("run") else {}
    run_id, preset = query.get("run", ""), query.get("preset", "")
    if "values" in st.session_state and (not query or st.session_state.get("query") == ("train", query)):
        fill_widgets(only_missing=st.session_state.get("query", ("",))[0] == "train")
        return
    values, knobs, complaints = from_query({**_described(preset), **query})
    if preset and preset not in PRESETS:
        complaints.append(f"There is no preset {preset!r:.40}: the first page lists those there are.")
    st.session_state["run"], st.session_state["preset"] = "", preset if preset in PRESETS else ""
    if run_id:
        try:
            if current().store.is_sweep(run_id):
                raise RunError("This is a sweep of several models: open one of its cells as a run.")
            row = current().store.get(run_id)
            st.session_state["run"] = run_id
            values, knobs = values_of(row.experiment, row.device), row.experiment.knob_values
            complaints = []
        except AelibError as error:
            complaints.append(str(error))
    st.session_state["values"] = values
    _note_settings()
    fill_widgets()
    st.session_state["knobs"] = knobs
    for complaint in complaints:
        st.warning(plain(complaint))


def _described(preset: str) -> dict[str, str]:
    """A preset as the parameters of a URL; nothing where there is no such preset."""
    if preset not in PRESETS:
        return {}
    experiment = PRESETS[preset].experiment
    return to_query(values_of(experiment), experiment.knob_values)


def _write_query() -> None:
    query = to_query(st.session_state["values"], st.session_state["knobs"])
    query |= {key: st.session_state[key] for key in ("run", "preset") if st.session_state[key]}
    show_link("train", query)


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


def _settings() -> Experiment | None:
    """The widgets; None (and a sentence) when they do not describe an experiment."""
    values = choose_data_and_variant()
    start = st.button("Train", type="primary", icon=":material/play_arrow:", width="stretch", key="train")
    note = st.container()
    experiment = choose_rest(values)
    if experiment and start and not _has_just_begun(experiment):
        if st.session_state["preset"] and experiment != PRESETS[st.session_state["preset"]].experiment:
            st.session_state["preset"] = ""
        _launch(experiment)
    if experiment and st.session_state["run"]:
        with note:
            _tell_changes()
    return experiment


def _note_settings() -> None:
    """What the run on show was begun with. (It may go on for more epochs, which is no change of the settings.)"""
    st.session_state["begun_with"] = dict(st.session_state["values"])


def _tell_changes() -> None:
    """That the sidebar says something else than what is trained, and a way back."""
    values, begun = st.session_state["values"], st.session_state["begun_with"]
    labels = [SETTINGS[key].label for key in values if values[key] != begun.get(key) and SETTINGS[key].applies(values)]
    if labels:
        st.caption(f"**Settings changed** ({', '.join(labels)}): press Train to apply them.")
        st.button(
            "Reset", icon=":material/undo:", key="reset", on_click=_reset, help="Back to those of the run on show."
        )


def _reset() -> None:
    st.session_state["values"] = dict(st.session_state["begun_with"])
    fill_widgets()


def _has_just_begun(experiment: Experiment) -> bool:
    """Whether Train was pressed for this a moment ago: a double click means one run."""
    try:
        run = current().store.get(st.session_state["run"])
    except AelibError:
        return False
    return time.time() - run.created < DOUBLE_CLICK and run.experiment == experiment


# --- the run ---------------------------------------------------------------------------------------


def _launch(experiment: Experiment) -> None:
    """Start a run and show it in place of the one before."""
    server, before = current(), st.session_state["run"]
    try:
        run_id = server.supervisor.launch(experiment, st.session_state["values"]["device"], pace=pace())
        server.expect_viewer(run_id)
    except AelibError as error:
        st.error(plain(str(error)))
        return
    st.session_state["run"] = run_id
    _note_settings()
    if before:
        server.leave(before)


def _headline(experiment: Experiment | None, run: RunRow | None) -> None:
    shown = run.experiment if run else experiment
    if shown is None:
        return
    if preset := PRESETS.get(st.session_state["preset"]):
        st.info(f"**{preset.title}.** {preset.look}", icon=f":material/{preset.icon}:")
    title = f"{VARIANTS[shown.variant].title} autoencoder"
    with headline(plain(f"{title} on {shown.info.title}")):
        if run and _is_empty(run):
            _delete(run)
        elif run:
            if st.button("Latent space", icon=":material/scatter_plot:", key="look_into"):
                look_into(run.id)
            if st.button("Compare", icon=":material/compare_arrows:", key="compare"):
                compare_with_pca(run.id)
            _save_and_delete(run, title)


def _is_empty(run: RunRow) -> bool:
    """Whether it failed before there was anything to look at."""
    return run.status == "failed" and not RunFolder(current().store.folder(run.id)).frames.exists()


def _save_and_delete(run: RunRow, title: str) -> None:
    with st.popover("Saved" if run.saved else "Save", icon=":material/bookmark:", key="save", on_change="rerun"):
        name = st.text_input("Title", value=run.title or title, max_chars=80, key=f"title_{run.id}")
        st.button(
            "Keep in the library",
            type="primary",
            key="save_run",
            disabled=not name.strip(),
            on_click=_keep,
            args=(run.id,),
        )
    _delete(run)


def _keep(run_id: str) -> None:
    current().store.update(run_id, saved=True, title=st.session_state[f"title_{run_id}"].strip())
    st.session_state["save"] = False  # the popover closes
    st.toast("Kept in the library.")


def _delete(run: RunRow) -> None:
    with st.popover("Delete", icon=":material/delete:"):
        st.write("The run, its history and its weights are deleted for good.")
        if st.button("Delete this run", key="delete_run"):
            try:
                current().supervisor.delete(run.id)
            except AelibError as error:
                st.error(plain(str(error)))
                return
            st.session_state["run"] = st.session_state["preset"] = ""
            st.rerun()


def _show(experiment: Experiment | None, run: RunRow | None) -> None:
    if run:
        result = bench(run.id, read_only=False, status=run.status, on_pace=take_pace)
        if result.knobs:
            _take_knobs(result.knobs)
        if result.action == "new_seed":
            _new_seed(run)
        measure_section(run.id)
        worst_rows_section(run.id)
        return
    shown = experiment or _last_experiment()
    welcome = current().library.pretrained_like(shown) if shown else None
    if welcome is None:
        if experiment:
            st.info("Press **Train** to begin.", icon=":material/play_arrow:")
        return
    st.caption(
        f"A pretrained model of this variant on this data: {plain(welcome.title)}. Press **Train** to watch one learn "
        "from the beginning."
    )
    if bench(welcome.key, read_only=True, status="pretrained").action == "fork":
        fork(welcome.key)
    measure_section(welcome.key)
    worst_rows_section(welcome.key)


def _last_experiment() -> Experiment | None:
    """What the settings said last that could be trained, while what they say now cannot."""
    try:
        return experiment_of(st.session_state["values"], st.session_state["knobs"])
    except AelibError:
        return None


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
    # Widgets can only be set before they are made: the next run of the script restores them from the run. The whole
    # link at once: one that is made longer later would be one more step of the browser's Back.
    query = to_query(values_of(fresh, st.session_state["values"]["device"]), fresh.knob_values)
    query |= {key: st.session_state[key] for key in ("run", "preset") if st.session_state[key]}
    st.query_params.from_dict(query)
    del st.session_state["values"]
    st.rerun()
