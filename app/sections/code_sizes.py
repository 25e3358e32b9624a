"""A model's own curve of error by code size: the same model trained with other codes, as a sweep."""

from contextlib import suppress

import streamlit as st

from aelib import Experiment
from aelib.compare import Comparison
from aelib.errors import AelibError
from aelib.runs import RunFolder, RunRow
from aelib.runs.commands import Play
from aelib.runs.store import ACTIVE, SweepRow
from aelib.sweep import StructureSweep
from aelib.widths import read_widths

from ..components.plain import plain
from ..service import listing
from ..service.server import current

#: Offered first, as far as the data allow.
SIZES = (1, 2, 4, 8, 16, 32)
#: States from which a run can go on to its end.
RESTING = ("paused", "stopped")
#: Seconds between two looks at a sweep.
PERIOD = 1.5
#: Where the session keeps the ids of the sweeps that it started, by the experiment that they are of.
STARTED = "code_size_sweeps"

#: The sweep over code sizes of each model of a comparison, by the model's name.
Sweeps = dict[str, SweepRow]


def sweeps_of(found: Comparison) -> Sweeps:
    """Those there are: of this session, or of whoever owns them all."""
    store, listed = current().store, listing.sweeps()
    sweeps = {}
    for origin in found.origins:
        started = st.session_state.get(STARTED, {}).get(origin.experiment)
        sweep = store.find_sweep(started) if started else None
        experiment = Experiment.from_json(origin.experiment)
        sweep = sweep or next((row for row in listed if _is_of(row, experiment)), None)
        if sweep and _members(sweep):
            sweeps[origin.name] = sweep
    return sweeps


def _is_of(sweep: SweepRow, experiment: Experiment) -> bool:
    spec = sweep.spec
    return isinstance(spec, StructureSweep) and spec.setting == "latent" and spec.base == experiment


def trained(sweeps: Sweeps) -> dict[str, RunFolder]:
    """Folders of the models that have been trained to their ends, by the ids of their runs; none while any trains."""
    rows = [row for sweep in sweeps.values() for row in _members(sweep)]
    if any(row.status in ACTIVE for row in rows):
        return {}
    return {row.id: RunFolder(current().store.folder(row.id)) for row in rows if row.status == "finished"}


def code_sizes(found: Comparison, sweeps: Sweeps) -> None:
    """The controls: which model, which sizes; then how far the training is."""
    for name, sweep in sweeps.items():
        running = any(row.status in ACTIVE for row in _members(sweep))
        st.fragment(_watch, run_every=PERIOD if running else None)(name, sweep, running)
    waiting = {origin.name: origin.experiment for origin in found.origins if origin.name not in sweeps}
    if waiting:
        with st.popover("Train at other code sizes", icon=":material/tune:"):
            _form(waiting)


def _form(models: dict[str, str]) -> None:
    """``models``: experiments as JSON, by the names of the models."""
    name = next(iter(models))
    if len(models) > 1:
        name = str(st.selectbox("Model", models, key="code_sizes_model"))
    experiment = Experiment.from_json(models[name])
    usual = ", ".join(str(size) for size in SIZES if size <= experiment.network.features)
    text = st.text_input(
        "Code sizes", usual, key="code_sizes_values", max_chars=80,
        help="Each is a run with the same data, seed, batches and epochs.",
    )  # fmt: skip
    if st.button(f"Train {plain(name)}", type="primary", icon=":material/play_arrow:", key="code_sizes_train"):
        try:
            sweep = StructureSweep(base=experiment, setting="latent", values=read_widths(text))
            started = current().supervisor.launch_sweep(sweep)
        except AelibError as error:
            st.error(plain(str(error)))
            return
        st.session_state.setdefault(STARTED, {})[models[name]] = started
        st.rerun()


def _watch(name: str, sweep: SweepRow, drawn: bool) -> None:
    """How far the sweep is; when it has ended the page is drawn anew, with the curve."""
    rows = _members(sweep)
    running = any(row.status in ACTIVE for row in rows)
    if running != drawn or not rows:
        st.rerun()
    done = sum(row.status == "finished" for row in rows)
    sizes = ", ".join(map(str, sweep.spec.values))
    with st.container(horizontal=True, vertical_alignment="center"):
        if done < len(rows):
            share = sum(min(1.0, row.epoch / row.experiment.train.epochs) for row in rows) / len(rows)
            st.progress(share, text=plain(f"{name} at code sizes {sizes}: {done} of {len(rows)} trained"))
            if not running and any(row.status in RESTING for row in rows):
                st.button("Go on", key=f"code_sizes_go_{sweep.id}", on_click=_go_on, args=(rows,))
        else:
            st.caption(plain(f"{name} was trained at code sizes {sizes}."), width="content")
        label = "Cancel" if running else "Remove"
        st.button(label, key=f"code_sizes_end_{sweep.id}", on_click=_remove, args=(sweep.id,))


def _go_on(rows: list[RunRow]) -> None:
    for row in rows:
        if row.status in RESTING:
            try:
                current().supervisor.send(row.id, Play())
            except AelibError as error:  # another program has it open
                st.toast(plain(str(error)))


def _remove(sweep_id: str) -> None:
    with suppress(AelibError):  # gone already
        current().supervisor.delete_sweep(sweep_id)


def _members(sweep: SweepRow) -> list[RunRow]:
    """Those runs of a sweep that are still there."""
    found = []
    for run_id in sweep.members:
        try:
            found.append(current().store.get(run_id))
        except AelibError:
            continue
    return found
